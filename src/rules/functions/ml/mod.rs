//! What models say.

functions! {
    attack_score, link_analysis, logo_detect, macro_classifier, nlu_classifier,
}

//! A known correspondent whose answers go elsewhere, or who proves nothing: a mailbox taken over, or its copy.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a known correspondent wants its answers elsewhere, or does not prove who it is",
    applies: &[
        &["sender_messages_seen"],
        &[
            "reply_address_new_for_sender",
            "reply_domain_new_for_known_sender",
            "reply_domain_resembles_known",
            "reply_to_differs",
            "reply_to_imitates_author",
            "known_sender_not_proved",
        ],
    ],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("answers go elsewhere", ELSEWHERE),
        Feature::new("answers go to an imitation", IMITATIONS),
        Feature::new("it comes from elsewhere", &["infrastructure_new_share", "known_sender_not_proved"]),
        Feature::new("it asks for money", requests::MONEY),
        Feature::new("it opens a favour", requests::FAVOUR),
    ],
};

const ELSEWHERE: &[&str] =
    &["reply_address_new_for_sender", "reply_domain_new_for_known_sender", "reply_domain_never_seen"];

const IMITATIONS: &[&str] =
    &["reply_domain_resembles_known", "reply_to_imitates_author", "reply_to_is_free_mail", "reply_to_differs"];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_known_sender_whose_answers_go_elsewhere_is_looked_at() {
        let elsewhere = || mail().text("our new bank details").reply_to("anna@other.example");
        let raised: &[&str] = &["answers go elsewhere", "answers go to an imitation", "it asks for money"];
        check(module_path!(), elsewhere(), Some(raised));
        check(module_path!(), elsewhere().stranger(), None);
        check(module_path!(), mail(), None);
    }
}

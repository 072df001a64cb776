//! Why a message is held, in one line for the MTA's queue listing.

use crate::decision::{Decision, DecisionId};

/// Longest reason: it stands in one line of `mailq` and in the MTA's log.
const REASON_BYTES_MAX: usize = 200;
/// Reasons named.
const REASONS_MAX: usize = 4;

/// The reason text of the milter quarantine action: decision id, category, score of threshold, strongest reasons. Made
/// of ASCII letters, digits and `+-_.:/, ` only, so that no MTA, log or shell reads more into it.
pub fn reason(id: DecisionId, decision: &Decision) -> String {
    let category = decision.category.map_or("policy", |category| category.name());
    let mut text = format!("kith {id}: {category}");
    if let Some(score) = decision.score {
        text.push_str(&format!(" {score:.2}/{:.2}", decision.threshold));
    }
    for (nth, part) in decision.reasons.iter().take(REASONS_MAX).enumerate() {
        text.push_str(if nth == 0 { ": " } else { ", " });
        text.push_str(&part.name);
    }
    let harmless = |c: char| c.is_ascii_alphanumeric() || "+-_.:/, ".contains(c);
    text.chars().map(|c| if harmless(c) { c } else { '_' }).take(REASON_BYTES_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{Reason, Verdict};
    use crate::mail::{Category, Moment};

    fn check(category: Option<Category>, score: Option<f32>, names: &[&str], expected: &str) {
        let part = |name: &&str| Reason { name: (*name).into(), because: String::new(), contribution: 1.0 };
        let decision = Decision {
            verdict: Verdict::Hold,
            action: Verdict::Hold,
            category,
            score,
            base: 0.0,
            threshold: 4.6,
            reasons: names.iter().map(part).collect(),
            gaps: Vec::new(),
        };
        let text = reason(DecisionId::new(Moment(1_700_000_000_000), 1), &decision);
        assert_eq!(text, format!("kith 01HF7YAT000000000000000001: {expected}"));
    }

    #[test]
    fn the_strongest_reasons_are_named() {
        let names = ["reply_to_differs", "asks_password", "c", "d", "e"];
        let expected = "credential_phishing 5.21/4.60: reply_to_differs, asks_password, c, d";
        check(Some(Category::CredentialPhishing), Some(5.21), &names, expected);
        check(None, None, &["when_unscored"], "policy: when_unscored");
        check(None, Some(-1.0), &[], "policy -1.00/4.60");
    }

    #[test]
    fn no_character_does_harm() {
        check(None, None, &["a\r\nb%s\"c\u{202e}`rm`"], "policy: a__b_s_c__rm_");
    }

    #[test]
    fn reasons_are_short() {
        let rest = REASON_BYTES_MAX - "kith 01HF7YAT000000000000000001: policy: ".len();
        check(None, None, &[&"x".repeat(rest)], &format!("policy: {}", "x".repeat(rest)));
        check(None, None, &[&"x".repeat(rest + 1)], &format!("policy: {}", "x".repeat(rest)));
    }
}

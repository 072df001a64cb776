//! A known correspondent whose facts changed, or whose account is to be changed: a mailbox taken over, or its copy.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a known correspondent shows other facts than usual, or wants them changed",
    applies: &[
        &["sender_messages_seen"],
        &[
            "account_changed_in_known_relationship",
            "infrastructure_new_share",
            "known_sender_not_proved",
            "reply_domain_new_for_known_sender",
            "reply_to_differs",
            "reply_to_imitates_author",
        ],
        requests::ANYTHING,
    ],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the account is to be changed", &["account_changed_in_known_relationship"]),
        Feature::new("answers go elsewhere", REPLIES),
        Feature::new("it comes from elsewhere", &["infrastructure_new_share", "known_sender_not_proved"]),
        Feature::new("it asks for money", requests::MONEY),
        Feature::new("it opens a favour", requests::FAVOUR),
    ],
};

const REPLIES: &[&str] = &[
    "reply_to_differs",
    "reply_domain_new_for_known_sender",
    "reply_domain_never_seen",
    "reply_to_imitates_author",
    "reply_to_is_free_mail",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_known_sender_with_changed_facts_is_looked_at() {
        check(
            module_path!(),
            mail().text("our new bank details").reply_to("anna@other.example"),
            Some(&["the account is to be changed", "answers go elsewhere", "it asks for money"]),
        );
        check(module_path!(), mail().text("our new bank details").stranger(), None);
        check(module_path!(), mail(), None);
    }
}

//! A domain that would pass for that of a known correspondent or for an own one.

use super::{Detector, Feature};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a domain looks like one that is known",
    applies: &[&[
        "author_domain_resembles_known",
        "author_domain_resembles_own",
        "author_domain_names_own",
        "reply_domain_resembles_known",
        "reply_to_imitates_author",
        "local_part_of_other_correspondent",
        "lookalike_in_thread",
    ]],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the domain is new", &["domain_messages_seen"]),
        Feature::new("it looks like a known one", LIKENESSES),
        Feature::new("a known person seems to write", PERSON),
        Feature::new("it asks for money", MONEY),
        Feature::new("it leads to passwords", CREDENTIALS),
    ],
};

const LIKENESSES: &[&str] = &[
    "author_domain_resembles_known",
    "author_domain_resembles_own",
    "reply_domain_resembles_known",
    "reply_to_imitates_author",
];

const PERSON: &[&str] = &["name_used_by_other_address", "local_part_of_other_correspondent"];

const MONEY: &[&str] = &[
    "asks_for_payment",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
    "asks_for_gift_cards",
    "asks_to_pass_on_money",
    "asks_for_cryptocurrency",
    "speaks_of_invoice",
    "payment_asked_by_lookalike",
    "account_named_by_stranger",
];

const CREDENTIALS: &[&str] = &[
    "asks_for_password",
    "warns_of_account_loss",
    "warns_of_mailbox",
    "asks_to_click",
    "speaks_of_shared_document",
    "link_names_login",
    "password_asked_behind_link",
    "link_from_stranger",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::baseline::LikenessKind;
    use crate::evidence::fixture::mail;

    #[test]
    fn look_alikes_are_looked_at() {
        check(
            module_path!(),
            mail().stranger().from("Bob", "bob@harb0ur.example").text("wire transfer"),
            Some(&["the domain is new", "it looks like a known one", "it asks for money"]),
        );
        check(module_path!(), mail(), None);
    }

    #[test]
    fn look_alikes_of_correspondents_are_looked_at() {
        check(
            module_path!(),
            mail().stranger().lookalike(LikenessKind::Letters).link("https://b.example/login", "here"),
            Some(&["the domain is new", "it looks like a known one", "it leads to passwords"]),
        );
    }
}

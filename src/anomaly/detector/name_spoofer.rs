//! A known name writes from another address: the paper's name spoofer.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a known name writes from another address",
    applies: &[&["name_used_by_other_address", "own_name_from_outside", "vip_name_from_outside", "person_has_other_address"]],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the address is new", &["sender_messages_seen"]),
        Feature::new(
            "the name is a colleague's",
            &["own_name_from_outside", "vip_name_from_outside", "important_name_from_outside"],
        ),
        Feature::new("it asks for money", MONEY),
        Feature::new("it opens a favour", requests::FAVOUR),
        Feature::new("anybody can have such an address", &["author_is_free_mail", "name_unlike_address"]),
        Feature::new("it is short", &["short_message_from_stranger"]),
        Feature::new("nobody else reads it", &["copied_to_others"]),
    ],
};

const MONEY: &[&str] = &[
    "asks_for_payment",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
    "asks_for_gift_cards",
    "asks_to_pass_on_money",
    "asks_for_cryptocurrency",
    "speaks_of_invoice",
    "money_amounts",
    "account_named_by_stranger",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::baseline::NameUse;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_known_name_with_another_address_is_looked_at() {
        let used = NameUse { addresses: vec![("carol@harbour.example".to_owned(), 5.0)], seen: 5, own: true, ..NameUse::default() };
        let spoofed = || mail().stranger().from("Carol", "x17@gmail.com").with(|m| m.baseline.name = Some(used.clone()));
        let raised: &[&str] = &[
            "the address is new",
            "the name is a colleague's",
            "it asks for money",
            "it opens a favour",
            "anybody can have such an address",
            "it is short",
            "nobody else reads it",
        ];
        check(module_path!(), spoofed().text("I need gift cards today, are you available?"), Some(raised));
        check(module_path!(), mail().text("I need gift cards today"), None);
    }
}

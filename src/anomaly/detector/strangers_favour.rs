//! A stranger asks for money, wages, gift cards or a favour, by words alone.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a stranger asks for money or a favour",
    applies: &[
        &["first_message_from_sender"],
        &[
            "payment_asked_by_stranger",
            "favour_asked_by_stranger",
            "account_named_by_stranger",
            "short_message_from_stranger",
        ],
    ],
    passes_over: &["message_is_internal", "message_is_outbound", "list_named"],
    features: &[
        Feature::new("it asks for money", MONEY),
        Feature::new("it opens a favour", requests::FAVOUR),
        Feature::new("the name is another's", &["name_used_by_other_address", "own_name_from_outside"]),
        Feature::new("it is short", &["short_message_from_stranger"]),
        Feature::new("anybody can have such an address", &["author_is_free_mail"]),
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
    "account_named_by_stranger",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_strangers_wish_is_looked_at() {
        check(
            module_path!(),
            mail().stranger().text("Are you available? I need a wire transfer."),
            Some(&["it asks for money", "it opens a favour", "it is short", "nobody else reads it"]),
        );
        check(module_path!(), mail().text("Are you available?"), None);
    }
}

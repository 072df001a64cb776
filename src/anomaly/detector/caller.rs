//! A stranger wants to be called: the bill for what nobody ordered.

use super::{Detector, Feature};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a stranger gives a telephone number and no link",
    applies: &[&["first_message_from_sender"], &["telephone_named_by_stranger"]],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the domain is new", &["domain_messages_seen"]),
        Feature::rising("it asks for a call", CALLS),
        Feature::new("it speaks of a bill", BILLS),
        Feature::new("it is short", &["short_message_from_stranger"]),
        Feature::new("nobody else reads it", &["copied_to_others"]),
    ],
};

const CALLS: &[&str] = &[
    "telephone_to_call",
    "asks_to_call",
    "call_asked_by_stranger",
    "telephone_only_contact",
    "call_asked_without_link",
];

const BILLS: &[&str] =
    &["speaks_of_renewal", "speaks_of_invoice", "asks_for_payment", "warns_of_account_loss", "presses_for_time"];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_strangers_bill_with_a_number_is_looked_at() {
        let bill = || mail().text("Your invoice of $399.99. To cancel, call our support at +1 (808) 555-0143.");
        check(
            module_path!(),
            bill().stranger(),
            Some(&[
                "the domain is new",
                "it asks for a call",
                "it speaks of a bill",
                "it is short",
                "nobody else reads it",
            ]),
        );
        check(module_path!(), bill(), None);
    }
}

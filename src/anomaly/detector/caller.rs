//! A stranger wants to be called: the bill for what nobody ordered.

use super::{Detector, Feature};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a stranger wants to be called about money",
    applies: &[
        &["first_message_from_sender"],
        &["telephone_to_call", "telephones_named"],
        &["speaks_of_renewal", "speaks_of_invoice", "asks_for_payment", "money_amounts", "warns_of_account_loss"],
    ],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the domain is new", &["domain_messages_seen"]),
        Feature::new("it asks for a call", &["telephone_to_call", "asks_to_call"]),
        Feature::new("it speaks of a bill", &["speaks_of_renewal", "speaks_of_invoice", "asks_for_payment"]),
        Feature::new("nobody else reads it", &["copied_to_others"]),
    ],
};

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
            Some(&["the domain is new", "it asks for a call", "it speaks of a bill", "nobody else reads it"]),
        );
        check(module_path!(), bill(), None);
    }
}

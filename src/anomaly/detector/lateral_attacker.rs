//! An own account writes as it never did, with a lure: the paper's lateral attacker.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "an own account sends a lure to people it does not usually write to",
    applies: &[&["message_is_internal", "message_is_outbound"], LURES],
    passes_over: &[],
    features: &[
        Feature::new("recipients are new to the sender", &["recipients_new_to_sender"]),
        Feature::new("it leads to passwords", requests::CREDENTIALS),
        Feature::new("links hide where they lead", HIDDEN),
        Feature::new("it leads away", &["links_lead_to_one_foreign_domain"]),
        Feature::new("it asks for money or a favour", MONEY_OR_FAVOUR),
    ],
};

const LURES: &[&str] = &[
    "links_count",
    "asks_for_password",
    "asks_to_open_attachment",
    "asks_for_gift_cards",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
    "asks_if_available",
];

const HIDDEN: &[&str] = &[
    "link_label_differs",
    "link_shortened",
    "link_host_is_free",
    "link_redirects",
    "link_to_address_literal",
    "recipient_address_in_link",
];

const MONEY_OR_FAVOUR: &[&str] = &[
    "asks_for_payment",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
    "asks_for_gift_cards",
    "asks_if_available",
    "asks_for_secrecy",
    "asks_for_personal_number",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;
    use crate::mail::Direction;

    #[test]
    fn own_mail_with_a_lure_is_looked_at() {
        let own = || mail().with(|m| m.baseline.direction = Direction::Internal);
        check(
            module_path!(),
            own().text("sign in to your account").link("https://b.example/login", "here"),
            Some(&["it leads to passwords", "it leads away"]),
        );
        check(module_path!(), own(), None);
        check(module_path!(), mail().link("https://b.example/login", "here"), None);
    }
}

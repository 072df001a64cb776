//! An own account writes as it never did, with a lure: the paper's lateral attacker.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "an own account sends a lure",
    applies: &[&["message_is_internal", "message_is_outbound"], LURES],
    passes_over: &[],
    features: &[
        Feature::new("its links lead where nobody went", PLACES),
        Feature::new("recipients are new to the sender", &["own_author_writes_to_strangers", "recipients_new_to_sender"]),
        Feature::new("it leads to passwords", requests::CREDENTIALS),
        Feature::new("it departs from habits", &["own_author_out_of_habit", "network_new_for_sender"]),
        Feature::new("links hide where they lead", HIDDEN),
        Feature::new("it is little more than a link", &["links_per_text"]),
    ],
};

const LURES: &[&str] = &[
    "own_author_links_to_new_domain",
    "link_domain_new_for_domain",
    "link_host_is_free",
    "own_author_asks_for_login",
    "asks_for_password",
    "asks_for_gift_cards",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
];

const PLACES: &[&str] =
    &["own_author_links_to_new_domain", "link_domain_new_for_domain", "link_domain_new_for_sender"];

const HIDDEN: &[&str] = &[
    "link_label_differs",
    "link_shortened",
    "link_host_is_free",
    "link_redirects",
    "link_to_address_literal",
    "recipient_address_in_link",
    "links_lead_to_one_foreign_domain",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;
    use crate::mail::Direction;

    #[test]
    fn own_mail_with_a_lure_is_looked_at() {
        let own = || mail().internal().with(|m| m.baseline.direction = Direction::Internal);
        check(
            module_path!(),
            own().text("enter your password").link("https://b.example/login", "here"),
            Some(&["it leads to passwords", "links hide where they lead", "it is little more than a link"]),
        );
        check(module_path!(), own(), None);
        check(module_path!(), mail().text("enter your password").link("https://b.example/login", "here"), None);
    }
}

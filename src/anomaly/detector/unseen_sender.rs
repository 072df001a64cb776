//! An address never seen before wants a click, a password or a download: the paper's previously unseen attacker.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a sender never seen wants a click, a password or a download",
    applies: &[
        &["first_message_from_sender"],
        &["link_from_stranger", "attachment_from_stranger", "account_warned_of_by_stranger"],
    ],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the domain is new", &["domain_messages_seen"]),
        Feature::new("its links lead where nobody goes", PLACES),
        Feature::new("it leads to passwords", requests::CREDENTIALS),
        Feature::new("it poses as somebody else", POSES),
        Feature::new("links say one thing and do another", LINKS),
        Feature::new("it is short", &["short_message_from_stranger"]),
    ],
};

const PLACES: &[&str] = &["link_domain_never_seen", "link_domain_is_cheap", "link_host_is_free"];

const POSES: &[&str] = &[
    "own_domain_in_display_name",
    "own_domain_in_subject",
    "display_name_is_a_function",
    "display_name_is_a_brand",
    "link_host_resembles_own",
    "author_domain_resembles_own",
    "author_domain_names_own",
    "name_used_by_other_address",
];

const LINKS: &[&str] = &[
    "link_label_differs",
    "links_lead_to_one_foreign_domain",
    "recipient_address_in_link",
    "link_label_is_a_call",
    "link_shortened",
    "link_host_is_free",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn only_strangers_who_want_something_are_looked_at() {
        let wants = || mail().text("verify your account").link("https://b.example/login", "harbour.example");
        let raised: &[&str] =
            &["the domain is new", "it leads to passwords", "links say one thing and do another", "it is short"];
        check(module_path!(), wants().stranger(), Some(raised));
        check(module_path!(), wants(), None);
        check(module_path!(), mail().stranger(), None);
    }
}

//! A new domain that looks like an own one.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a new domain looks like one that is known",
    applies: &[&["author_domain_resembles_own", "author_domain_names_own", "reply_to_imitates_author"]],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the domain is new", &["domain_messages_seen"]),
        Feature::new("it looks like a known one", &["author_domain_resembles_own", "reply_to_imitates_author"]),
        Feature::new("it asks for money", requests::MONEY),
        Feature::new("it leads to passwords", requests::CREDENTIALS),
    ],
};

#[cfg(test)]
mod tests {
    use super::super::check::check;
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
}

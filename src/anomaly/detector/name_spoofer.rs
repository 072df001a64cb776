//! Someone new bears a name that is known with another address: the paper's name spoofer.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a known name writes from another address and asks for something",
    applies: &[&["name_used_by_other_address", "own_name_from_outside"], requests::ANYTHING],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the address is new", &["sender_messages_seen"]),
        Feature::new("nobody wrote to this address", &["sender_written_to"]),
        Feature::new("the name is a colleague's", &["own_name_from_outside"]),
        Feature::new("it asks for money", requests::MONEY),
        Feature::new("it opens a favour", requests::FAVOUR),
    ],
};

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::baseline::NameUse;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_known_name_with_another_address_is_looked_at() {
        let used = NameUse { addresses: vec![("carol@harbour.example".to_owned(), 5.0)], seen: 5, own: true };
        let spoofed = || mail().stranger().from("Carol", "carol@free.example").with(|m| m.baseline.name = Some(used.clone()));
        check(
            module_path!(),
            spoofed().text("I need gift cards today, are you available?"),
            Some(&[
                "the address is new",
                "nobody wrote to this address",
                "the name is a colleague's",
                "it asks for money",
                "it opens a favour",
            ]),
        );
        check(module_path!(), mail().text("I need gift cards today"), None);
    }
}

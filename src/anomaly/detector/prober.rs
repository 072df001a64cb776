//! A stranger writes next to nothing: who answers is told what it is about.

use super::{Detector, Feature};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a stranger writes next to nothing",
    applies: &[&["first_message_from_sender"], &["probe_from_stranger", "short_message_from_stranger"]],
    passes_over: &["message_is_internal", "message_is_outbound", "list_named"],
    features: &[
        Feature::new("there is next to nothing in it", &["probe_from_stranger"]),
        Feature::new("it is short", &["short_message_from_stranger"]),
        Feature::new("anybody can have such an address", &["author_is_free_mail"]),
        Feature::new("nobody else reads it", &["copied_to_others"]),
        Feature::new("it has no subject", &["subject_missing"]),
    ],
};

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_strangers_probe_is_looked_at() {
        check(
            module_path!(),
            mail().stranger().subject("").text("Are you there?"),
            Some(&["there is next to nothing in it", "it is short", "nobody else reads it", "it has no subject"]),
        );
        check(module_path!(), mail().text("Are you there?"), None);
    }
}

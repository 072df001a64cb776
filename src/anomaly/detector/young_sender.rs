//! An address that is known since hours alone writes to several of us: prepared for one attack, and used on many at once.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "an address known since hours writes to several people",
    applies: &[&["first_message_from_sender"], &["young_sender_reaches_many"]],
    passes_over: &["message_is_internal", "message_is_outbound", "list_named", "unsubscribing_offered"],
    features: &[
        Feature::new("it reaches many", &["young_sender_reaches_many"]),
        Feature::new("its domain is new", &["first_message_from_domain"]),
        Feature::new("it asks for a login", requests::CREDENTIALS),
        Feature::new("it asks for money", requests::MONEY),
        Feature::new("it brings a file or a link", BRINGS),
        Feature::new("anybody can have such an address", &["author_is_free_mail", "author_domain_is_cheap"]),
    ],
};

const BRINGS: &[&str] = &["attachment_from_stranger", "link_from_stranger", "link_to_file_from_stranger"];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::{Fixture, mail};

    #[test]
    fn only_several_readers_of_a_new_address_are_looked_at() {
        let young = |m: &mut Fixture| {
            let sender = m.baseline.sender.as_mut().expect("known");
            (sender.young, sender.correspondents) = (true, 5);
        };
        let lure = || mail().text("Your account will be suspended: verify your account").link("https://x.example/", "here");
        check(
            module_path!(),
            lure().with(young),
            Some(&["it reaches many", "it asks for a login", "it brings a file or a link"]),
        );
        check(module_path!(), lure().stranger(), None);
        check(module_path!(), lure(), None);
    }
}

//! A stranger answers in a conversation: a thread that was stolen, or one that never was.

use super::{Detector, Feature};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "somebody answers in a conversation who took no part in it",
    applies: &[&["reply_from_stranger", "thread_newcomer", "stranger_in_own_thread"]],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        Feature::new("the address is new", &["sender_messages_seen"]),
        Feature::new("the domain is new", &["domain_messages_seen"]),
        Feature::new("the name is another's", &["name_used_by_other_address", "thread_name_with_other_address"]),
        Feature::new("it asks for something", ASKS),
        Feature::new("nobody wrote there", &["domain_never_written_to", "recipient_never_wrote_to_sender"]),
    ],
};

const ASKS: &[&str] = &[
    "thread_newcomer_asks",
    "asks_for_payment",
    "asks_to_change_bank_details",
    "asks_to_open_attachment",
    "asks_to_click",
    "asks_for_password",
    "speaks_of_shared_document",
    "presses_for_time",
    "link_from_stranger",
    "attachment_from_stranger",
];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_strangers_answer_is_looked_at() {
        let answer = || mail().stranger().subject("Re: Minutes").text("our new bank details, wire transfer");
        check(
            module_path!(),
            answer(),
            Some(&["the address is new", "the domain is new", "it asks for something", "nobody wrote there"]),
        );
        check(module_path!(), answer().subject("Minutes"), None);
    }
}

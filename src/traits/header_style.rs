//! Which fields of its own the author's program and host add, in their order.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(27, "set of header fields", &[Keeper::Sender], 12, shows);

/// Fields that are the author's side's, not those of the hosts on the way.
const FIELDS: &[&str] = &[
    "from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references", "reply-to", "sender", "mime-version",
    "content-type", "content-transfer-encoding", "content-language", "x-mailer", "user-agent", "x-priority", "importance",
    "thread-index", "thread-topic", "accept-language", "organization", "x-originating-ip", "x-msmail-priority",
];
/// Fields whose presence varies from message to message.
const VARYING: &[&str] = &["cc", "in-reply-to", "references", "reply-to"];

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let mut style = Vec::new();
    for header in &shown.message.headers {
        let name = header.name.to_ascii_lowercase();
        if let Some(at) = FIELDS.iter().position(|field| *field == name && !VARYING.contains(field)) {
            style.push(at.to_string());
        }
    }
    // A message read without its header shows no habit.
    one((style.len() > 2).then(|| style.join(" ")))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn the_order_of_fields_shows() {
        check(module_path!(), "From: a@x.example\nCc: b@y.example\nSubject: x\nDate: Mon, 4 May 2026 10:00:00 +0000\n\nx", &["0 3 4"]);
    }
}

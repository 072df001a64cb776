//! Whether a message says of itself that it goes to many.

use crate::evidence::Evidence;

/// Whether its header says bulk, list, or how to unsubscribe (RFC 2369, RFC 2919).
pub(super) fn is_bulk(evidence: &Evidence<'_>) -> bool {
    let message = evidence.message;
    let named = ["List-Unsubscribe", "List-Id", "List-Post"].iter().any(|name| message.header(name).is_some());
    let precedence = message.header("Precedence").unwrap_or_default().trim();
    named || ["bulk", "list", "junk"].iter().any(|word| precedence.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_header_tells_bulk() {
        assert!(!is_bulk(&mail().evidence()) && !is_bulk(&mail().header("Precedence", "first-class").evidence()));
        for (name, value) in [("List-Id", "<talk.list.example>"), ("Precedence", "Bulk"), ("List-Unsubscribe", "<x>")] {
            assert!(is_bulk(&mail().header(name, value).evidence()), "{name}");
        }
    }
}

//! No Message-ID stands in the message.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "no Message-ID stands in the message",
    "Mail programs and servers write one (RFC 5322 §3.6.4); crude bulk senders do not. 1 or 0.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.message_id.is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_missing_identifier_is_seen() {
        check(module_path!(), mail().with(|m| m.message.message_id = None), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

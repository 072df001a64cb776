//! A List-Unsubscribe field stands in the header.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "its header offers unsubscribing",
    "Honest bulk mail has it (RFC 2369), and so has much that nobody asked for. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.header("List-Unsubscribe").is_some())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_field_is_seen() {
        check(module_path!(), mail().header("List-Unsubscribe", "<https://a.example/u>"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

//! The parts of the MIME tree.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many parts it has",
    "Structure tells automatic senders from people. Number of parts as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.message.parts.len() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn parts_are_counted() {
        let part = || Part { media_type: "text/plain".to_owned(), depth: 0, bytes: 1 };
        check(module_path!(), mail().with(|m| m.message.parts = vec![part(), part()]), Some(1.0986));
        check(module_path!(), mail(), Some(0.0));
        use crate::message::Part;
    }
}

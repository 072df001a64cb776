//! The message breaks the rules of its format.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the message breaks the rules of its format",
    "Home-made mail programs of attackers break rules that ordinary ones keep. Number of kinds of defect.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.message.defects.len())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn defects_are_counted() {
        check(
            module_path!(),
            mail().with(|m| m.message.defects = vec![Defect::DateMissing, Defect::BoundaryBroken]),
            Some(2.0),
        );
        check(module_path!(), mail(), Some(0.0));
        use crate::message::Defect;
    }
}

//! Question marks in the subject.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::either(
    "the subject asks",
    "Advertising asks more often than colleagues do. Number of question marks.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.subject_lettering().questions)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn marks_are_counted() {
        check(module_path!(), mail().subject("In debt?"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

//! The length of the subject.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how long the subject is",
    "Spam has long subjects, probing messages very short ones. Characters as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.message.subject.chars().count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_length_is_a_logarithm() {
        check(module_path!(), mail().subject("Hi"), Some(1.0986));
        check(module_path!(), mail().subject(""), Some(0.0));
    }
}

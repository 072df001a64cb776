//! The subject is empty.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject is empty",
    "For probing first messages and crude malware, which often have no subject. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.subject.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_subject_of_blanks_is_none() {
        check(module_path!(), mail().subject(" "), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

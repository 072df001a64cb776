//! How often our people wrote to the author.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how seldom our people wrote to its author",
    "A partner is written to. Messages to the author's address, decayed, as ln(1 + n), 0 for a new author; \
     unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.author_is_new()? {
        return fact(false);
    }
    log(evidence.baseline.sender.as_ref()?.counts.written_to)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn letters_are_a_logarithm() {
        check(module_path!(), mail(), Some(1.79));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

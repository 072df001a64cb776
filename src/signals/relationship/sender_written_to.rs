//! How often our people wrote to the author.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how seldom our people wrote to its author",
    "A partner is written to. Messages to the author's address, decayed, as ln(1 + n), 0 for a new author; \
     unknown without author or baseline, and where none is known and our people's letters do not pass.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    evidence.baseline.solicited(evidence.baseline.sender.as_ref())?;
    if new {
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
        check(module_path!(), mail().with(|m| (m.baseline.sees_own, m.baseline.sender.as_mut().unwrap().written_to) = (false, 0)), None);
    }
}

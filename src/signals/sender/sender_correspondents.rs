//! How many of our people the author wrote to.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how few people its author wrote to",
    "A correspondent of many is a partner, or a bulk sender. Distinct correspondents as ln(1 + n), 0 for a new \
     author; unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.author_is_new()? {
        return fact(false);
    }
    log(evidence.baseline.sender.as_ref()?.correspondents as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn correspondents_are_a_logarithm() {
        check(module_path!(), mail(), Some(1.386));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

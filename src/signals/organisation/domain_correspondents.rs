//! How many of our people the author's domain wrote to.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how few of our people its author's domain wrote to",
    "A partner of the house is known by many. Distinct correspondents of the domain as ln(1 + n), 0 for a new \
     domain; unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.author()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    log(evidence.baseline.sender_domain.as_ref().map_or(0, |profile| profile.correspondents) as f32)
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

//! How long the author's domain has been known.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how short a time its author's domain has been known",
    "Domains made for an attack are used for days. Days since the first message as ln(1 + n), 0 for a new \
     domain; unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.author()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    log(evidence.baseline.sender_domain.as_ref().map_or(0.0, |profile| evidence.days_since(profile.first_seen)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn days_are_a_logarithm() {
        check(module_path!(), mail(), Some(4.615));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

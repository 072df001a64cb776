//! It is the first message from its author's domain.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is the first message from its author's domain",
    "For first contact and domains made for an attack. 1 or 0; unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.author()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    fact(is_new(evidence.baseline.sender_domain.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn never_seen_and_not_known_differ() {
        check(module_path!(), mail().stranger(), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

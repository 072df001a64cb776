//! It came from a network never seen before.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it came from a network never seen before",
    "Hired machines of attackers are new. 1 or 0; unknown without a client or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.envelope.client?;
    if !evidence.baseline.is_known() {
        return None;
    }
    fact(evidence.baseline.network.is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn never_seen_and_not_known_differ() {
        check(module_path!(), mail().with(|m| m.baseline.network = None), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| m.envelope.client = None), None);
    }
}

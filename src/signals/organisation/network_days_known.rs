//! How long the client's network has been known.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how short a time its network has been known",
    "Hired machines are used for days. Days since the network's first message as ln(1 + n), 0 for a new one; \
     unknown without a client or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.envelope.client?;
    if !evidence.baseline.is_known() {
        return None;
    }
    log(evidence.baseline.network.as_ref().map_or(0.0, |profile| evidence.days_since(profile.first_seen)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn days_are_a_logarithm() {
        check(module_path!(), mail(), Some(4.615));
        check(module_path!(), mail().with(|m| m.baseline.network = None), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

//! How much mail came from the client's network before.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how little mail its network has sent",
    "Mail servers of partners send often. Authenticated and delivered messages from the network, decayed, as \
     ln(1 + n); unknown without a client or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.envelope.client?;
    if !evidence.baseline.is_known() {
        return None;
    }
    log(evidence.baseline.network.as_ref().map_or(0.0, |profile| profile.counts.trusted))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn trusted_messages_count() {
        check(module_path!(), mail(), Some(2.77));
        check(module_path!(), mail().with(|m| m.baseline.network = None), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

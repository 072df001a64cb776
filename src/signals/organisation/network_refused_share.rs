//! Messages from its network were held or rejected.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "messages from its network were held or rejected",
    "Networks that attacked before. Share of refused among the network's messages, decayed, 0 to 1; unknown for \
     a new network or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let counts = evidence.baseline.network.as_ref()?.counts;
    // One accepted message is always granted, so that a single refusal does not condemn.
    Some(counts.refused / (counts.messages + 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn refusals_are_a_share() {
        check(module_path!(), mail().with(|m| m.baseline.network.as_mut().unwrap().counts.refused = 8.0), Some(0.5));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

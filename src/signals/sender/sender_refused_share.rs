//! Messages of its author were held or rejected.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "messages of its author were held or rejected",
    "Who attacked before may do so again. Share of refused among the author's messages, decayed, 0 to 1; unknown \
     for a new author or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let counts = evidence.baseline.sender.as_ref()?.counts;
    // One accepted message is always granted, so that a single refusal does not condemn.
    Some(counts.refused / (counts.messages + 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn refusals_are_a_share() {
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().unwrap().counts.refused = 8.0), Some(0.5));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

//! Its recipient never answered what its author keeps sending.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient never answered what its author keeps sending",
    "For bulk mail that nobody reads. Messages to a recipient who never wrote back, as ln(1 + n), the most among \
     them, 0 where all did; unknown without recipients or baseline, and where our people's letters do not pass.",
    measure,
)
.against(&[Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || !evidence.baseline.sees_own || recipients.is_empty() {
        return None;
    }
    let unanswered = recipients.iter().filter_map(|r| r.pair.as_ref()).filter(|pair| pair.written_to == 0);
    log(unanswered.map(|pair| pair.seen as f32).fold(0.0, f32::max))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn unanswered_messages_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.recipients[0].pair.as_mut().expect("known").written_to = 0), Some(3.044));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
        check(module_path!(), mail().with(|m| m.baseline.sees_own = false), None);
    }
}

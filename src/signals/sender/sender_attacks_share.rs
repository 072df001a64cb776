//! Messages of its author turned out to be attacks.

use crate::evidence::Evidence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "messages of its author turned out to be attacks",
    "For accounts and addresses that attacked before. Share of its messages that people labelled as attacks \
     afterwards, decayed, 0 to 1; unknown for an author never seen.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::LateralPhishing, Attack::InvoiceFraud])
.prior(2.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.baseline.sender.as_ref()?.counts;
    // One message that nobody complained of is always granted, so that a single label does not condemn.
    Some(counts.attacks / (counts.messages + 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn labels_are_a_share() {
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().expect("known").counts.attacks = 8.0), Some(0.5));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

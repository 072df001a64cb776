//! Its author sends more than usual.

use crate::evidence::Evidence;
use crate::signals::habit::busier;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author sends more than usual",
    "A mailbox taken over sends to many at once. Messages of the last day as a multiple of those of a usual day, as \
     ln(1 + n); unknown for an author of fewer than five messages or seven days.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::MailBomb, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    busier(evidence, evidence.baseline.sender.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn haste_is_a_multiple() {
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().expect("known").pace = 30.0), Some(4.654));
        check(module_path!(), mail(), Some(0.713));
        check(module_path!(), mail().stranger(), None);
    }
}

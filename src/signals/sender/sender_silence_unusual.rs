//! Its author was silent for longer than usual.

use crate::evidence::Evidence;
use crate::signals::habit::silence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author was silent for longer than usual",
    "A forgotten mailbox is taken over unnoticed. Days since its last message as a multiple of the usual gap, as ln(1 \
     + n); unknown for an author of fewer than five messages or seven days.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    silence(evidence, evidence.baseline.sender.as_ref())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{DAY, NOW, mail};
    use crate::mail::Moment;
    use crate::signals::check::check;

    #[test]
    fn silence_is_a_multiple_of_gaps() {
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().expect("known").last_seen = Moment(NOW.0 - 50 * DAY)), Some(2.996));
        check(module_path!(), mail(), Some(0.175));
        check(module_path!(), mail().stranger(), None);
    }
}

//! Its author was silent towards its recipient for longer than usual.

use crate::evidence::Evidence;
use crate::signals::habit::silence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author was silent towards its recipient for longer than usual",
    "A mailbox taken over writes to old acquaintances. Days since the pair's last message as a multiple of their \
     usual gap, as ln(1 + n), the least among the recipients; unknown for pairs of fewer than five messages or seven \
     days.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::LateralPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let pairs = evidence.baseline.recipients.iter().map(|recipient| recipient.pair.as_ref());
    pairs.filter_map(|pair| silence(evidence, pair)).reduce(f32::min)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn silence_is_a_multiple_of_gaps() {
        check(module_path!(), mail(), Some(0.175));
        check(module_path!(), mail().stranger(), None);
    }
}

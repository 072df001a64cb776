//! Its author was silent for long.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author was silent for long",
    "A mailbox taken over often wakes after long silence. Days since the author's last message as ln(1 + n); \
     unknown for a new author or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    log(evidence.days_since(evidence.baseline.sender.as_ref()?.last_seen))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn days_of_silence_are_a_logarithm() {
        check(module_path!(), mail(), Some(0.693));
        check(module_path!(), mail().stranger(), None);
        check(module_path!(), mail().unknown(), None);
    }
}

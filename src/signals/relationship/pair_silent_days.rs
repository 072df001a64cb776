//! Its author has not written to its recipient for long.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author has not written to its recipient for long",
    "A mailbox taken over writes to old acquaintances. Days since the pair's last message as ln(1 + n), the \
     least among the recipients; unknown for new pairs or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let pairs = evidence.baseline.recipients.iter().filter_map(|recipient| recipient.pair.as_ref());
    log(pairs.map(|pair| evidence.days_since(pair.last_seen)).reduce(f32::min)?)
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

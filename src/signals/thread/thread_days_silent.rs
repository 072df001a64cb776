//! The conversation had been silent.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the conversation had been silent",
    "Old conversations are found in stolen mailboxes. Days since its last message, as ln(1 + n); unknown without a \
     known thread.",
    measure,
)
.against(&[Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.days_since(threads::thread(evidence)?.last_seen))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn days_of_silence_are_a_logarithm() {
        check(module_path!(), mail().in_thread(), Some(0.693));
        check(module_path!(), mail(), None);
    }
}

//! It answers a message that never passed here, within a conversation that did.

use crate::evidence::Evidence;
use crate::signals::threads;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it answers a message that never passed here, within a conversation that did",
    "Who has read a conversation by theft knows its first message, seldom the last. 1 or 0; unknown without a known \
     thread.",
    measure,
)
.against(&[Attack::ThreadHijack])
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    threads::news(evidence, "parent")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_unknown_message_of_a_known_thread_is_seen() {
        check(module_path!(), mail().in_thread().habit("parent", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

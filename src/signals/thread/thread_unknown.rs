//! It answers a conversation that never passed here.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};
use crate::signals::threads;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it answers a conversation that never passed here",
    "A made-up conversation lends trust. 1 or 0; unknown where it answers nothing, or without baseline.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !threads::answers(evidence) || !evidence.baseline.is_known() {
        return None;
    }
    fact(threads::thread(evidence).is_none())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_conversation_that_never_was_is_seen() {
        check(module_path!(), mail().in_thread().with(|m| m.baseline.thread = None), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
        check(module_path!(), mail().in_thread().unknown(), None);
    }
}

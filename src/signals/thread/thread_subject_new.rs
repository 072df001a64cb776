//! Its subject is not that of the conversation.

use crate::evidence::Evidence;
use crate::signals::threads;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its subject is not that of the conversation",
    "A thread borrowed for another matter. 1 or 0; unknown without a known thread or a subject.",
    measure,
)
.against(&[Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    threads::news(evidence, "subject_core")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_subject_is_seen() {
        check(module_path!(), mail().in_thread().habit("subject_core", 0.0), Some(1.0));
        check(module_path!(), mail().in_thread(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

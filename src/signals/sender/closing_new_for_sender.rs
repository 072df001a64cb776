//! Its author closes with other words than ever.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author closes with other words than ever",
    "A stranger in a mailbox writes his own way. 1 or 0; unknown where the author has no such habit yet, or the \
     message shows none.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::LateralPhishing, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender.as_ref(), "closing")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("closing", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

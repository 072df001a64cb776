//! Its author never used this mail program.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author never used this mail program",
    "A forger or thief has another program than the owner. 1 or 0; unknown where the author has no such habit yet, or \
     the message shows none.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::LateralPhishing, Attack::ThreadHijack]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender.as_ref(), "mailer")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("mailer", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

//! It is built as no message of its author before.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is built as no message of its author before",
    "A template sent by a thief is built otherwise than letters. 1 or 0; unknown where the author has no such habit \
     yet, or the message shows none.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::ExecutiveImpersonation, Attack::CredentialPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender.as_ref(), "structure")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("structure", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

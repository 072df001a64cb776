//! Its subject is not formed as its author's usually are.

use crate::evidence::Evidence;
use crate::signals::habit::rarity;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its subject is not formed as its author's usually are",
    "A stranger's subject in a known name. Share of the author's messages that showed another, 0 to 1; unknown where \
     the author has no such habit yet, or the message shows none.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    rarity(evidence.baseline.sender.as_ref(), "subject_shape")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_is_rare_is_a_share() {
        check(module_path!(), mail().habit("subject_shape", 3.0), Some(0.8));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

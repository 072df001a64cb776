//! Its author seldom writes to so many or so few.

use crate::evidence::Evidence;
use crate::signals::habit::rarity;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author seldom writes to so many or so few",
    "A mailbox taken over writes to everybody in its address book. Share of the author's messages that showed \
     another, 0 to 1; unknown where the author has no such habit yet, or the message shows none.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    rarity(evidence.baseline.sender.as_ref(), "circle_size")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_is_rare_is_a_share() {
        check(module_path!(), mail().habit("circle_size", 3.0), Some(0.8));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

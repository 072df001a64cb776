//! Its author never sent from this network.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author never sent from this network",
    "A mailbox taken over, or an imitation; also a journey. 1 or 0; unknown where the author has no such habit yet, \
     or the message shows none.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::ExecutiveImpersonation]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender.as_ref(), "network")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("network", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

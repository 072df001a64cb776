//! Its author never had replies sent there.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author never had replies sent there",
    "Replies are led away from the owner of the mailbox. 1 or 0; unknown where the author has no such habit yet, or \
     the message shows none.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::InvoiceFraud, Attack::ThreadHijack])
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender.as_ref(), "reply_address")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("reply_address", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

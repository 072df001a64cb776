//! A stranger wants to know that it was read.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::pictures::FEW_WORDS;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger wants to know that it was read",
    "For first contacts that only try whether a mailbox is read: receipts, and pictures loaded from elsewhere in a \
     short text. 1 where the author is new and either is there, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::Reconnaissance]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let message = evidence.message;
    let asked = ["Disposition-Notification-To", "Return-Receipt-To"].iter().any(|name| message.header(name).is_some());
    let tracked = message.html.remote_images > 0 && evidence.lettering().shown < FEW_WORDS;
    fact(new && (asked || tracked))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_receipt_counts() {
        check(module_path!(), mail().header("Disposition-Notification-To", "x@x.example").stranger(), Some(1.0));
        check(module_path!(), mail().with(|m| m.message.html.remote_images = 1).stranger(), Some(1.0));
        check(module_path!(), mail().header("Disposition-Notification-To", "x@x.example"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

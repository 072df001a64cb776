//! A known author names nobody in To and Cc.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a known author names nobody in To and Cc",
    "A letter to a whole address book hides whom it goes to. 1 where the author is known and the header names no \
     address, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let known = !evidence.author_is_new()?;
    let named = evidence.message.to.iter().chain(&evidence.message.cc).any(|mailbox| mailbox.address.is_some());
    fact(known && !named)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_hidden_circle_is_seen() {
        check(module_path!(), mail().with(|m| m.message.to.clear()), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

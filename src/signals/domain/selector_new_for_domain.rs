//! Its author's domain never signed with this key.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain never signed with this key",
    "A new key is a new service, or a thief of the name servers. 1 or 0; unknown where the domain has no such habit \
     yet, or the message shows none.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::InvoiceFraud]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender_domain.as_ref(), "selector")
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn what_was_never_shown_is_seen() {
        check(module_path!(), mail().habit("selector", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

//! It is built as no message of its author's domain.

use crate::evidence::Evidence;
use crate::signals::habit::news;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is built as no message of its author's domain",
    "A template of an attack in a known house's name. 1 or 0; unknown where the domain has no such habit yet, or the \
     message shows none.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::InvoiceFraud, Attack::CredentialPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    news(evidence.baseline.sender_domain.as_ref(), "structure")
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

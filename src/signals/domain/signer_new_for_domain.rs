//! Its author's domain was never signed for by this signer.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain was never signed for by this signer",
    "For forged senders. 1 or 0; unknown for a new domain, without a signature or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let seen = evidence.baseline.infrastructure.dkim_domain?;
    fact(evidence.baseline.is_known() && seen <= 0.0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_signer_is_seen() {
        check(module_path!(), mail().with(|m| m.baseline.infrastructure.dkim_domain = Some(0.0)), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
    }
}

//! It is signed by others than its author's domain.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is signed by others than its author's domain",
    "Sent by a service or list, or with a signature that is there to impress. 1 where signatures pass and none \
     is aligned, else 0; unknown without author or checks.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    if !evidence.auth.are_known() {
        return None;
    }
    let signed = evidence.auth.signers().next().is_some();
    fact(signed && !evidence.auth.signers().any(|signer| signer.is_aligned_with(author)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_foreign_signature_is_seen() {
        check(module_path!(), mail().from("", "anna@other.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unproved(), Some(0.0));
        check(module_path!(), mail().unchecked(), None);
    }
}

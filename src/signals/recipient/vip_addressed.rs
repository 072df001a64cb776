//! It goes to a protected person.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::insiders::is_vip;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it goes to a protected person",
    "Attacks choose their readers. 1 or 0; unknown where the settings protect nobody.",
    measure,
)
.against(&[Attack::ExecutiveImpersonation, Attack::CredentialPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.organisation.vips.is_empty() {
        return None;
    }
    fact(evidence.recipients().any(|recipient| is_vip(evidence, recipient)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_protected_reader_is_seen() {
        check(module_path!(), mail().vip("bob@harbour.example"), Some(1.0));
        check(module_path!(), mail().vip("vera@harbour.example"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

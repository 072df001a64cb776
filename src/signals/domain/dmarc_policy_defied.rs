//! Its author's domain asks to refuse such mail.

use crate::auth::{DmarcPolicy, Outcome};
use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain asks to refuse such mail",
    "DMARC fails, and the owner published a policy. 2 for reject, 1 for quarantine, else 0; unknown without \
     checks or when it could not be checked.",
    measure,
)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() || evidence.auth.dmarc.outcome == Outcome::TempError {
        return None;
    }
    Some(match (evidence.auth.dmarc.outcome, evidence.auth.dmarc.policy) {
        (Outcome::Fail, DmarcPolicy::Reject) => 2.0,
        (Outcome::Fail, DmarcPolicy::Quarantine) => 1.0,
        _ => 0.0,
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_owners_wish_counts() {
        check(module_path!(), mail().unproved().with(|m| m.auth.dmarc.policy = DmarcPolicy::Reject), Some(2.0));
        check(module_path!(), mail().unproved().with(|m| m.auth.dmarc.policy = DmarcPolicy::Quarantine), Some(1.0));
        check(module_path!(), mail().unproved(), Some(0.0));
        check(module_path!(), mail().with(|m| m.auth.dmarc.policy = DmarcPolicy::Reject), Some(0.0));
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::DmarcPolicy;
    }
}

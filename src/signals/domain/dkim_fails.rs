//! Its signatures are broken.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its signatures are broken",
    "Changed on the way, or forged (RFC 6376). 1 where signatures were checked and none passes, else 0; unknown \
     without checks or where none could be.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let signatures = &evidence.auth.dkim;
    let passes = signatures.iter().any(|s| s.outcome == Outcome::Pass);
    let pending = signatures.iter().any(|s| s.outcome == Outcome::TempError);
    if !evidence.auth.are_known() || (pending && !passes) {
        return None;
    }
    fact(!passes && signatures.iter().any(|s| matches!(s.outcome, Outcome::Fail | Outcome::PermError)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn one_good_signature_is_enough() {
        check(module_path!(), mail().unproved(), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.auth.dkim.clear()), Some(0.0));
        check(module_path!(), mail().with(|m| m.auth.dkim[0].outcome = Outcome::TempError), None);
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::Outcome;
    }
}

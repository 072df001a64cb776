//! DMARC fails.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "DMARC fails",
    "For forged authors (RFC 7489). 1 or 0; unknown without checks or when it could not be checked.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() || evidence.auth.dmarc.outcome == Outcome::TempError {
        return None;
    }
    fact(evidence.auth.dmarc.outcome == Outcome::Fail)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_gap_is_no_failure() {
        check(module_path!(), mail().unproved(), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.auth.dmarc.outcome = Outcome::TempError), None);
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::Outcome;
    }
}

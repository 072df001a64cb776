//! Its client is not allowed to send for the reverse-path's domain.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its client is not allowed to send for the reverse-path's domain",
    "For forged senders (RFC 7208). 1 for fail, 0.5 for softfail, else 0; unknown without checks or when it \
     could not be checked.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() {
        return None;
    }
    match evidence.auth.spf.outcome {
        Outcome::TempError => None,
        Outcome::Fail => Some(1.0),
        Outcome::SoftFail => Some(0.5),
        _ => Some(0.0),
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_soft_failure_is_half_a_one() {
        check(module_path!(), mail().unproved(), Some(1.0));
        check(module_path!(), mail().with(|m| m.auth.spf.outcome = Outcome::SoftFail), Some(0.5));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().with(|m| m.auth.spf.outcome = Outcome::TempError), None);
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::Outcome;
    }
}

//! Its chain of forwarders is broken.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its chain of forwarders is broken",
    "A forwarder's seal (RFC 8617) that does not hold. 1 or 0; unknown without checks or a chain.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() {
        return None;
    }
    match evidence.auth.arc.outcome {
        Outcome::Pass => Some(0.0),
        Outcome::Fail | Outcome::PermError => Some(1.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn no_chain_is_none_that_breaks() {
        check(module_path!(), mail().with(|m| m.auth.arc.outcome = Outcome::Fail), Some(1.0));
        check(module_path!(), mail().with(|m| m.auth.arc.outcome = Outcome::Pass), Some(0.0));
        check(module_path!(), mail(), None);
        use crate::auth::Outcome;
    }
}

//! The reverse-path's domain says nothing of who may send for it.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the reverse-path's domain says nothing of who may send for it",
    "No SPF record, a neutral or a broken one. 1 or 0; unknown without checks or when it could not be checked.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() || evidence.auth.spf.outcome == Outcome::TempError {
        return None;
    }
    fact(matches!(evidence.auth.spf.outcome, Outcome::None | Outcome::Neutral | Outcome::PermError))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn neutral_says_nothing() {
        check(module_path!(), mail().with(|m| m.auth.spf.outcome = Outcome::None), Some(1.0));
        check(module_path!(), mail().with(|m| m.auth.spf.outcome = Outcome::Neutral), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::Outcome;
    }
}

//! Its author's domain has no DMARC record.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author's domain has no DMARC record",
    "Domains made for attacks often publish nothing. 1 or 0; unknown without checks or when it could not be \
     checked.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() || evidence.auth.dmarc.outcome == Outcome::TempError {
        return None;
    }
    fact(evidence.auth.dmarc.outcome == Outcome::None)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn no_record_is_seen() {
        check(module_path!(), mail().with(|m| m.auth.dmarc.outcome = Outcome::None), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::Outcome;
    }
}

//! The author's domain is not proved.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's domain is not proved",
    "Neither DMARC nor an aligned SPF or DKIM pass. 1 or 0; unknown without author or checks.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(!evidence.author_is_proved()?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn one_proof_is_enough() {
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unproved(), Some(1.0));
        check(module_path!(), mail().unproved().with(|m| m.auth.spf.outcome = Outcome::Pass), Some(0.0));
        check(module_path!(), mail().unchecked(), None);
        use crate::auth::Outcome;
    }
}

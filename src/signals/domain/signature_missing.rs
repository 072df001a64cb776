//! It is not signed.

use crate::auth::Outcome;
use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it is not signed",
    "Ordinary mail is signed by now; home-made senders' is not. 1 without a DKIM signature, else 0; unknown \
     without checks.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.auth.are_known() {
        return None;
    }
    fact(evidence.auth.dkim.iter().all(|s| s.outcome == Outcome::None))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_broken_signature_is_one() {
        check(module_path!(), mail().with(|m| m.auth.dkim.clear()), Some(1.0));
        check(module_path!(), mail().unproved(), Some(0.0));
        check(module_path!(), mail().unchecked(), None);
    }
}

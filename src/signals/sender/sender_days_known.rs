//! How long the author has been known.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how short a time its author has been known",
    "Attackers use addresses for a short time. Days from the first message to this one as ln(1 + n), 0 for a new \
     author; unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.author_is_new()? {
        return fact(false);
    }
    let profile = evidence.baseline.sender.as_ref()?;
    log(evidence.days_since(profile.first_seen))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn days_are_a_logarithm() {
        check(module_path!(), mail(), Some(4.615));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

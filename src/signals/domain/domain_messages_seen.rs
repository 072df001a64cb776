//! How many messages came from the author's domain before.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how few messages came from its author's domain",
    "A partner's domain writes often. Messages that were authenticated and delivered, decayed, as ln(1 + n); \
     unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    evidence.author()?;
    if !evidence.baseline.is_known() {
        return None;
    }
    log(evidence.baseline.sender_domain.as_ref().map_or(0.0, |profile| profile.counts.trusted))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn trusted_messages_count() {
        check(module_path!(), mail(), Some(2.77));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

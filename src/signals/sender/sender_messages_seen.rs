//! How many messages came from the author before.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how few messages came from its author",
    "Attackers write seldom from one address. Messages that were authenticated and delivered, decayed, as ln(1 + \
     n); unknown without author or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.author_is_new()? {
        return fact(false);
    }
    log(evidence.baseline.sender.as_ref()?.counts.trusted)
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

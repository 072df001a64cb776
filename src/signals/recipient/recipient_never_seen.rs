//! Nobody ever wrote to its recipient.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "nobody ever wrote to its recipient",
    "Guessed and harvested addresses. 1 where no recipient was seen before, else 0; unknown without recipients \
     or baseline.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    fact(recipients.iter().all(|recipient| recipient.profile.is_none()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn never_seen_and_not_known_differ() {
        check(module_path!(), mail().with(|m| m.baseline.recipients[0].profile = None), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

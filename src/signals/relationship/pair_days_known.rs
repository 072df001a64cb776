//! How long author and recipient have known each other.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how short a time its author and recipient have known each other",
    "Relationships grow slowly, attacks do not wait. Days since the pair's first message as ln(1 + n), the most \
     among the recipients, 0 for a new pair; unknown without recipients or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let pairs = recipients.iter().filter_map(|recipient| recipient.pair.as_ref());
    log(pairs.map(|pair| evidence.days_since(pair.first_seen)).fold(0.0, f32::max))
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

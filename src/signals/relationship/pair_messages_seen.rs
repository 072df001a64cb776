//! How often the author wrote to the recipient before.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how seldom its author wrote to its recipient",
    "A habit reassures. Authenticated and delivered messages of the pair, decayed, as ln(1 + n), the most among \
     the recipients; unknown without recipients or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    log(recipients.iter().filter_map(|r| r.pair.as_ref()).map(|pair| pair.counts.trusted).fold(0.0, f32::max))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_habit_is_a_logarithm() {
        check(module_path!(), mail(), Some(2.77));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

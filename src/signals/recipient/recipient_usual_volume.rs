//! How much mail the recipient is used to.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::either(
    "of how much mail its recipient is used to",
    "Mailboxes of much mail are used to strangers. Messages to the recipients, decayed, as ln(1 + n), the mean \
     over them; unknown without recipients or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let messages: f32 =
        recipients.iter().filter_map(|r| r.profile.as_ref()).map(|p| p.counts.messages.max(0.0).ln_1p()).sum();
    Some(messages / recipients.len() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_mean_is_a_logarithm() {
        check(module_path!(), mail(), Some(2.77));
        check(module_path!(), mail().with(|m| m.baseline.recipients[0].profile = None), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

//! The likelihood that a message to the recipient is safe.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how often attacks reach its recipient",
    "Some mailboxes are attacked more often than others. Share of delivered among messages to the recipients, \
     decayed, the least of them, 0 to 1; unknown for new recipients or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let profiles = evidence.baseline.recipients.iter().filter_map(|recipient| recipient.profile.as_ref());
    // One delivered message is always granted, so that a single refusal does not condemn.
    profiles.map(|p| 1.0 - p.counts.refused / (p.counts.messages + 1.0)).reduce(f32::min)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_least_share_counts() {
        check(
            module_path!(),
            mail().with(|m| m.baseline.recipients[0].profile.as_mut().unwrap().counts.refused = 8.0),
            Some(0.5),
        );
        check(module_path!(), mail(), Some(1.0));
        check(module_path!(), mail().unknown(), None);
    }
}

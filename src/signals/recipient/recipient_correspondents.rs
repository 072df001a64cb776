//! How many people write to the recipient.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many its recipient hears from",
    "Public mailboxes hear from many, others from few. Distinct correspondents as ln(1 + n), the most of them; \
     unknown for new recipients or without baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let profiles = evidence.baseline.recipients.iter().filter_map(|recipient| recipient.profile.as_ref());
    log(profiles.map(|profile| profile.correspondents).max()? as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn correspondents_are_a_logarithm() {
        check(module_path!(), mail(), Some(1.386));
        check(module_path!(), mail().unknown(), None);
    }
}

//! Its author never wrote to its recipient.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its author never wrote to its recipient",
    "For first contact. Share of recipients to whom the author's address never wrote, 0 to 1; unknown without \
     recipients or baseline.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = &evidence.baseline.recipients;
    if !evidence.baseline.is_known() || recipients.is_empty() {
        return None;
    }
    let new = recipients.iter().filter(|recipient| is_new(recipient.pair.as_ref())).count();
    Some(new as f32 / recipients.len() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_pair_is_a_share() {
        check(module_path!(), mail().stranger(), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

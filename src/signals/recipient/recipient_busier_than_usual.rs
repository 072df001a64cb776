//! Its recipient gets more mail than usual.

use crate::evidence::Evidence;
use crate::signals::habit::busier;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient gets more mail than usual",
    "A mail bomb buries the message that matters. Messages of the last day as a multiple of those of a usual day, as \
     ln(1 + n), the most among the recipients; unknown for mailboxes of fewer than five messages or seven days.",
    measure,
)
.against(&[Attack::MailBomb]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = evidence.baseline.recipients.iter().map(|recipient| recipient.profile.as_ref());
    recipients.filter_map(|profile| busier(evidence, profile)).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_flood_is_a_multiple() {
        check(module_path!(), mail().with(|m| m.baseline.recipients[0].profile.as_mut().expect("known").pace = 30.0), Some(4.654));
        check(module_path!(), mail(), Some(0.713));
        check(module_path!(), mail().unknown(), None);
    }
}

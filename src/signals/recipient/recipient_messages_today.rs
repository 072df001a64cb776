//! Its recipient got much mail today.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipient got much mail today",
    "A mail bomb brings hundreds within hours. Messages of about the last day, as ln(1 + n), the most among the \
     recipients; unknown for mailboxes never seen.",
    measure,
)
.against(&[Attack::MailBomb]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let recipients = evidence.baseline.recipients.iter().filter_map(|recipient| recipient.profile.as_ref());
    log(recipients.map(|profile| profile.pace).reduce(f32::max)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn mail_of_a_day_is_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.recipients[0].profile.as_mut().expect("known").pace = 19.0), Some(2.996));
        check(module_path!(), mail(), Some(0.262));
        check(module_path!(), mail().unknown(), None);
    }
}

//! Copies of it are coming today.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it are coming today",
    "For attacks under way. Copies of about the last day, as ln(1 + n), 0 for none; unknown without baseline.",
    measure,
)
.against(&[Attack::Bulk, Attack::MailBomb, Attack::CredentialPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(campaigns::amount(evidence, |campaign| campaign.pace)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn copies_of_a_day_are_a_logarithm() {
        check(module_path!(), mail().in_campaign().with(|m| m.baseline.campaign.as_mut().expect("in a campaign").pace = 19.0), Some(2.996));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

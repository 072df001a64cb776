//! Copies of it came from several addresses.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it came from several addresses",
    "Attacks change their address from copy to copy. Addresses besides the first, as ln(1 + n), of copies delivered \
     or not; 0 for none, unknown without baseline.",
    measure,
)
.against(&[Attack::Bulk, Attack::CredentialPhishing, Attack::AdvanceFee]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(campaigns::amount(evidence, |campaign| {
        campaign.usual("author").map_or(0.0, |usual| f32::from(usual.values.saturating_sub(1)))
    })?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn senders_are_a_logarithm() {
        check(module_path!(), mail().in_campaign().with(|m| m.baseline.campaign.as_mut().expect("in a campaign").habits.iter_mut().for_each(|(_, usual)| usual.values = 4)), Some(1.386));
        check(module_path!(), mail().in_campaign(), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

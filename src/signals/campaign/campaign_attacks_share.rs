//! Copies of it turned out to be attacks.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it turned out to be attacks",
    "One complaint warns of all later copies. Share of its messages that people labelled as attacks afterwards, \
     decayed, 0 to 1; unknown without copies.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::MalwareByAttachment, Attack::MalwareByLink, Attack::Bulk])
.prior(2.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = campaigns::campaign(evidence)?.counts;
    // One message that nobody complained of is always granted, so that a single label does not condemn.
    Some(counts.attacks / (counts.messages + 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn labels_are_a_share() {
        check(module_path!(), mail().in_campaign().with(|m| m.baseline.campaign.as_mut().expect("in a campaign").counts.attacks = 8.0), Some(0.5));
        check(module_path!(), mail().in_campaign(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

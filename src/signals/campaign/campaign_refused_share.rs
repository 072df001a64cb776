//! Copies of it were held or rejected.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it were held or rejected",
    "What was held once is not let in by another door. Share of refused among its copies, decayed, 0 to 1; unknown \
     without copies.",
    measure,
)
.against(&[Attack::Bulk, Attack::CredentialPhishing, Attack::MalwareByAttachment, Attack::Extortion])
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = campaigns::campaign(evidence)?.counts;
    // One accepted message is always granted, so that a single refusal does not condemn.
    Some(counts.refused / (counts.messages + 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn refusals_are_a_share() {
        check(module_path!(), mail().in_campaign().with(|m| m.baseline.campaign.as_mut().expect("in a campaign").counts.refused = 8.0), Some(0.5));
        check(module_path!(), mail().in_campaign(), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

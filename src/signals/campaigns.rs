//! The campaign of near-duplicates that a message belongs to.

use crate::baseline::Profile;
use crate::evidence::Evidence;

/// Weight of copies below which a campaign is over: what is left of one copy after five half-lives.
const COPIES_MIN: f32 = 0.03;

/// The campaign under way; `None` where no copy came lately.
pub(super) fn campaign<'a>(evidence: &Evidence<'a>) -> Option<&'a Profile> {
    evidence.baseline.campaign.as_ref().filter(|campaign| campaign.counts.messages >= COPIES_MIN)
}

/// An amount of the campaign under way, 0 where there is none; `None` without baseline.
pub(super) fn amount(evidence: &Evidence<'_>, of: impl FnOnce(&Profile) -> f32) -> Option<f32> {
    evidence.baseline.is_known().then(|| campaign(evidence).map_or(0.0, of))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_campaign_ends() {
        let copies = |weight| {
            mail().in_campaign().with(|m| m.baseline.campaign.as_mut().expect("in a campaign").counts.messages = weight)
        };
        assert!(campaign(&copies(0.03).evidence()).is_some());
        assert!(campaign(&copies(0.02).evidence()).is_none());
    }

    #[test]
    fn no_campaign_is_no_ignorance() {
        assert_eq!(amount(&mail().evidence(), |campaign| campaign.pace), Some(0.0));
        assert_eq!(amount(&mail().unknown().evidence(), |campaign| campaign.pace), None);
    }
}

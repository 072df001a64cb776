//! Copies of it went to several of us.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it went to several of us",
    "For mass attacks. Recipients of its copies, as ln(1 + n), 0 for none; unknown without baseline.",
    measure,
)
.against(&[Attack::Bulk, Attack::CredentialPhishing, Attack::MalwareByAttachment, Attack::LateralPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(campaigns::amount(evidence, |campaign| campaign.correspondents as f32)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn recipients_are_a_logarithm() {
        check(module_path!(), mail().in_campaign(), Some(1.386));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

//! Copies of it came before.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it came before",
    "For mass attacks and bulk mail. Copies and variants within the last days, decayed, as ln(1 + n), 0 for none; \
     unknown without baseline.",
    measure,
)
.against(&[Attack::Bulk, Attack::CredentialPhishing, Attack::MalwareByAttachment, Attack::MailBomb]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(campaigns::amount(evidence, |campaign| campaign.counts.messages)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn copies_are_a_logarithm() {
        check(module_path!(), mail().in_campaign(), Some(2.773));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

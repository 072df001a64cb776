//! Copies of it come from authors who are new here.

use crate::evidence::Evidence;
use crate::signals::campaigns;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "copies of it come from authors who are new here",
    "A form letter of a house we know is another thing than one of strangers. Copies where the author is new, as ln(1 \
     + n), else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::Bulk, Attack::JobScam, Attack::AdvanceFee]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let copies = campaigns::campaign(evidence).map_or(0.0, |campaign| campaign.counts.messages);
    log(if new { copies } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_strangers_copies_count() {
        check(module_path!(), mail().in_campaign().stranger(), Some(2.773));
        check(module_path!(), mail().in_campaign(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

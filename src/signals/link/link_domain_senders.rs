//! Of how few others link there.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how few others link there",
    "Where many houses link, no page of an attack stands. Sender domains that linked there, as ln(1 + n), the least \
     among them; unknown without links to other domains, or without baseline.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::MalwareByLink]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let senders = |domain: &Option<Profile>| domain.as_ref().map_or(0.0, |known| known.correspondents as f32);
    log(evidence.baseline.link_domains.iter().map(senders).reduce(f32::min)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn senders_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![Some(profile())]), Some(1.386));
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![None]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

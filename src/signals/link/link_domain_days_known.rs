//! Of how short its link domains have been known.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how short its link domains have been known",
    "Where many links led for long, no page of the day stands. Days since the first message that linked there, as \
     ln(1 + n), the least among them, 0 for one never seen; unknown without links to other domains, or without \
     baseline.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::MalwareByLink]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() {
        return None;
    }
    let days = |domain: &Option<Profile>| domain.as_ref().map_or(0.0, |known| evidence.days_since(known.first_seen));
    log(evidence.baseline.link_domains.iter().map(days).reduce(f32::min)?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn days_are_a_logarithm() {
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![Some(profile())]), Some(4.615));
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![Some(profile()), None]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

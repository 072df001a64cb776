//! Messages that linked there turned out to be attacks.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "messages that linked there turned out to be attacks",
    "Pages of attacks are used more than once. Share of its messages that people labelled as attacks afterwards, \
     decayed, 0 to 1, the most among the link domains; unknown for domains never seen.",
    measure,
)
.against(&[Attack::CredentialPhishing, Attack::MalwareByLink])
.prior(2.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let labelled = |known: &Profile| known.counts.attacks / (known.counts.messages + 1.0);
    evidence.baseline.link_domains.iter().flatten().map(labelled).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn labels_are_a_share() {
        check(module_path!(), mail().with(|m| { m.baseline.link_domains = vec![Some(profile())]; m.baseline.link_domains[0].as_mut().expect("known").counts.attacks = 8.0; }), Some(0.5));
        check(module_path!(), mail().with(|m| m.baseline.link_domains = vec![Some(profile())]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

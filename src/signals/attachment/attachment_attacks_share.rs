//! Messages that brought the same file turned out to be attacks.

use crate::baseline::Profile;
use crate::evidence::Evidence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "messages that brought the same file turned out to be attacks",
    "One complaint warns of all later copies of a file. Share of its messages that people labelled as attacks \
     afterwards, decayed, 0 to 1, the most among the files; unknown for files never seen.",
    measure,
)
.against(&[Attack::MalwareByAttachment])
.prior(2.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let labelled = |known: &Profile| known.counts.attacks / (known.counts.messages + 1.0);
    evidence.baseline.attachments.iter().flatten().map(labelled).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn labels_are_a_share() {
        check(module_path!(), mail().with(|m| { m.baseline.attachments = vec![Some(profile())]; m.baseline.attachments[0].as_mut().expect("known").counts.attacks = 8.0; }), Some(0.5));
        check(module_path!(), mail().with(|m| m.baseline.attachments = vec![Some(profile())]), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

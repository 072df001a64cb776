//! Its author writes unasked.

use crate::evidence::Evidence;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::falls(
    "its author writes unasked",
    "Who answers what we wrote is a correspondent; who is never asked is a sender of bulk or a stranger. Share of \
     trusted messages that answered ours, 0 to 1; unknown for an author without trusted messages, and \
     where none did and our people's letters do not pass.",
    measure,
)
.against(&[Attack::Bulk, Attack::Reconnaissance]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.baseline.sender.as_ref()?.counts;
    let known = evidence.baseline.sees_own || counts.solicited > 0.0;
    (known && counts.trusted >= 1.0).then(|| (counts.solicited / counts.trusted).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn answers_are_a_share() {
        check(module_path!(), mail(), Some(0.4));
        check(module_path!(), mail().with(|m| m.baseline.sender.as_mut().expect("known").counts.solicited = 0.0), Some(0.0));
        check(module_path!(), mail().stranger(), None);
        let unseen = mail().with(|m| (m.baseline.sees_own, m.baseline.sender.as_mut().expect("known").counts.solicited) = (false, 0.0));
        check(module_path!(), unseen, None);
    }
}

//! Of how little came through its list before.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how little came through its list before",
    "What comes daily is subscribed to. Messages through its list, as ln(1 + n), 0 for a list never seen; unknown \
     where it names no list, or without baseline.",
    measure,
)
.against(&[Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() || evidence.message.header("List-Id").is_none() {
        return None;
    }
    log(evidence.baseline.list.as_ref().map_or(0.0, |list| list.seen as f32))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn messages_are_a_logarithm() {
        check(module_path!(), mail().header("List-Id", "<talk.example>").with(|m| m.baseline.list = Some(profile())), Some(3.045));
        check(module_path!(), mail().header("List-Id", "<talk.example>"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

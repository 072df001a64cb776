//! Of how few write to its list.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::falls(
    "of how few write to its list",
    "Many write to a discussion, one to a newsletter. Author domains whose messages came through its list, as ln(1 + \
     n), 0 for a list never seen; unknown where it names no list, or without baseline.",
    measure,
)
.against(&[Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() || evidence.message.header("List-Id").is_none() {
        return None;
    }
    log(evidence.baseline.list.as_ref().map_or(0.0, |list| list.correspondents as f32))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn writers_are_a_logarithm() {
        check(module_path!(), mail().header("List-Id", "<talk.example>").with(|m| m.baseline.list = Some(profile())), Some(1.386));
        check(module_path!(), mail().header("List-Id", "<talk.example>"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

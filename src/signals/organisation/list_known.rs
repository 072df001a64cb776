//! It came through a list that nobody here knows.

use crate::baseline::is_new;
use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::falls(
    "it came through a list that nobody here knows",
    "A list that brought mail for long is subscribed to. 1 where its list was seen before and is not young, else 0; \
     unknown where it names no list, or without baseline.",
    measure,
)
.against(&[Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if !evidence.baseline.is_known() || evidence.message.header("List-Id").is_none() {
        return None;
    }
    fact(!is_new(evidence.baseline.list.as_ref()))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn a_known_list_is_seen() {
        check(module_path!(), mail().header("List-Id", "<talk.example>").with(|m| m.baseline.list = Some(profile())), Some(1.0));
        check(module_path!(), mail().header("List-Id", "<talk.example>"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

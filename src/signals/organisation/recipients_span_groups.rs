//! It goes to several groups of our people.

use crate::evidence::Evidence;
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it goes to several groups of our people",
    "A letter to the accounts and the pay office at once is no usual business. Groups of the settings besides the \
     first, 1 or 0; unknown where the settings name no groups.",
    measure,
)
.against(&[Attack::LateralPhishing, Attack::Bulk]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let organisation = evidence.organisation;
    if organisation.groups.is_empty() {
        return None;
    }
    let recipients: Vec<_> = evidence.recipients().cloned().collect();
    fact(organisation.groups_of(&recipients).len() > 1)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn several_groups_are_seen() {
        check(module_path!(), mail().group("accounts", "bob@harbour.example").group("pay", "carol@harbour.example").recipient("carol@harbour.example"), Some(1.0));
        check(module_path!(), mail().group("accounts", "bob@harbour.example"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

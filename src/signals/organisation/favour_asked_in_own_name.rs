//! Somebody outside asks a favour in the name of one of us.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::insiders::is_in_own_name;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "somebody outside asks a favour in the name of one of us",
    "For imitation of executives and colleagues. Phrases of favours, secrecy and other channels where the name is one \
     of ours and the address is not, else 0; unknown without a name, or without baseline and protected people.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let imitated = is_in_own_name(evidence)?;
    let asked = ["asks_if_available", "asks_for_secrecy", "asks_for_personal_number"];
    Some(if imitated { count_all(evidence, &asked) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_borrowed_name_counts() {
        check(module_path!(), mail().vip("Anna Chief").from("Anna Chief", "x@other.example").text("Are you available?"), Some(1.0));
        check(module_path!(), mail().text("Are you available?"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

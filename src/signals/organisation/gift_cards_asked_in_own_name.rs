//! Somebody outside speaks of gift cards in the name of one of us.

use crate::evidence::Evidence;
use crate::signals::insiders::is_in_own_name;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "somebody outside speaks of gift cards in the name of one of us",
    "For gift cards in an executive's name. Phrases where the name is one of ours and the address is not, else 0; \
     unknown without a name, or without baseline and protected people.",
    measure,
)
.against(&[Attack::GiftCards])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let imitated = is_in_own_name(evidence)?;
    Some(if imitated { count_all(evidence, &["asks_for_gift_cards"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_borrowed_name_counts() {
        check(module_path!(), mail().vip("Anna Chief").from("Anna Chief", "x@other.example").text("Please scratch the back of the card"), Some(2.0));
        check(module_path!(), mail().text("Please scratch the back of the card"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

//! A stranger speaks of gift cards.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger speaks of gift cards",
    "For gift cards at first contact. Phrases where the author is new, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::GiftCards])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    Some(if new { count_all(evidence, &["asks_for_gift_cards"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_cards_count() {
        check(module_path!(), mail().text("Please scratch the back of the card").stranger(), Some(2.0));
        check(module_path!(), mail().text("Please scratch the back of the card"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

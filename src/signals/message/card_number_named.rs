//! It holds the number of a payment card.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};
use crate::message::AccountKind;

pub(super) const SIGNAL: Signal = Signal::either(
    "it holds the number of a payment card",
    "For data gathered by phishing, and for carelessness. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.accounts().iter().any(|account| account.kind == AccountKind::Card))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_card_is_seen() {
        check(module_path!(), mail().text("my card 4111 1111 1111 1111"), Some(1.0));
        check(module_path!(), mail().text("order 4111 1111 1111 1111"), Some(0.0));
    }
}

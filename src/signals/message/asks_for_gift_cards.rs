//! It speaks of gift cards to be bought.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "gift card*",
    "giftcard*",
    "gift vouchers",
    "itunes card*",
    "google play card*",
    "steam card*",
    "amazon card*",
    "apple card*",
    "scratch the back*",
    "scratch off the back",
    "scratch the silver",
    "peel off the back",
    "send me the codes",
    "send the codes",
    "pictures of the cards",
    "pictures of the codes",
    "photo of the cards",
    "back of the card",
    "back of the cards",
    "cards for our clients",
    "cards for clients",
    "surprise the staff",
    "surprise some of the staff",
    "surprise for the team",
    "denomination*",
    "face value of",
    "pick up some cards",
    "purchase some cards",
    "physical cards",
    "ebay card*",
    "vanilla card*",
    "geschenkkarte*",
    "geschenkgutschein*",
    "gutscheinkarte*",
    "guthabenkarte*",
    "carte cadeau",
    "cartes cadeaux",
    "carte-cadeau",
    "tarjeta de regalo",
    "tarjetas de regalo",
    "carta regalo",
    "carte regalo",
    "cadeaubon*",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of gift cards to be bought",
    "For the errand that an executive seems to ask for. Number of distinct phrases.",
    PHRASES,
)
.of(Category::BusinessEmailCompromise)
.prior(1.75)
.against(&[Attack::GiftCards]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn cards_and_their_codes_are_seen() {
        check(module_path!(), mail().text("I need gift cards, scratch the back and send me the codes."), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

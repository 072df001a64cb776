//! It asks for the codes of cards.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "scratch the back",
    "scratch off",
    "scratch and",
    "scratch the silver",
    "back of the card",
    "back of the cards",
    "back of each card",
    "picture of the card",
    "pictures of the card",
    "picture of the cards",
    "pictures of the cards",
    "photo of the cards",
    "photos of the cards",
    "picture of the codes",
    "pictures of the codes",
    "pictures of the codes",
    "snap the back",
    "snap a picture",
    "card codes",
    "claim codes",
    "redeem codes",
    "redemption code",
    "redemption codes",
    "pin numbers",
    "the pins",
    "send me the codes",
    "send the codes",
    "email me the codes",
    "text me the codes",
    "physical cards",
    "face value",
    "denomination*",
    "of each card",
    "attach the receipt",
    "keep the receipt*",
    "rubbeln sie",
    "freirubbeln",
    "codes der karten",
    "grattez",
    "codes des cartes",
    "raspe",
    "códigos de las tarjetas",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks for the codes of cards",
    "Gift cards are paid out by their codes. Number of distinct phrases.",
    PHRASES,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn codes_are_seen() {
        check(module_path!(), mail().text("Scratch the back of the cards and send me pictures of the codes"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

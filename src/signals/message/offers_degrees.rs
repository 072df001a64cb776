//! It offers titles, documents or secrets for sale.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "university diploma*",
    "university degree*",
    "diploma*",
    "bachelor* degree",
    "masters degree",
    "doctorate",
    "phd",
    "mba",
    "no required tests",
    "no tests, classes",
    "life experience",
    "prestigious",
    "non accredited",
    "non-accredited",
    "unaccredited",
    "casino",
    "online casino",
    "casinos",
    "poker",
    "blackjack",
    "slot machine*",
    "slots",
    "roulette",
    "gambling",
    "sportsbook",
    "betting",
    "place your bets",
    "free spins",
    "no deposit bonus",
    "bookmaker",
    "cable descrambler",
    "descrambler",
    "satellite tv",
    "dish network",
    "directv",
    "free cable",
    "spy camera",
    "spy cam",
    "surveillance camera",
    "find out anything",
    "background check*",
    "investigate",
    "private investigator",
    "detective",
    "passport*",
    "second passport",
    "driver's license",
    "drivers license",
    "fake id",
    "camouflage passport",
    "credit card dump*",
    "cloned card*",
    "fullz",
    "counterfeit*",
    "hidden camera",
    "x10",
    "stop spam",
    "copy dvd*",
    "copy any dvd",
    "dvd copy",
    "burn dvd*",
    "glücksspiel",
    "freispiele",
    "spielbank",
    "casino en ligne",
    "casino online",
    "apuestas",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it offers titles, documents or secrets for sale",
    "For the odd goods of spam: diplomas, casinos, passports, spying tools. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn diplomas_are_seen() {
        check(
            module_path!(),
            mail().text("A university degree for your life experience, no tests, classes"),
            Some(3.0),
        );
        check(module_path!(), mail().text("Online casino: free spins"), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

//! It speaks of a prize.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "your reward",
    "exclusive reward",
    "claim your reward",
    "claim your gift",
    "claim now",
    "rewards program",
    "loyalty program",
    "a short survey",
    "short survey",
    "our survey",
    "quick survey",
    "your gift is",
    "gift is waiting",
    "exclusive gift",
    "unclaimed reward",
    "you qualify for an exclusive",
    "exclusive sweepstakes",
    "last attempt to reach",
    "lottery",
    "lotto",
    "sweepstake*",
    "jackpot",
    "raffle",
    "you have won",
    "you've won",
    "you won",
    "you are a winner",
    "you're a winner",
    "lucky winner",
    "lucky winners",
    "winner of",
    "winning number*",
    "winning notification",
    "winning ticket",
    "winning email",
    "award notification",
    "prize",
    "prizes",
    "cash prize",
    "prize money",
    "your prize",
    "claim your prize",
    "claims agent",
    "claim agent",
    "claim your winning*",
    "ticket number",
    "serial number",
    "batch number",
    "reference number",
    "ballot",
    "random selection",
    "selected randomly",
    "randomly selected",
    "computer ballot",
    "draw was",
    "draws",
    "online draw",
    "promotional draw",
    "international promotion*",
    "awards promo",
    "congratulations",
    "congratulation",
    "you have been selected",
    "you've been selected",
    "you have been chosen",
    "been selected as",
    "euromillion*",
    "powerball",
    "mega millions",
    "free entry",
    "enter to win",
    "win a",
    "win cash",
    "instant winner",
    "gewonnen",
    "gewinner",
    "gewinnbenachrichtigung",
    "lotterie",
    "hauptgewinn",
    "sie haben gewonnen",
    "vous avez gagné",
    "loterie",
    "gros lot",
    "gagnant",
    "ha ganado",
    "lotería",
    "ganador",
    "premio",
];

pub(super) const SIGNAL: Signal =
    Signal::of_phrases("it speaks of a prize", "For lottery and prize scams. Number of distinct phrases.", PHRASES)
        .of(Category::AdvanceFee)
.prior(1.5);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_prize_is_seen() {
        check(
            module_path!(),
            mail().text("Congratulations! You have won the lottery; your ticket number is 5."),
            Some(4.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}

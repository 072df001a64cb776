//! What a message asks for, by the names of the signals whose phrases say so.

use super::phrases::count_all;
use super::registry::fact;
use crate::baseline::Profile;
use crate::evidence::Evidence;

/// Money, or another way for it.
const MONEY: &[&str] =
    &["asks_for_payment", "asks_to_change_bank_details", "asks_to_change_payroll", "asks_for_gift_cards"];
/// A login, or a reason for one.
const LOGIN: &[&str] = &["asks_for_password", "warns_of_account_loss", "warns_of_mailbox", "speaks_of_shared_document"];
/// Talk of trade.
const TRADE: &[&str] = &["speaks_of_invoice", "asks_for_payment", "asks_to_change_bank_details"];
/// Distinct phrases that make a talk of it: one alone stands in any letter.
const TRADE_MIN: f32 = 2.0;
/// Weight of trusted messages from which it can be told what an author never speaks of.
pub(super) const AUTHOR_TRUSTED_MIN: f32 = 2.5;
/// The same for a conversation, which is about one thing.
pub(super) const THREAD_TRUSTED_MIN: f32 = 1.5;

/// Distinct phrases that ask for money.
pub(super) fn money(evidence: &Evidence<'_>) -> f32 {
    count_all(evidence, MONEY)
}

/// Distinct phrases that ask for a login.
pub(super) fn login(evidence: &Evidence<'_>) -> f32 {
    count_all(evidence, LOGIN)
}

/// 1 where the message speaks of money and none of the profile's earlier ones did, else 0; `None` where fewer than
/// `trusted_min` are known.
pub(super) fn money_is_new(evidence: &Evidence<'_>, profile: Option<&Profile>, trusted_min: f32) -> Option<f32> {
    let profile = profile.filter(|profile| profile.counts.trusted >= trusted_min)?;
    let before = profile.usual("money_talk")?.is_absent() == Some(false);
    fact(!before && count_all(evidence, TRADE) >= TRADE_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    fn check(text: &str, weight: f32, trusted: f32, expected: Option<f32>) {
        let message = mail().text(text).habit("money_talk", weight);
        let message = message.with(|m| m.baseline.sender.as_mut().expect("known").counts.trusted = trusted);
        let evidence = message.evidence();
        assert_eq!(
            money_is_new(&evidence, evidence.baseline.sender.as_ref(), AUTHOR_TRUSTED_MIN),
            expected,
            "{text} {weight} {trusted}"
        );
    }

    #[test]
    fn money_is_new_where_it_never_was_spoken_of() {
        let text = "Attached is the invoice, please pay to our new bank details";
        check(text, 0.0, 15.0, Some(1.0));
        check(text, 3.0, 15.0, Some(0.0));
        check("See you at lunch", 0.0, 15.0, Some(0.0));
        check(text, 0.0, 1.0, None);
    }

    #[test]
    fn requests_are_told_apart() {
        let message = mail().text("Please buy a gift card");
        assert!(money(&message.evidence()) > 0.0 && login(&message.evidence()) == 0.0);
        let message = mail().text("Your mailbox is full: verify your account and enter your password");
        assert!(login(&message.evidence()) > 0.0);
    }
}

//! A known correspondent speaks of money as never before: a supplier's mailbox that was taken over.

use super::{Detector, Feature, requests};

pub(super) const DETECTOR: Detector = Detector {
    name: "",
    because: "a known correspondent speaks of money",
    applies: &[&["sender_messages_seen"], TALK],
    passes_over: &["message_is_internal", "message_is_outbound"],
    features: &[
        // Whoever never named an account names a new one, too: one at all is rare in a correspondence.
        Feature::rising("it names another account", ACCOUNTS),
        Feature::new("it asks for money", requests::MONEY),
        Feature::new("it names sums", &["money_amounts", "subject_names_money"]),
        Feature::new("it departs from habits", HABITS),
        Feature::new("it comes from elsewhere", &["infrastructure_new_share", "known_sender_not_proved"]),
        Feature::new("it was silent for long", &["sender_silence_unusual", "pair_silence_unusual"]),
        Feature::new("nobody else reads it", &["copied_to_others"]),
    ],
};

const TALK: &[&str] = &[
    "asks_for_payment",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
    "asks_for_gift_cards",
    "asks_to_pass_on_money",
    "asks_for_cryptocurrency",
    "speaks_of_invoice",
    "money_amounts",
    "accounts_named",
    "money_talk_new_for_sender",
];

const ACCOUNTS: &[&str] = &[
    "accounts_named",
    "account_new_for_sender",
    "account_new_for_domain",
    "account_new_between",
    "account_changed_and_new",
    "payment_asked_without_usual_account",
    "thread_account_changed",
];

const HABITS: &[&str] = &["habits_new_share_of_sender", "money_talk_new_for_sender", "asks_out_of_habit"];

#[cfg(test)]
mod tests {
    use super::super::check::check;
    use crate::evidence::fixture::mail;

    #[test]
    fn a_known_correspondents_new_account_is_looked_at() {
        let asks = || mail().text("Please make the payment of $ 4,000 to IBAN DE89 3704 0044 0532 0130 00");
        check(
            module_path!(),
            asks(),
            Some(&[
                "it names another account",
                "it asks for money",
                "it names sums", "it was silent for long",
                "nobody else reads it",
            ]),
        );
        check(module_path!(), asks().stranger(), None);
        check(module_path!(), mail(), None);
    }
}

//! What attackers ask for, by signals: gates and features of several sub-detectors.

/// Money, or another account for it.
pub(super) const MONEY: &[&str] = &[
    "asks_for_payment",
    "asks_to_change_bank_details",
    "asks_to_change_payroll",
    "asks_for_gift_cards",
    "asks_to_pass_on_money",
    "asks_for_cryptocurrency",
    "speaks_of_invoice",
];

/// A word that opens a fraud: an errand, silence, another way to talk, haste.
pub(super) const FAVOUR: &[&str] =
    &["asks_if_available", "asks_for_secrecy", "asks_for_personal_number", "presses_for_time"];

/// Passwords and what leads to them.
pub(super) const CREDENTIALS: &[&str] = &[
    "asks_for_password",
    "warns_of_account_loss",
    "warns_of_mailbox",
    "asks_to_click",
    "speaks_of_shared_document",
    "link_names_login",
    "password_asked_behind_link",
];

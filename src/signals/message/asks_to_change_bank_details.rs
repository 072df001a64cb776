//! It speaks of changed bank details.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "new bank details",
    "new banking details",
    "new bank account",
    "new account details",
    "new account information",
    "new banking information",
    "new wire instructions",
    "new payment instructions",
    "new beneficiary account",
    "updated bank details",
    "updated banking details",
    "updated bank information",
    "updated banking information",
    "updated account details",
    "updated wire instructions",
    "updated payment instructions",
    "updated remittance",
    "changed our bank*",
    "change of bank*",
    "change in bank*",
    "change our bank*",
    "changed bank*",
    "changed our account",
    "change of account details",
    "change in our account",
    "change our account details",
    "change in our payment",
    "bank details have changed",
    "banking details have changed",
    "bank account has changed",
    "account details have changed",
    "our account is under audit",
    "account is currently under audit",
    "account is being audited",
    "under tax audit",
    "account is undergoing",
    "no longer use our",
    "not use the old account",
    "do not pay to the old",
    "do not make any payment to our old",
    "do not send any payment to",
    "disregard the previous bank*",
    "disregard our previous",
    "previous account is no longer",
    "future payments should",
    "future payments to our new",
    "all future payments",
    "all payments should be made to",
    "payment to be made to our new",
    "remit payment to our new",
    "remit to our new",
    "redirect the payment",
    "redirect payment",
    "different bank account",
    "alternative bank account",
    "alternate account",
    "our subsidiary account",
    "our new account",
    "update our banking",
    "update our bank",
    "update your records with our new",
    "update your system with our new",
    "confirm receipt of our new",
    "ach details",
    "new ach",
    "ach instructions",
    "new iban",
    "our new iban",
    "neue bankverbindung",
    "neuen bankverbindung",
    "geänderte bankverbindung",
    "neue kontoverbindung",
    "neuen kontoverbindung",
    "neue iban",
    "bankverbindung hat sich",
    "bankverbindung geändert",
    "kontoverbindung geändert",
    "neues konto",
    "neuen bankdaten",
    "nouvelles coordonnées bancaires",
    "nouveau rib",
    "changement de rib",
    "changement de coordonnées bancaires",
    "nouvel iban",
    "nouveau compte bancaire",
    "nueva cuenta bancaria",
    "nuevos datos bancarios",
    "cambio de cuenta",
    "nuevo iban",
    "cambio de datos bancarios",
    "nuovo iban",
    "nuove coordinate bancarie",
    "nieuwe bankrekening*",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of changed bank details",
    "For a supplier's payment that is to go to another account. Number of distinct phrases.",
    PHRASES,
)
.of(Category::InvoiceFraud)
.prior(1.75);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_account_is_seen_in_several_languages() {
        check(
            module_path!(),
            mail().text("Please note our new bank details; all future payments go there."),
            Some(2.0),
        );
        check(module_path!(), mail().text("Bitte beachten Sie unsere neue Bankverbindung."), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

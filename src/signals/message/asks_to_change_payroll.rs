//! It speaks of wages that are to go to another account.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "next pay run",
    "before the next pay run",
    "next payroll",
    "old account will be closed",
    "closed my account",
    "salary to be paid",
    "salary be paid",
    "direct deposit",
    "direct deposits",
    "payroll",
    "pay roll",
    "pay check",
    "paycheck",
    "next pay date",
    "next payday",
    "next pay day",
    "next pay period",
    "current pay period",
    "before the next pay",
    "my salary account",
    "my salary",
    "salary account",
    "my bank account on file",
    "change my bank*",
    "change my direct*",
    "update my bank*",
    "update my direct*",
    "change my account",
    "update my account details",
    "update my payroll",
    "my new bank",
    "my new account",
    "changed banks",
    "switched banks",
    "changed my bank",
    "voided check",
    "void check",
    "deposit form",
    "payslip*",
    "gehaltskonto",
    "gehaltsabrechnung*",
    "mein gehalt",
    "meine bankverbindung",
    "lohnabrechnung*",
    "meine neue iban",
    "neue kontodaten",
    "mon salaire",
    "virement de mon salaire",
    "mon nouveau rib",
    "changer mon rib",
    "mon compte bancaire",
    "mi nómina",
    "mi salario",
    "cambiar mi cuenta",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of wages that are to go to another account",
    "For payroll diversion in an employee's name. Number of distinct phrases.",
    PHRASES,
)
.of(Category::BusinessEmailCompromise)
.prior(2.0)
.against(&[Attack::PayrollDiversion]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn wages_and_their_account_are_seen() {
        check(
            module_path!(),
            mail().text("I changed banks. Can you update my direct deposit before the next pay date?"),
            Some(5.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}

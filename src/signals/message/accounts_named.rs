//! Accounts for money are named.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};
use crate::message::AccountKind;

pub(super) const SIGNAL: Signal = Signal::either(
    "accounts for money are named",
    "For all attacks that want money sent, and for ordinary invoices. Different accounts as ln(1 + n); a bank's \
     code alone counts as none.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let accounts = evidence.message.accounts().iter().filter(|account| account.kind != AccountKind::Bic);
    log(accounts.count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn accounts_are_counted() {
        check(module_path!(), mail().text("IBAN DE89 3704 0044 0532 0130 00"), Some(0.693));
        check(module_path!(), mail().text("BIC: COBADEFF"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

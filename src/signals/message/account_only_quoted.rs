//! It names an account only in a quoted message.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "it names an account only in a quoted message",
    "For a conversation made up to carry the account of an attack below a short request. 1 or 0; unknown \
     without an account.",
    measure,
)
.of(Category::InvoiceFraud);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let accounts = evidence.message.accounts();
    if accounts.is_empty() {
        return None;
    }
    fact(accounts.iter().all(|account| account.quoted))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_quoted_account_is_seen() {
        check(module_path!(), mail().text("please pay\n\n> IBAN DE89370400440532013000"), Some(1.0));
        check(module_path!(), mail().text("IBAN DE89 3704 0044 0532 0130 00"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}

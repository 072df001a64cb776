//! Someone never seen before names an account for money.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "someone never seen before names an account for money",
    "For advance fee, extortion and invoices out of nowhere. 1 or 0; unknown without author or baseline.",
    measure,
)
.of(Category::InvoiceFraud);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    fact(new && !evidence.message.accounts().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_account_of_a_stranger_counts() {
        check(module_path!(), mail().text("IBAN DE89 3704 0044 0532 0130 00").stranger(), Some(1.0));
        check(module_path!(), mail().text("IBAN DE89 3704 0044 0532 0130 00"), Some(0.0));
        check(module_path!(), mail().stranger(), Some(0.0));
        check(module_path!(), mail().text("IBAN DE89 3704 0044 0532 0130 00").unknown(), None);
    }
}

//! A stranger asks for money or another account.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger asks for money or another account",
    "For invoice fraud and gift cards at first contact. Phrases of payment, bank details, wages and gift cards \
     where the author is new, else 0; unknown without author or baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let asked = ["asks_for_payment", "asks_to_change_bank_details", "asks_to_change_payroll", "asks_for_gift_cards"];
    Some(if new { count_all(evidence, &asked) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_request_counts() {
        check(module_path!(), mail().text("wire transfer").stranger(), Some(1.0));
        check(module_path!(), mail().text("wire transfer"), Some(0.0));
        check(module_path!(), mail().text("wire transfer").unknown(), None);
    }
}

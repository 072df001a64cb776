//! Money or another account is asked for, and the author's domain is not proved.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "money or another account is asked for, and the author's domain is not proved",
    "For forged suppliers and executives. Phrases of payment, bank details, wages and gift cards where the \
     author's domain is not proved, else 0; unknown without author or checks.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let proved = evidence.author_is_proved()?;
    let asked = ["asks_for_payment", "asks_to_change_bank_details", "asks_to_change_payroll", "asks_for_gift_cards"];
    Some(if proved { 0.0 } else { count_all(evidence, &asked) })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_an_unproved_request_counts() {
        check(module_path!(), mail().text("wire transfer").unproved(), Some(1.0));
        check(module_path!(), mail().text("wire transfer"), Some(0.0));
        check(module_path!(), mail().text("wire transfer").unchecked(), None);
    }
}

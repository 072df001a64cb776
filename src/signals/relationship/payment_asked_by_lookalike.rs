//! A look-alike of a known correspondent speaks of payment or names an account.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a look-alike of a known correspondent speaks of payment or names an account",
    "For supplier fraud. 1 or 0; unknown where no domain is protected, or without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let likenesses = evidence.baseline.likenesses()?;
    let words = ["asks_for_payment", "speaks_of_invoice", "asks_to_change_bank_details", "asks_to_change_payroll"];
    let pays = || count_all(evidence, &words) > 0.0 || !evidence.message.accounts().is_empty();
    fact(likenesses.author.is_some() && pays())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;
    use crate::baseline::LikenessKind;

    #[test]
    fn a_look_alike_that_wants_money_is_seen() {
        let letter = |text| mail().text(text).lookalike(LikenessKind::Edits);
        check(module_path!(), letter("our new bank details"), Some(1.0));
        check(module_path!(), letter("IBAN DE89370400440532013000"), Some(1.0));
        check(module_path!(), letter("hello"), Some(0.0));
        check(module_path!(), mail().text("our new bank details"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

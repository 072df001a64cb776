//! A supplier's invoice comes without proof of its domain.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::suppliers::{is_supplier, trades};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a supplier's invoice comes without proof of its domain",
    "For forged invoices in a known supplier's name. 1 where a supplier's message speaks of invoices or payments or \
     names an account and is not proved, else 0; unknown without author, baseline or checks.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (supplier, proved) = (is_supplier(evidence)?, evidence.author_is_proved()?);
    fact(supplier && !proved && trades(evidence))
}

#[cfg(test)]
mod tests {
    use crate::signals::suppliers::tests::supplier;
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_forged_invoice_is_seen() {
        let invoice = || supplier().text("Attached is the invoice");
        check(module_path!(), invoice().unproved(), Some(1.0));
        check(module_path!(), invoice(), Some(0.0));
        check(module_path!(), supplier().unproved(), Some(0.0));
        check(module_path!(), mail().text("Attached is the invoice").unproved(), Some(0.0));
        check(module_path!(), invoice().unchecked(), None);
    }
}

//! It speaks of an invoice or payment, and its author's domain is no supplier.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::insiders::is_outside;
use crate::signals::registry::{Signal, fact};
use crate::signals::suppliers::{is_supplier, trades};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it speaks of an invoice or payment, and its author's domain is no supplier",
    "For invoices that nobody ordered. 1 where an outside author speaks of invoices or payments or names an account \
     and the domain never did so for long, else 0; unknown without author or baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(0.25);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let supplier = is_supplier(evidence)?;
    fact(!supplier && is_outside(evidence) && trades(evidence))
}

#[cfg(test)]
mod tests {
    use crate::signals::suppliers::tests::supplier;
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_invoice_of_a_supplier_is_usual() {
        check(module_path!(), mail().text("Attached is the invoice"), Some(1.0));
        check(module_path!(), supplier().text("Attached is the invoice"), Some(0.0));
        check(module_path!(), mail().text("Attached is the invoice").internal(), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

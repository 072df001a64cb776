//! A supplier's invoice comes from an address that is new.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::suppliers::{is_supplier, trades};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a supplier's invoice comes from an address that is new",
    "For a mailbox made up in a supplier's domain, or a sub-domain taken over. 1 where a supplier's message speaks \
     of invoices or payments or names an account and its author is new, else 0; unknown without author or baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (supplier, new) = (is_supplier(evidence)?, evidence.author_is_new()?);
    fact(supplier && new && trades(evidence))
}

#[cfg(test)]
mod tests {
    use crate::signals::suppliers::tests::supplier;
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_author_of_an_invoice_is_seen() {
        let invoice = || supplier().text("Attached is the invoice");
        check(module_path!(), invoice().with(|m| m.baseline.sender = None), Some(1.0));
        check(module_path!(), invoice(), Some(0.0));
        check(module_path!(), supplier().with(|m| m.baseline.sender = None), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

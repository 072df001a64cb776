//! A supplier's invoice goes to one of us to whom the supplier never wrote.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::baseline::is_new;
use crate::signals::Signal;
use crate::signals::suppliers::{is_supplier, trades};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a supplier's invoice goes to one of us to whom the supplier never wrote",
    "Who has read a supplier's mail by theft writes to whoever pays. The share of recipients to whom nobody of the \
     domain ever wrote, where a supplier's message speaks of invoices or payments or names an account, else 0; \
     unknown without author, recipients or baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (supplier, recipients) = (is_supplier(evidence)?, &evidence.baseline.recipients);
    if recipients.is_empty() {
        return None;
    }
    let new = recipients.iter().filter(|recipient| is_new(recipient.domain_pair.as_ref())).count();
    Some(if supplier && trades(evidence) { new as f32 / recipients.len() as f32 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::signals::suppliers::tests::supplier;
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_new_reader_of_an_invoice_is_seen() {
        let invoice = || supplier().text("Attached is the invoice");
        check(module_path!(), invoice().with(|m| m.baseline.recipients[0].domain_pair = None), Some(1.0));
        check(module_path!(), invoice(), Some(0.0));
        check(module_path!(), supplier().with(|m| m.baseline.recipients[0].domain_pair = None), Some(0.0));
        check(module_path!(), invoice().with(|m| m.baseline.recipients.clear()), None);
        check(module_path!(), mail().unknown(), None);
    }
}

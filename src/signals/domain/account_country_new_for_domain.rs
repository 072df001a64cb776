//! The bank that it names lies in another country than its author's domain ever named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the bank that it names lies in another country than those its author's domain named",
    "For invoices to be paid elsewhere. 1 or 0; unknown without a bank, for a domain that never named one, \
     without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender_domain.as_ref()?.usual("account_country")?.is_absent()?;
    evidence.baseline.is_known().then(|| f32::from(u8::from(new)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_country_is_seen() {
        check(module_path!(), mail().habit("account_country", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
        check(module_path!(), mail().unknown(), None);
    }
}

//! It names an account that its author never named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it names an account that its author never named",
    "For invoices from a mailbox taken over. 1 or 0; unknown without an account, for an author who never named \
     one, without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender.as_ref()?.usual("account")?.is_absent()?;
    evidence.baseline.is_known().then(|| f32::from(u8::from(new)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_account_is_seen() {
        check(module_path!(), mail().habit("account", 0.0), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().stranger(), None);
        check(module_path!(), mail().unknown(), None);
    }
}

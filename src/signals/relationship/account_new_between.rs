//! It names an account that its author never named to this recipient.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it names an account that its author never named to this recipient",
    "For another's account in a relationship of invoices. 1 or 0 by the first recipient to whom the author \
     named accounts before; unknown without one, without baseline.",
    measure,
)
.of(Category::InvoiceFraud);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let pairs = evidence.baseline.recipients.iter().filter_map(|recipient| recipient.pair.as_ref());
    let new = pairs.filter_map(|pair| pair.usual("account")?.is_absent()).next()?;
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

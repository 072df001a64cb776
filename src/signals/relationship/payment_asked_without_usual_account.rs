//! It asks for payment and names an account that its author never named to anyone.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it asks for payment and names an account that its author never named",
    "For a known mailbox taken over that wants money sent elsewhere. 1 or 0; unknown without an account, for an \
     author who never named one, without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender.as_ref()?.usual("account")?.is_absent()?;
    let asks = count_all(evidence, &["asks_for_payment", "speaks_of_invoice"]) > 0.0;
    evidence.baseline.is_known().then(|| f32::from(u8::from(new && asks)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_payment_elsewhere_is_seen() {
        let invoice = || mail().text("please find the attached invoice");
        check(module_path!(), invoice().habit("account", 0.0), Some(1.0));
        check(module_path!(), invoice(), Some(0.0));
        check(module_path!(), mail().habit("account", 0.0), Some(0.0));
        check(module_path!(), invoice().unknown(), None);
    }
}

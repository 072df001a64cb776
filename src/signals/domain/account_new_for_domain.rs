//! It names an account that its author's domain never named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;
use crate::signals::free_mail::is_free_mail;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it names an account that its author's domain never named",
    "For invoices with another's account. 1 or 0; unknown without an account, for a domain that never named \
     one, for a provider of free mailboxes, without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let domain = evidence.author_registrable()?;
    let new = evidence.baseline.sender_domain.as_ref()?.usual("account")?.is_absent()?;
    (evidence.baseline.is_known() && !is_free_mail(domain)).then(|| f32::from(u8::from(new)))
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
        check(module_path!(), mail().from("Anna", "anna@gmail.com"), None);
    }
}

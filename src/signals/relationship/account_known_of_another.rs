//! Its author's domain never named this account, and another did.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::free_mail::is_free_mail;

pub(super) const SIGNAL: Signal = Signal::either(
    "its author's domain never named this account, and another did",
    "For a purse or go-between's account that many attacks share, and for passed-on invoices. 1 or 0 by the \
     first account that was ever named; unknown without one, for a provider of free mailboxes, without \
     baseline.",
    measure,
)
.of(Category::InvoiceFraud);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let named = evidence.baseline.accounts.iter().flatten().next()?;
    let domain = evidence.author_registrable()?;
    if !evidence.baseline.is_known() || is_free_mail(domain) {
        return None;
    }
    let own = evidence.baseline.sender_domain.as_ref().and_then(|domain| domain.usual("account"));
    fact(named.correspondents > 0 && own.is_none_or(|own| own.is_absent() != Some(false)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::{mail, profile};
    use crate::signals::check::check;

    #[test]
    fn the_account_of_another_is_seen() {
        let named = || mail().with(|m| m.baseline.accounts = vec![None, Some(profile())]);
        check(module_path!(), named().habit("account", 0.0), Some(1.0));
        check(module_path!(), named().stranger(), Some(1.0));
        check(module_path!(), named(), Some(0.0));
        check(module_path!(), mail(), None);
        check(module_path!(), named().from("A", "a@gmail.com"), None);
    }
}

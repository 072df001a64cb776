//! A supplier names an account that it never named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};
use crate::signals::suppliers::is_supplier;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a supplier names an account that it never named",
    "For invoices with another's account, from a supplier's mailbox or in its name. 1 or 0, also where the supplier \
     never named any; unknown without an account, for who is no supplier, without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    is_supplier(evidence).filter(|supplier| *supplier)?;
    let usual = evidence.baseline.sender_domain.as_ref()?.usual("account")?;
    fact(usual.is_absent() != Some(false))
}

#[cfg(test)]
mod tests {
    use crate::signals::suppliers::tests::supplier;
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn another_account_is_seen() {
        check(module_path!(), supplier().habit("account", 0.0), Some(1.0));
        check(module_path!(), supplier(), Some(0.0));
        let silent = |m: &mut crate::evidence::fixture::Fixture| {
            m.baseline.sender_domain.as_mut().expect("known").habits.iter_mut().for_each(|(_, usual)| *usual = Default::default());
        };
        check(module_path!(), supplier().with(silent), Some(1.0));
        check(module_path!(), supplier().with(|m| m.baseline.sender_domain.as_mut().expect("known").habits.clear()), None);
        check(module_path!(), mail().habit("account", 0.0), None);
        check(module_path!(), supplier().unknown(), None);
    }
}

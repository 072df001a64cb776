//! It announces changed bank details and names an account that its author's domain never named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it announces changed bank details and names an account that its author's domain never named",
    "For supplier fraud and payroll diversion: words and fact agree. 1 or 0; unknown without an account, for a \
     domain that never named one, without baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.baseline.sender_domain.as_ref()?.usual("account")?.is_absent()?;
    let changed = ["asks_to_change_bank_details", "asks_to_change_payroll"];
    evidence.baseline.is_known().then(|| f32::from(u8::from(new && count_all(evidence, &changed) > 0.0)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn words_and_fact_must_agree() {
        let changed = || mail().text("our new bank details");
        check(module_path!(), changed().habit("account", 0.0), Some(1.0));
        check(module_path!(), changed(), Some(0.0));
        check(module_path!(), mail().habit("account", 0.0), Some(0.0));
        check(module_path!(), changed().stranger(), None);
        check(module_path!(), changed().unknown(), None);
    }
}

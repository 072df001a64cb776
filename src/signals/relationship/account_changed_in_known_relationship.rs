//! A known correspondent speaks of changed bank details.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a known correspondent speaks of changed bank details",
    "For a supplier's mailbox taken over or imitated. Phrases of changed bank details and wages where the author \
     is known, else 0; unknown without author or baseline.",
    measure,
)
.of(Category::InvoiceFraud)
.prior(1.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    let changed = ["asks_to_change_bank_details", "asks_to_change_payroll"];
    Some(if new { 0.0 } else { count_all(evidence, &changed) })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_change_in_a_known_relationship_counts() {
        check(module_path!(), mail().text("our new bank details"), Some(1.0));
        check(module_path!(), mail().text("our new bank details").stranger(), Some(0.0));
        check(module_path!(), mail().text("our new bank details").unknown(), None);
    }
}

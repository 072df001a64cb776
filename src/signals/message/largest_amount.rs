//! A large sum of money is named.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a large sum of money is named",
    "Fortunes are promised in millions, invoices asked in thousands. The largest sum as log10(1 + n), 0 without \
     any.",
    measure,
)
.of(Category::AdvanceFee);

/// More is nothing but a longer number.
const AMOUNT_MAX: f64 = 1e12;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    Some((evidence.amounts().largest.min(AMOUNT_MAX) + 1.0).log10() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_largest_sum_counts() {
        check(module_path!(), mail().text("a fee of $999 for $9.999 million"), Some(7.0));
        check(module_path!(), mail().text(&format!("$1{}", "0".repeat(300))), Some(12.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

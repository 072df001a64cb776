//! Percentages are offered.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "percentages are offered",
    "For discounts, rates and shares of a fortune. Number of percentages as ln(1 + n).",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let text = evidence.wording().as_bytes();
    let offered = text.windows(2).filter(|pair| pair[0].is_ascii_digit() && pair[1] == b'%').count();
    log(offered as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn percentages_are_counted() {
        check(module_path!(), mail().text("50% off, 100% free"), Some(1.0986));
        check(module_path!(), mail().text("100 % or 20%ile"), Some(0.693));
        check(module_path!(), mail(), Some(0.0));
    }
}

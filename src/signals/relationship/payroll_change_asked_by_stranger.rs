//! A stranger speaks of wages that are to go elsewhere.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger speaks of wages that are to go elsewhere",
    "For payroll diversion from an address made for it. Phrases where the author is new, else 0; unknown without \
     author or baseline.",
    measure,
)
.against(&[Attack::PayrollDiversion])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    Some(if new { count_all(evidence, &["asks_to_change_payroll"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_wages_count() {
        check(module_path!(), mail().text("change my direct deposit").stranger(), Some(2.0));
        check(module_path!(), mail().text("change my direct deposit"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

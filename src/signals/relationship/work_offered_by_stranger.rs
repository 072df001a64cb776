//! A stranger offers work.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a stranger offers work",
    "For job scams. Phrases where the author is new, else 0; unknown without author or baseline.",
    measure,
)
.against(&[Attack::JobScam])
.prior(0.5);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = evidence.author_is_new()?;
    Some(if new { count_all(evidence, &["offers_work", "asks_to_pass_on_money"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_strangers_work_counts() {
        check(module_path!(), mail().text("A job offer with a salary").stranger(), Some(2.0));
        check(module_path!(), mail().text("A job offer with a salary"), Some(0.0));
        check(module_path!(), mail().unknown(), None);
    }
}

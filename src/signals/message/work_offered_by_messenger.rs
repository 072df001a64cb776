//! It offers work, and asks to go on by messenger.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;
use crate::signals::phrases::count_all;

pub(super) const SIGNAL: Signal = Signal::rises(
    "it offers work, and asks to go on by telephone or messenger",
    "Job scams hire by messenger and never meet. Phrases of telephone and messenger where two of work are there, \
     else 0.",
    measure,
)
.of(Category::JobScam)
.prior(1.0);

/// One phrase of work stands in many a letter.
const WORK_MIN: f32 = 2.0;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let work = count_all(evidence, &["offers_work"]) >= WORK_MIN;
    Some(if work { count_all(evidence, &["asks_for_personal_number"]) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_work_by_messenger_counts() {
        check(module_path!(), mail().text("A job offer with a salary: write to us on WhatsApp"), Some(1.0));
        check(module_path!(), mail().text("Write to us on WhatsApp"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

//! The subject has exclamation marks.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal =
    Signal::rises("the subject has exclamation marks", "For spam. Their number.", measure).of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.subject_lettering().exclamations)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn marks_are_counted() {
        check(module_path!(), mail().subject("Buy now!!"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

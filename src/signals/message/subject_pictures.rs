//! The subject holds pictures or dingbats.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject holds pictures or dingbats",
    "For advertising and prize notices that stand out in a list of messages. Number of such characters.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.subject_lettering().pictures)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn pictures_are_counted() {
        check(module_path!(), mail().subject("\u{1f381} A gift \u{1f381}"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

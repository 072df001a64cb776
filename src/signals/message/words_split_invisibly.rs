//! Words are split by invisible characters.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "words are split by invisible characters",
    "Zero-width and direction marks hide words from a filter. Places in subject and text where one stands within \
     a word, as ln(1 + n).",
    measure,
)
.of(Category::CredentialPhishing)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log((evidence.lettering().split + evidence.subject_lettering().split) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn marks_within_words_are_counted_in_subject_and_text() {
        check(module_path!(), mail().subject("pass\u{200b}word").text("pass\u{200b}word"), Some(1.0986));
        check(module_path!(), mail().text("padding \u{200b} \u{200b}"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

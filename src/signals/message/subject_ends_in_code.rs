//! The subject ends in a code.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the subject ends in a code",
    "Bulk senders make each subject unlike the others by a code at its end. 1 or 0.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let last = evidence.message.subject.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let digits = last.bytes().filter(u8::is_ascii_digit).count();
    let letters = last.bytes().filter(u8::is_ascii_alphabetic).count();
    let many_words = evidence.message.subject.split_whitespace().nth(1).is_some();
    fact(many_words && last.is_ascii() && digits >= 2 && letters >= 3 && digits + letters == last.len())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn letters_mixed_with_digits_are_a_code() {
        check(module_path!(), mail().subject("Lower your rate 83kdf92"), Some(1.0));
        check(module_path!(), mail().subject("Report 2026"), Some(0.0));
        check(module_path!(), mail().subject("83kdf92"), Some(0.0));
    }
}

//! Letters of different alphabets stand in one word.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "letters of different alphabets stand in one word",
    "Cyrillic or Greek letters that look like Latin ones hide words from a filter. Number of such words in \
     subject and text, as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let words = evidence.lettering().mixed_words + evidence.subject_lettering().mixed_words;
    log(words as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_look_alike_letter_is_seen() {
        check(module_path!(), mail().text("your p\u{430}ssword"), Some(0.693));
        check(module_path!(), mail().text("\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c} password"), Some(0.0));
    }
}

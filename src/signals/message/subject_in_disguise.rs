//! Letters of the subject or the author's name are not what they look like.

use crate::evidence::Evidence;
use crate::evidence::Lettering;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "letters of the subject or the author's name are not what they look like",
    "Letters of mathematical, phonetic or other alphabets and invisible marks between letters hide words from a \
     filter. Number of such places in subject and display name, as ln(1 + n).",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let disguised = |counts: &Lettering| counts.split + counts.styled + counts.mixed_words;
    log((disguised(evidence.subject_lettering()) + disguised(evidence.name_lettering())) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn bold_letters_and_split_words_are_disguises() {
        check(
            module_path!(),
            mail().subject("P\u{200b}ay \u{1d5e1}\u{1d5e2}\u{1d5e9}").from("B\u{251}nk", "a@other.example"),
            Some(1.791),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}

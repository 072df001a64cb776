//! Letters of mathematical or full-width alphabets stand for plain ones.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "letters of mathematical or full-width alphabets stand for plain ones",
    "They look bold to the eye and are other characters to a filter. Share of the letters in subject and text, 0 \
     to 1; unknown without letters.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (text, subject) = (evidence.lettering(), evidence.subject_lettering());
    let letters = text.letters + subject.letters;
    (letters > 0).then(|| (text.styled + subject.styled) as f32 / letters as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn bold_letters_are_a_share() {
        check(module_path!(), mail().subject("").text("\u{1d429}\u{1d41a}\u{1d432} me"), Some(0.6));
        check(module_path!(), mail(), Some(0.0));
        check(module_path!(), mail().subject("").text(""), None);
    }
}

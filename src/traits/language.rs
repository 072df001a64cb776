//! The language of the author's own text.

use whatlang::detect;

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(11, "language", &[Keeper::Sender, Keeper::Pair], 4, shows);

/// Characters below which a guess is no better than chance.
const CHARS_MIN: usize = 60;
/// Bytes that are enough for a guess; a longer text only costs more.
const BYTES_MAX: usize = 1_024;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let text = shown.own_text();
    let text = &text[..text.floor_char_boundary(BYTES_MAX)];
    if text.chars().filter(|c| c.is_alphabetic()).count() < CHARS_MIN {
        return Vec::new();
    }
    one(detect(text).filter(whatlang::Info::is_reliable).map(|found| found.lang().code()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn a_letter_has_a_language() {
        check(module_path!(), "Content-Type: text/plain; charset=utf-8\n\nSehr geehrter Herr Weber, anbei finden Sie die Unterlagen, die wir gestern besprochen haben. Mit freundlichen Grüßen", &["deu"]);
    }

    #[test]
    fn a_line_is_too_short() {
        check(module_path!(), "Subject: x\n\nok, danke", &[]);
    }
}

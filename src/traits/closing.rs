//! How the author closes a letter: the words above the name.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(26, "closing words", &[Keeper::Sender], 6, shows);

/// Characters of a line that still closes a letter.
const CHARS_MAX: usize = 40;
/// Lines from the end in which it is sought: a signature may follow.
const LINES_MAX: usize = 12;

const OPENINGS: &[&str] = &[
    "regards", "kind", "best", "warm", "thanks", "thank", "cheers", "sincerely", "yours", "respectfully", "mit", "viele",
    "liebe", "beste", "gruß", "grüße", "cordialement", "bien", "saludos", "atentamente", "cordiali", "met", "cordially",
];

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let lines: Vec<&str> = shown.own_text().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let closes = |line: &&&str| {
        let first = line.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        line.chars().count() <= CHARS_MAX && OPENINGS.contains(&first.as_str())
    };
    let found = lines.iter().rev().take(LINES_MAX).find(closes);
    one(found.map(|line| line.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn closing_words_are_read() {
        check(module_path!(), "Subject: x\n\nPlease call.\n\nKind regards,\nAnna\nTel. 1", &["kind regards"]);
    }

    #[test]
    fn a_note_has_none() {
        check(module_path!(), "Subject: x\n\nSee you at ten.\n", &[]);
    }
}

//! How the author opens a letter to this recipient.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(25, "greeting", &[Keeper::Pair], 6, shows);

/// Characters of a line that still is a greeting.
const CHARS_MAX: usize = 40;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let line = shown.own_text().lines().map(str::trim).find(|line| !line.is_empty());
    let short = line.filter(|line| line.chars().count() <= CHARS_MAX && line.ends_with([',', '!', ':', '-', ';']));
    one(short.map(|line| line.trim_end_matches([',', '!', ':', '-', ';', ' ']).to_lowercase()))
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn a_greeting_is_read() {
        check(module_path!(), "Subject: x\n\nDear Bob,\n\nplease", &["dear bob"]);
    }

    #[test]
    fn a_sentence_is_none() {
        check(module_path!(), "Subject: x\n\nPlease see below what we agreed on Tuesday.\n", &[]);
    }
}

//! The local part of the author's address, as one takes it: the same person elsewhere would choose the same.

use super::shown::{Keeper, Shown, Trait, one};
use crate::mail::resemblance::shape;

pub(super) const TRAIT: Trait = Trait::new(43, "local part", &[Keeper::Domain], 16, shows);

/// Letters from which a local part tells one person from another.
const LETTERS_MIN: usize = 7;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.author().and_then(|author| alike(author.local())))
}

/// Its words in alphabetical order, in the letters that the eye sees, without numbers at their ends and what follows a
/// plus: `anna.muster`, `muster-anna2` and `Anna_Mu5ter+x` are one.
fn alike(local: &str) -> Option<String> {
    let local = local.to_lowercase();
    let bare = local.split('+').next().unwrap_or_default();
    let bare_word = |word: &str| shape(word.trim_matches(|c: char| c.is_ascii_digit()));
    let mut words: Vec<String> = bare.split(|c: char| !c.is_alphanumeric()).map(bare_word).collect();
    words.sort_unstable();
    let joined = words.concat();
    (joined.chars().count() >= LETTERS_MIN).then_some(joined)
}

#[cfg(test)]
mod tests {
    use super::alike;
    use crate::traits::shown::tests::check;

    #[test]
    fn the_authors_local_part_shows() {
        check(module_path!(), "From: Anna.Muster@x.example\n\nx", &["annamuster"]);
        check(module_path!(), "From: info@x.example\n\nx", &[]);
    }

    #[test]
    fn spellings_of_one_are_the_same() {
        for local in ["muster-anna2", "anna.muster", "Anna_Mu5ter+x", "muster.anna"] {
            assert_eq!(alike(local).as_deref(), Some("annamuster"), "{local}");
        }
        assert_ne!(alike("hanna.muster"), alike("anna.muster"));
    }
}

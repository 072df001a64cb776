//! The author's name has nothing to do with its address.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's name has nothing to do with its address",
    "Free mailboxes bear the names of whoever is to be imitated. 1 where no word of the display name begins like \
     a part of the address or domain, else 0; unknown without a name or author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author()?;
    let address = author.key();
    let name = normalise(evidence.message.author_name());
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3).collect();
    if words.is_empty() {
        return None;
    }
    // The first three letters stand for a name in most schemes of addresses.
    let begins = |word: &&str| word.char_indices().nth(3).map_or(*word, |(end, _)| &word[..end]).to_owned();
    fact(!words.iter().any(|word| address.contains(&begins(word))))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_part_of_the_name_is_enough() {
        check(module_path!(), mail().from("Anna Partner", "kq77@other.example"), Some(1.0));
        check(module_path!(), mail().from("Anna Partner", "apart@other.example"), Some(0.0));
        check(module_path!(), mail().from("AP", "kq77@other.example"), None);
    }
}

//! The author's name has a title.

use crate::evidence::Evidence;
use crate::evidence::normalise;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "the author's name has a title",
    "Advance-fee letters come from Mr., Mrs., Dr., Barrister, Rev. and General. 1 or 0.",
    measure,
)
.of(Category::AdvanceFee);

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "madam",
    "sir",
    "barr",
    "barrister",
    "rev",
    "reverend",
    "pastor",
    "bishop",
    "dr",
    "prof",
    "engr",
    "chief",
    "prince",
    "princess",
    "gen",
    "general",
    "sgt",
    "sergeant",
    "capt",
    "captain",
    "col",
    "colonel",
    "hon",
    "ambassador",
    "chairman",
    "esq",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let name = normalise(evidence.message.author_name());
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    fact(words.any(|word| TITLES.contains(&word)))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn titles_are_words() {
        check(module_path!(), mail().from("Mrs. Anna Partner", "a@other.example"), Some(1.0));
        check(module_path!(), mail().from("Drew Generalov", "a@other.example"), Some(0.0));
    }
}

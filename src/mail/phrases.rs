//! Phrases that are looked for in a text all at once.

use aho_corasick::AhoCorasick;

/// Phrases as one automaton.
#[derive(Clone, Debug)]
pub struct Phrases(AhoCorasick);

/// Where a phrase stands in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Which phrase, by its place among those given.
    pub phrase: usize,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Phrases {
    /// An automaton of these phrases; `None` where they are more than one can hold (2³¹ states).
    pub fn new<T: AsRef<[u8]>>(phrases: impl IntoIterator<Item = T>) -> Option<Self> {
        AhoCorasick::new(phrases).ok().map(Self)
    }

    /// Every place where one of them stands, those that overlap too.
    pub fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Occurrence> + 't {
        let found = self.0.find_overlapping_iter(text);
        found.map(|found| Occurrence { phrase: found.pattern().as_usize(), start: found.start(), end: found.end() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_that_overlap_are_all_found() {
        let phrases = Phrases::new(["pay", "payment", "men", "none"]).expect("few");
        let found: Vec<_> = phrases.find("a payment").map(|found| (found.phrase, found.start, found.end)).collect();
        assert_eq!(found, [(0, 2, 5), (2, 5, 8), (1, 2, 9)]);
    }
}

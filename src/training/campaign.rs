//! Which messages are near-duplicates of each other, so that none of a campaign is tried on a model that learned it.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use crate::evidence::normalise;
use crate::message::Message;

/// Words looked at: a campaign's messages are alike from the start.
const WORDS_MAX: usize = 400;
/// Words of a shingle: long enough that two letters on one subject share few.
const SHINGLE_WORDS: usize = 3;
/// Fewer words than this say too little to call two messages alike.
const WORDS_MIN: usize = 8;

/// The campaign of a message: the smallest two hashes over its word shingles (MinHash, Broder 1997), so that messages
/// of which nine tenths agree mostly have the same number. Digits count as one digit, since each copy has its own.
/// 0, a campaign of its own, for a message of hardly any words.
pub fn campaign(message: &Message) -> u64 {
    let text: String =
        normalise(message.texts.shown()).chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let words: Vec<&str> = text.split_whitespace().take(WORDS_MAX).collect();
    if words.len() < WORDS_MIN {
        return 0;
    }
    let (mut first, mut second) = (u64::MAX, u64::MAX);
    for shingle in words.windows(SHINGLE_WORDS) {
        let hash = hash(shingle);
        first = first.min(hash);
        // Multiplying by an odd number permutes the 64-bit numbers: a second hash function for nothing.
        second = second.min(hash.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    }
    hash(&(first, second)).max(1)
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Texts;

    fn of(text: &str) -> u64 {
        let texts = Texts { plain: text.to_owned(), ..Texts::default() };
        campaign(&Message { texts, ..Message::default() })
    }

    #[test]
    fn copies_with_other_numbers_are_one_campaign() {
        let copy =
            |n: u32| format!("Dear customer {n}, your parcel {n} waits at the depot, please pay the fee of {n} EUR");
        assert_eq!(of(&copy(1)), of(&copy(7)));
        assert_ne!(of(&copy(1)), of("The minutes of Monday's meeting are attached, please read them before we meet"));
    }

    #[test]
    fn hardly_any_words_make_no_campaign() {
        assert_eq!(of("see you at eight"), 0);
    }
}

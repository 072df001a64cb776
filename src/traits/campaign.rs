//! Near-duplicate messages: a message and its variants meet in at least one of a few keys.
//!
//! MinHash over three-word shingles of the normalised text (Broder 1997), in bands: two messages whose shingles overlap
//! by 0.8 share a key with probability 0.98, by 0.5 with 0.68, by 0.2 with 0.15.

use crate::message::{LinkPlace, Message};

/// Bands, each one key.
const BANDS: usize = 4;
/// Rows of a band: all of them must agree.
const ROWS: usize = 2;
/// Words of a shingle.
const SHINGLE_WORDS: usize = 3;
/// Shingles below which a text is no campaign's: short notes are alike by chance.
const SHINGLES_MIN: usize = 12;
/// Words that are read: what a campaign says stands in its beginning.
const WORDS_MAX: usize = 400;

/// The keys of the campaign that a message may belong to; empty for one too short to tell.
pub fn campaign(message: &Message) -> Vec<u64> {
    let text = message.texts.shown();
    let text = &text[..text.floor_char_boundary(WORDS_MAX * 16)];
    let mut words: Vec<u64> = text.split_whitespace().filter_map(word).take(WORDS_MAX).collect();
    let links = message.links.iter().filter(|link| link.place != LinkPlace::Image);
    words.extend(links.filter_map(|link| link.host.as_ref()).take(8).map(|host| hash(host.registrable().as_str())));
    let shingles: Vec<u64> = words.windows(SHINGLE_WORDS).map(joined).collect();
    if shingles.len() < SHINGLES_MIN {
        return Vec::new();
    }
    let least = |seed: u64| shingles.iter().map(|shingle| mixed(shingle ^ seed)).min().unwrap_or_default();
    let row = |n: usize| least(mixed(n as u64 + 1));
    (0..BANDS).map(|band| (0..ROWS).fold(band as u64, |key, n| mixed(key ^ row(band * ROWS + n)))).collect()
}

/// A word without case and marks; digits, addresses and links, which differ from copy to copy, as what they are.
fn word(word: &str) -> Option<u64> {
    if word.contains("://") || word.starts_with("www.") {
        return Some(hash("link"));
    }
    if word.contains('@') {
        return Some(hash("address"));
    }
    if word.contains(|c: char| c.is_ascii_digit()) {
        return Some(hash("number"));
    }
    let letters: String = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    (!letters.is_empty()).then(|| hash(&letters))
}

fn joined(words: &[u64]) -> u64 {
    words.iter().fold(0, |sum, word| mixed(sum.rotate_left(21) ^ word))
}

/// FNV-1a: the store hashes the keys again with a secret of its own.
fn hash(text: &str) -> u64 {
    mixed(text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3)))
}

/// Spreads every bit over all (the finaliser of SplitMix64).
fn mixed(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Texts;

    const LETTER: &str = "Dear customer, your mailbox is almost full and will be closed within a day unless you confirm \
        it now. Please sign in with your usual password so that no message of yours is lost. The help desk";

    fn keys(text: &str) -> Vec<u64> {
        campaign(&Message { texts: Texts { plain: text.to_owned(), ..Texts::default() }, ..Message::default() })
    }

    fn shared(a: &str, b: &str) -> usize {
        keys(a).iter().zip(&keys(b)).filter(|(a, b)| a == b).count()
    }

    #[test]
    fn copies_meet_in_every_key() {
        assert_eq!(shared(LETTER, &LETTER.to_uppercase()), BANDS);
        let (one, other) = (format!("{LETTER} case 4711"), format!("{LETTER} case 815-22"));
        assert_eq!(shared(&one, &other), BANDS);
    }

    #[test]
    fn variants_meet_in_some_key() {
        let variant = LETTER.replace("customer", "colleague").replace("a day", "48 hours");
        assert!(shared(LETTER, &variant) >= 1);
    }

    #[test]
    fn other_letters_do_not_meet() {
        let other = "Hello Bob, thanks for the minutes. I have added the figures of the third quarter and would like to \
            go through them with you on Tuesday at ten, before we send them to the board. Best regards, Anna";
        assert_eq!(shared(LETTER, other), 0);
    }

    #[test]
    fn a_short_note_is_no_campaign() {
        assert!(keys("Call me please").is_empty() && keys("").is_empty());
    }
}

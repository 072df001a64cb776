//! The keys by which look-alike labels meet: what a known name is filed under, and where a foreign one is sought.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use crate::mail::resemblance::{ONE_EDIT_LETTERS_MIN, TWO_EDITS_LETTERS_MIN};

/// Pieces into which a long label is cut. Two edits spoil at most two of them, so that two stay whole (only swaps of
/// neighbours across a cut can spoil more).
const PIECES: usize = 4;
/// Edits that a long label survives.
const EDITS: isize = 2;

/// What a key is about.
#[derive(Clone, Copy)]
pub(super) enum Tag {
    /// The whole domain.
    Domain = 1,
    /// The shape of the label.
    Shape = 2,
    /// The shape of a label of two words, swapped.
    Swapped = 3,
    /// The shape without words of trade.
    Core = 4,
    /// The shape without one letter.
    Shorter = 5,
    /// Two pieces of the shape.
    Pieces = 6,
}

/// Hashes keys with a secret of the process. A search bounds what it compares, so that nobody gains by making many meet;
/// a short hash is half of its time.
pub(super) struct Keys(u64);

impl Default for Keys {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0u8))
    }
}

impl Keys {
    /// The hash of a text.
    pub fn of(&self, tag: Tag, text: &str) -> u32 {
        self.hash(tag, [0; 3], text.chars())
    }

    fn hash(&self, tag: Tag, place: [u8; 3], letters: impl Iterator<Item = char>) -> u32 {
        let step =
            |hash: u64, value: u32| (hash ^ u64::from(value)).wrapping_mul(0x9FB2_1C65_1E98_DF25).rotate_left(29);
        let begun = step(self.0, u32::from_le_bytes([tag as u8, place[0], place[1], place[2]]));
        let hash = letters.fold(begun, |hash, c| step(hash, u32::from(c)));
        ((hash ^ hash >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32
    }

    fn without(&self, tag: Tag, letters: &[char], at: usize) -> u32 {
        self.hash(tag, [0; 3], letters[..at].iter().chain(&letters[at + 1..]).copied())
    }

    /// What a known label is filed under so that edits find it, by the letters of its shape.
    pub fn filed(&self, letters: &[char]) -> Vec<u32> {
        let count = letters.len();
        if (ONE_EDIT_LETTERS_MIN..TWO_EDITS_LETTERS_MIN).contains(&count) {
            return (0..count).map(|at| self.without(Tag::Shorter, letters, at)).collect();
        }
        if count < TWO_EDITS_LETTERS_MIN {
            return Vec::new();
        }
        pairs().filter_map(|pair| self.pieces(letters, count, pair, [0, 0])).collect()
    }

    /// Where a foreign label is sought: all keys that a known one within the edits allowed may be filed under, at most
    /// 99.
    pub fn sought(&self, letters: &[char]) -> Vec<u32> {
        let (count, mut keys) = (letters.len(), Vec::with_capacity(99));
        if (ONE_EDIT_LETTERS_MIN - 1..=TWO_EDITS_LETTERS_MIN).contains(&count) {
            keys.push(self.hash(Tag::Shorter, [0; 3], letters.iter().copied()));
            for at in 0..count {
                keys.push(self.without(Tag::Shape, letters, at));
                keys.push(self.without(Tag::Shorter, letters, at));
            }
        }
        for known in TWO_EDITS_LETTERS_MIN.max(count.saturating_sub(EDITS as usize))..=count + EDITS as usize {
            let longer = count as isize - known as isize;
            let moved = SHIFTS[(longer + EDITS) as usize].iter();
            keys.extend(moved.filter_map(|(pair, shifts)| self.pieces(letters, known, *pair, *shifts)));
        }
        keys
    }

    /// The key of two pieces, cut as from a label of `known` letters, each so many letters later. `None` where they lie
    /// outside.
    fn pieces(&self, letters: &[char], known: usize, (i, j): (usize, usize), shifts: [isize; 2]) -> Option<u32> {
        let piece = |number: usize, shift: isize| {
            let cut = |at: usize| (at * known / PIECES).checked_add_signed(shift);
            letters.get(cut(number)?..cut(number + 1)?)
        };
        let (first, second) = (piece(i, shifts[0])?, piece(j, shifts[1])?);
        Some(self.hash(Tag::Pieces, [i as u8, j as u8, known.min(255) as u8], first.iter().chain(second).copied()))
    }
}

fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..PIECES).flat_map(|i| (i + 1..PIECES).map(move |j| (i, j)))
}

/// Two pieces, and how far each has moved.
type Moved = ((usize, usize), [isize; 2]);

/// What may have become of the first two whole pieces, by how many letters the whole is longer, from fewest.
static SHIFTS: LazyLock<[Vec<Moved>; 2 * EDITS as usize + 1]> =
    LazyLock::new(|| std::array::from_fn(|at| pairs().flat_map(|pair| shifts(pair, at as isize - EDITS)).collect()));

/// How far the first two whole pieces may have moved: each letter put in or taken out before, between or behind them is
/// an edit, and so is whatever spoiled each piece before and between them.
fn shifts((i, j): (usize, usize), longer: isize) -> impl Iterator<Item = Moved> {
    let range = -EDITS..=EDITS;
    let all = range.clone().flat_map(move |first| range.clone().map(move |second| [first, second]));
    let possible = all.filter(move |[first, second]| {
        let before = first.abs().max(i as isize);
        let between = (second - first).abs().max((j - i) as isize - 1);
        before + between + (longer - second).abs() <= EDITS
    });
    possible.map(move |shifts| ((i, j), shifts))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn meet(known: &str, foreign: &str) -> bool {
        let keys = Keys::default();
        let known: Vec<char> = known.chars().collect();
        let mut filed: HashSet<u32> = keys.filed(&known).into_iter().collect();
        filed.insert(keys.hash(Tag::Shape, [0; 3], known.iter().copied()));
        keys.sought(&foreign.chars().collect::<Vec<_>>()).iter().any(|key| filed.contains(key))
    }

    #[test]
    fn one_edit_meets_a_name_of_middle_length() {
        for foreign in ["harbou", "harbours", "harbxur", "harbuor", "aharbour"] {
            assert!(meet("harbour", foreign), "{foreign}");
        }
        assert!(!meet("harbour", "hxrbxur") && !meet("park", "pack"));
    }

    #[test]
    fn a_search_is_short() {
        for letters in 1..=63 {
            let keys = Keys::default().sought(&vec!['a'; letters]).len();
            assert!(keys <= 99, "{letters}: {keys}");
        }
    }

    proptest! {
        #[test]
        fn two_edits_meet_a_long_name(known in "[a-z]{10,24}", edits in prop::collection::vec((0..3u8, 0..100usize, b'a'..=b'z'), 0..=2)) {
            let mut foreign: Vec<char> = known.chars().collect();
            for (kind, at, letter) in edits {
                let (at, letter) = (at % foreign.len(), char::from(letter));
                match kind {
                    0 => foreign[at] = letter,
                    1 => foreign.insert(at, letter),
                    _ => drop(foreign.remove(at)),
                }
            }
            let foreign: String = foreign.into_iter().collect();
            prop_assert!(meet(&known, &foreign), "{} {}", known, foreign);
        }
    }
}

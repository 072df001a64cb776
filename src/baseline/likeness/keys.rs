//! The keys by which look-alike labels meet: what a known name is filed under, and where a foreign one is sought.

use std::hash::{BuildHasher, Hasher, RandomState};

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

/// Hashes keys with a secret of the process, so that nobody outside can make many meet.
#[derive(Default)]
pub(super) struct Keys(RandomState);

impl Keys {
    /// The hash of a text.
    pub fn of(&self, tag: Tag, text: &str) -> u32 {
        self.hash(tag, [0; 3], text.chars())
    }

    fn hash(&self, tag: Tag, place: [u8; 3], letters: impl Iterator<Item = char>) -> u32 {
        let mut hasher = self.0.build_hasher();
        hasher.write(&[tag as u8, place[0], place[1], place[2]]);
        letters.for_each(|c| hasher.write_u32(u32::from(c)));
        (hasher.finish() >> 32) as u32
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

    /// Where a foreign label is sought: all keys that a known one within the edits allowed may be filed under. `seek`
    /// says whether to stop.
    pub fn sought(&self, letters: &[char], mut seek: impl FnMut(u32) -> bool) {
        let count = letters.len();
        if (ONE_EDIT_LETTERS_MIN - 1..=TWO_EDITS_LETTERS_MIN).contains(&count) {
            if seek(self.hash(Tag::Shorter, [0; 3], letters.iter().copied())) {
                return;
            }
            for at in 0..count {
                if seek(self.without(Tag::Shape, letters, at)) || seek(self.without(Tag::Shorter, letters, at)) {
                    return;
                }
            }
        }
        for known in TWO_EDITS_LETTERS_MIN.max(count.saturating_sub(EDITS as usize))..=count + EDITS as usize {
            let longer = count as isize - known as isize;
            for shifts in shifts(longer) {
                let keys = pairs().filter_map(|pair| self.pieces(letters, known, pair, shifts));
                for key in keys {
                    if seek(key) {
                        return;
                    }
                }
            }
        }
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

/// How far two pieces may have moved where the whole is `longer` by so many letters: each letter put in or taken out
/// before, between or behind them is an edit.
fn shifts(longer: isize) -> impl Iterator<Item = [isize; 2]> {
    let range = -EDITS..=EDITS;
    let all = range.clone().flat_map(move |first| range.clone().map(move |second| [first, second]));
    all.filter(move |[first, second]| first.abs() + (second - first).abs() + (longer - second).abs() <= EDITS)
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
        let mut met = false;
        keys.sought(&foreign.chars().collect::<Vec<_>>(), |key| {
            met |= filed.contains(&key);
            met
        });
        met
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
            let mut keys = 0;
            Keys::default().sought(&vec!['a'; letters], |_| {
                keys += 1;
                false
            });
            assert!(keys <= 171, "{letters}: {keys}");
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

//! From the hash of a key to the names that have it: an open table of eight bytes an entry.

/// Entries of one hash: a key that more names share tells too little, and its search costs too much.
pub(super) const SAME_MAX: usize = 32;
/// Places of the smallest table.
const PLACES_MIN: usize = 1024;

/// Hash in the upper half of a place, number plus one in the lower; 0 is empty. A power of two of places, of which at
/// most four fifths are taken. Wrong names by chance are the caller's to find out.
#[derive(Default)]
pub(super) struct Table {
    places: Vec<u64>,
    taken: usize,
}

impl Table {
    /// Adds a name to a hash, unless too many have it.
    pub fn add(&mut self, hash: u32, number: u32) {
        if (self.taken + 1) * 5 > self.places.len() * 4 {
            self.grow();
        }
        if self.numbers(hash).count() < SAME_MAX {
            self.put((u64::from(hash) << 32) | (u64::from(number) + 1));
            self.taken += 1;
        }
    }

    /// The names that have this hash.
    pub fn numbers(&self, hash: u32) -> impl Iterator<Item = u32> {
        let mask = self.places.len().wrapping_sub(1);
        let mut at = Self::first(hash);
        std::iter::from_fn(move || {
            loop {
                let place = *self.places.get(at & mask)?;
                at = at.wrapping_add(1);
                if place == 0 {
                    return None;
                }
                if place >> 32 == u64::from(hash) {
                    return Some((place as u32) - 1);
                }
            }
        })
    }

    /// Reads where these hashes begin, all at once, so that the waits for memory overlap: a search would have them one
    /// after another, and takes half the time with it.
    pub fn touch(&self, hashes: &[u32]) {
        let mask = self.places.len().wrapping_sub(1);
        let place = |hash: &u32| self.places.get(Self::first(*hash) & mask).copied().unwrap_or_default();
        std::hint::black_box(hashes.iter().map(place).fold(0, |sum, place| sum ^ place));
    }

    fn first(hash: u32) -> usize {
        // Spread once more, since the table is larger than the hash is random in its low bits alone.
        (u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 24) as usize
    }

    fn put(&mut self, place: u64) {
        let mask = self.places.len() - 1;
        let mut at = Self::first((place >> 32) as u32) & mask;
        while self.places[at] != 0 {
            at = (at + 1) & mask;
        }
        self.places[at] = place;
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.places);
        self.places = vec![0; (2 * old.len()).max(PLACES_MIN)];
        old.into_iter().filter(|place| *place != 0).for_each(|place| self.put(place));
    }

    /// Bytes of memory that it takes.
    pub fn bytes(&self) -> usize {
        self.places.capacity() * 8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_found() {
        let mut table = Table::default();
        assert_eq!(table.numbers(7).count(), 0);
        for n in 0..10_000u32 {
            table.add(n.wrapping_mul(0x9E37_79B9), n);
        }
        for n in 0..10_000u32 {
            assert!(table.numbers(n.wrapping_mul(0x9E37_79B9)).eq([n]));
        }
        assert_eq!(table.numbers(1).count(), 0);
        assert_eq!(table.bytes(), 16_384 * 8);
    }

    #[test]
    fn names_of_one_hash_have_a_limit() {
        let mut table = Table::default();
        for n in 0..SAME_MAX as u32 + 5 {
            table.add(9, n);
        }
        assert!(table.numbers(9).eq(0..SAME_MAX as u32));
    }
}

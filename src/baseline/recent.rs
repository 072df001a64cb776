//! Records that were read or written lately, in bounded memory: a message is learned soon after it was recalled, and
//! who wrote today writes again.

use std::collections::HashMap;

use super::key::Key;
use super::overlay::{Bytes, ENTRY_BYTES};

/// What is on disk of some keys; an empty value says that nothing is. Two halves: when the newer one is full, the older
/// one goes, so that what was not asked for since then is forgotten.
pub(super) struct Recent {
    newer: HashMap<Key, Bytes>,
    older: HashMap<Key, Bytes>,
    newer_bytes: usize,
    bytes_max: usize,
    /// How often the disk was written to.
    writes: u64,
}

impl Recent {
    pub fn new(bytes_max: usize) -> Self {
        Self { newer: HashMap::new(), older: HashMap::new(), newer_bytes: 0, bytes_max, writes: 0 }
    }

    /// What is on disk, where that is known.
    pub fn get(&mut self, key: &Key) -> Option<Bytes> {
        if let Some(value) = self.newer.get(key) {
            return Some(Bytes::clone(value));
        }
        let value = self.older.remove(key)?;
        self.put(*key, Bytes::clone(&value));
        Some(value)
    }

    /// To be told to [`Recent::put_read`], from before the disk is read.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Takes what was read from disk, unless the disk was written to meanwhile: then it may be outdated.
    pub fn put_read(&mut self, records: impl Iterator<Item = (Key, Bytes)>, writes: u64) {
        if self.writes == writes {
            records.for_each(|(key, value)| self.put(key, value));
        }
    }

    /// Takes what was written to disk.
    pub fn put_written<'a>(&mut self, group: impl Iterator<Item = (&'a Key, &'a Bytes)>) {
        self.writes += 1;
        for (key, value) in group {
            self.older.remove(key);
            self.put(*key, Bytes::clone(value));
        }
    }

    /// Forgets all, since the disk may hold anything.
    pub fn clear(&mut self) {
        *self = Self { writes: self.writes + 1, ..Self::new(self.bytes_max) };
    }

    fn put(&mut self, key: Key, value: Bytes) {
        self.newer_bytes += value.len() + ENTRY_BYTES;
        if let Some(old) = self.newer.insert(key, value) {
            self.newer_bytes -= old.len() + ENTRY_BYTES;
        }
        if self.newer_bytes > self.bytes_max / 2 {
            self.older = std::mem::take(&mut self.newer);
            self.newer_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::KEY_BYTES;
    use super::*;

    fn key(n: u8) -> Key {
        [n; KEY_BYTES]
    }

    fn value(n: u8) -> Bytes {
        Bytes::from([n].as_slice())
    }

    fn read(recent: &mut Recent, n: u8, v: u8) {
        let writes = recent.writes();
        recent.put_read([(key(n), value(v))].into_iter(), writes);
    }

    fn check(recent: &mut Recent, n: u8, expected: Option<u8>) {
        assert_eq!(recent.get(&key(n)).map(|bytes| bytes[0]), expected, "{n}");
    }

    #[test]
    fn what_was_not_asked_for_is_forgotten() {
        let mut recent = Recent::new(20 * (ENTRY_BYTES + 1));
        for n in 0..100 {
            read(&mut recent, n, n);
            check(&mut recent, 0, Some(0));
        }
        check(&mut recent, 99, Some(99));
        check(&mut recent, 50, None);
        assert!(recent.newer.len() + recent.older.len() <= 22);
    }

    #[test]
    fn nothing_is_kept_without_room() {
        let mut recent = Recent::new(0);
        read(&mut recent, 1, 1);
        read(&mut recent, 2, 2);
        assert!(recent.newer.len() + recent.older.len() <= 1);
    }

    #[test]
    fn what_was_read_before_a_write_is_not_taken() {
        let mut recent = Recent::new(1_000_000);
        let writes = recent.writes();
        recent.put_written([(&key(1), &value(2))].into_iter());
        recent.put_read([(key(1), value(1))].into_iter(), writes);
        check(&mut recent, 1, Some(2));
        recent.clear();
        check(&mut recent, 1, None);
    }
}

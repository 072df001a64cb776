//! What is learned but not yet on disk, seen by every read before the disk is.

use std::collections::HashMap;
use std::sync::Arc;

use super::key::{KEY_BYTES, Key};
use super::watch::Watch;

/// The encoded record of a key.
pub(super) type Bytes = Arc<[u8]>;

/// What one entry takes besides its value: its key twice over and the map's and value's own bookkeeping, about.
pub(super) const ENTRY_BYTES: usize = KEY_BYTES + 64;

/// How far learning came, as of the records that lie beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Progress {
    /// Number of the next fact: what was learned are the facts before it.
    pub facts: u64,
    /// Messages learned.
    pub learned: u64,
    /// Since when mail passes.
    pub watch: Watch,
    /// How often the domains that are protected from look-alikes had changed.
    pub protected: u64,
}

/// Whole records, newest first: those learned since the last group was taken, and the group being written.
#[derive(Default)]
pub(super) struct Overlay {
    active: HashMap<Key, Bytes>,
    active_bytes: usize,
    group: Arc<HashMap<Key, Bytes>>,
    group_bytes: usize,
    progress: Progress,
}

impl Overlay {
    /// How far learning came.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Says how far learning came.
    pub fn reach(&mut self, progress: Progress) {
        self.progress = progress;
    }

    pub fn get(&self, key: &Key) -> Option<&Bytes> {
        self.active.get(key).or_else(|| self.group.get(key))
    }

    pub fn put(&mut self, key: Key, value: Bytes) {
        self.active_bytes += value.len() + ENTRY_BYTES;
        if let Some(old) = self.active.insert(key, value) {
            self.active_bytes -= old.len() + ENTRY_BYTES;
        }
    }

    /// Bytes that wait to be on disk.
    pub fn bytes(&self) -> usize {
        self.active_bytes + self.group_bytes
    }

    pub fn is_empty(&self) -> bool {
        self.active.is_empty() && self.group.is_empty()
    }

    /// Takes all that waits as the group to be written; it stays readable until [`Overlay::written`].
    pub fn take(&mut self) -> Arc<HashMap<Key, Bytes>> {
        self.put_back();
        self.group = Arc::new(std::mem::take(&mut self.active));
        self.group_bytes = std::mem::take(&mut self.active_bytes);
        Arc::clone(&self.group)
    }

    /// The group is on disk.
    pub fn written(&mut self) {
        self.group = Arc::default();
        self.group_bytes = 0;
    }

    /// The group is not on disk: it waits again, under what is newer. Records are whole, so writing one twice is
    /// writing it once.
    pub fn put_back(&mut self) {
        let group = std::mem::take(&mut self.group);
        self.group_bytes = 0;
        for (key, value) in group.iter() {
            if !self.active.contains_key(key) {
                self.put(*key, Arc::clone(value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> Key {
        [n; KEY_BYTES]
    }

    fn value(n: u8) -> Bytes {
        Bytes::from([n].as_slice())
    }

    fn check(overlay: &Overlay, expected: &[(u8, Option<u8>)]) {
        for (k, v) in expected {
            assert_eq!(overlay.get(&key(*k)).map(|bytes| bytes[0]), *v, "{k}");
        }
    }

    #[test]
    fn the_newest_record_is_read() {
        let mut overlay = Overlay::default();
        overlay.put(key(1), value(1));
        overlay.put(key(2), value(2));
        let group = overlay.take();
        assert_eq!(group.len(), 2);
        overlay.put(key(1), value(9));
        check(&overlay, &[(1, Some(9)), (2, Some(2)), (3, None)]);
        overlay.written();
        check(&overlay, &[(1, Some(9)), (2, None)]);
    }

    #[test]
    fn a_group_that_was_not_written_waits_again() {
        let mut overlay = Overlay::default();
        overlay.put(key(1), value(1));
        overlay.put(key(2), value(2));
        overlay.take();
        overlay.put(key(1), value(9));
        overlay.put_back();
        check(&overlay, &[(1, Some(9)), (2, Some(2))]);
        assert_eq!(overlay.take().len(), 2);
    }

    #[test]
    fn bytes_are_counted_once_per_key() {
        let mut overlay = Overlay::default();
        overlay.put(key(1), value(1));
        let one = overlay.bytes();
        overlay.put(key(1), value(2));
        assert_eq!(overlay.bytes(), one);
        overlay.take();
        overlay.put(key(1), value(3));
        assert_eq!(overlay.bytes(), 2 * one);
        overlay.put_back();
        assert_eq!(overlay.bytes(), one);
        overlay.take();
        overlay.written();
        assert!(overlay.is_empty());
        assert_eq!(overlay.bytes(), 0);
    }
}

//! What the other hosts know, as it was read last, in bounded memory.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::baseline::key::{KEY_BYTES, Key};
use crate::baseline::overlay::Bytes;

/// What one entry takes besides its value, about.
const ENTRY_BYTES: usize = KEY_BYTES + 96;

struct Entry {
    at: Instant,
    value: Option<Bytes>,
}

/// Two maps, of which the older is dropped when the younger is half the bound: what was used lately stays, and no order
/// needs to be kept.
pub(super) struct Cache {
    young: HashMap<Key, Entry>,
    young_bytes: usize,
    old: HashMap<Key, Entry>,
    bytes_max: usize,
}

impl Cache {
    pub fn new(bytes_max: usize) -> Self {
        Self { young: HashMap::new(), young_bytes: 0, old: HashMap::new(), bytes_max }
    }

    /// What was read of a key no longer ago than `age_max`; the inner `None` says that no other host knows it.
    pub fn get(&mut self, key: &Key, now: Instant, age_max: Duration) -> Option<Option<Bytes>> {
        if let Some(entry) = self.old.remove(key) {
            self.insert(*key, entry);
        }
        let entry = self.young.get(key)?;
        (now.saturating_duration_since(entry.at) <= age_max).then(|| entry.value.clone())
    }

    pub fn put(&mut self, key: Key, value: Option<Bytes>, now: Instant) {
        self.old.remove(&key);
        self.insert(key, Entry { at: now, value });
    }

    pub fn clear(&mut self) {
        *self = Self::new(self.bytes_max);
    }

    fn insert(&mut self, key: Key, entry: Entry) {
        let bytes = |entry: &Entry| entry.value.as_ref().map_or(0, |value| value.len()) + ENTRY_BYTES;
        self.young_bytes += bytes(&entry);
        if let Some(before) = self.young.insert(key, entry) {
            self.young_bytes -= bytes(&before);
        }
        if self.young_bytes > self.bytes_max / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: Duration = Duration::from_secs(1);

    fn key(n: u8) -> Key {
        [n; KEY_BYTES]
    }

    #[test]
    fn what_is_too_old_is_not_used() {
        let (mut cache, start) = (Cache::new(10_000), Instant::now());
        cache.put(key(1), None, start);
        cache.put(key(2), Some(Bytes::from([7].as_slice())), start);
        assert_eq!(cache.get(&key(1), start + AGE, AGE), Some(None));
        assert_eq!(cache.get(&key(2), start + AGE, AGE), Some(Some(Bytes::from([7].as_slice()))));
        assert_eq!(cache.get(&key(2), start + AGE + AGE, AGE), None);
        assert_eq!(cache.get(&key(3), start, AGE), None);
        cache.clear();
        assert_eq!(cache.get(&key(1), start, AGE), None);
    }

    #[test]
    fn the_bound_holds_and_what_is_used_stays() {
        let bound = 20 * ENTRY_BYTES;
        let (mut cache, start) = (Cache::new(bound), Instant::now());
        for n in 0..200 {
            cache.put(key(n), None, start);
            assert!(cache.get(&key(0), start, AGE).is_some(), "{n}");
            assert!(cache.young_bytes <= bound / 2 && cache.young.len() + cache.old.len() <= 22);
        }
        assert_eq!(cache.get(&key(100), start, AGE), None);
    }
}

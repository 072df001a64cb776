//! What was learned here and is not told the other hosts yet.

use std::collections::HashSet;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::baseline::key::{Key, Kind};
use crate::baseline::learner::lock;

/// Whether a record is told: the store's own, facts, and what was remembered or won of them are not.
pub(super) fn is_told(key: &Key) -> bool {
    use Kind::{Fact, Generation, Import, Remembered, Standing};
    key[0] != 0 && ![Import, Remembered, Fact, Standing, Generation].iter().any(|kind| key[0] == *kind as u8)
}

#[derive(Default)]
struct State {
    /// Changed in memory.
    changed: HashSet<Key>,
    /// Changed on disk.
    ready: HashSet<Key>,
    /// All facts before this one are on disk.
    next_fact: u64,
    /// Messages labelled as attacks, in memory and on disk.
    attacks: [Vec<[u8; 16]>; 2],
    /// Labels that the other hosts are to act on, too, likewise.
    labels: [Vec<(String, Vec<u8>)>; 2],
    /// More changed than is kept here.
    overflown: bool,
    stop: bool,
}

/// What waits to be told.
#[derive(Debug, Default, PartialEq)]
pub(in crate::baseline) struct Batch {
    pub keys: Vec<Key>,
    pub attacks: Vec<[u8; 16]>,
    pub labels: Vec<(String, Vec<u8>)>,
    /// All facts before this one are told with it.
    pub next_fact: u64,
    /// More changed than these.
    pub overflown: bool,
    /// Nothing follows.
    pub stop: bool,
}

/// What waits to be told the other hosts, in bounded memory.
pub(in crate::baseline) struct Untold {
    state: Mutex<State>,
    wake: Condvar,
    max: usize,
}

impl Untold {
    pub fn new(max: usize) -> Self {
        Self { state: Mutex::default(), wake: Condvar::new(), max: max.max(1) }
    }

    /// These records changed in memory.
    pub fn changed<'a>(&self, keys: impl Iterator<Item = &'a Key>) {
        lock(&self.state).changed.extend(keys.filter(|key| is_told(key)));
    }

    /// All that changed is on disk, with all facts before this one.
    pub fn committed(&self, next_fact: u64) {
        let mut state = lock(&self.state);
        let changed = std::mem::take(&mut state.changed);
        state.ready.extend(changed);
        let (attacks, labels) = (std::mem::take(&mut state.attacks[0]), std::mem::take(&mut state.labels[0]));
        state.attacks[1].extend(attacks);
        state.labels[1].extend(labels);
        state.next_fact = next_fact;
        if state.ready.len() > self.max {
            state.ready.clear();
            state.overflown = true;
        }
        drop(state);
        self.wake.notify_one();
    }

    /// Messages were labelled as attacks, by a label that the other hosts are to act on.
    pub fn labelled(&self, attacks: impl Iterator<Item = [u8; 16]>, label: Option<(String, Vec<u8>)>) {
        let mut state = lock(&self.state);
        state.attacks[0].extend(attacks);
        state.labels[0].extend(label);
    }

    /// Records that wait.
    pub fn count(&self) -> usize {
        let state = lock(&self.state);
        state.changed.len() + state.ready.len() + usize::from(state.overflown)
    }

    /// Waits for something to tell, but no longer than `patience`, and takes it.
    pub fn take(&self, patience: Duration) -> Batch {
        let idle = |state: &mut State| state.ready.is_empty() && !state.overflown && !state.stop;
        let waited = self.wake.wait_timeout_while(lock(&self.state), patience, idle);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        Batch {
            keys: std::mem::take(&mut state.ready).into_iter().collect(),
            attacks: std::mem::take(&mut state.attacks[1]),
            labels: std::mem::take(&mut state.labels[1]),
            next_fact: state.next_fact,
            overflown: std::mem::take(&mut state.overflown),
            stop: state.stop,
        }
    }

    /// It could not be told, and waits again.
    pub fn put_back(&self, batch: Batch) {
        let mut state = lock(&self.state);
        state.ready.extend(batch.keys);
        state.attacks[1].extend(batch.attacks);
        state.labels[1].extend(batch.labels);
        state.overflown |= batch.overflown;
        if state.ready.len() > self.max {
            state.ready.clear();
            state.overflown = true;
        }
    }

    /// Nothing more will change.
    pub fn stop(&self) {
        lock(&self.state).stop = true;
        self.wake.notify_one();
    }

    /// Whether to end.
    pub fn is_stopped(&self) -> bool {
        lock(&self.state).stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::key::{KEY_BYTES, STORE_KEY};

    fn key(n: u8) -> Key {
        let mut key = [n; KEY_BYTES];
        key[0] = Kind::Sender as u8;
        key
    }

    #[test]
    fn what_is_on_disk_is_told() {
        let untold = Untold::new(2);
        untold.changed([key(1), STORE_KEY, [Kind::Fact as u8; KEY_BYTES]].iter());
        assert_eq!((untold.take(Duration::ZERO), untold.count()), (Batch::default(), 1));
        untold.committed(5);
        let batch = untold.take(Duration::from_secs(60));
        assert_eq!((batch.keys.as_slice(), batch.next_fact, untold.count()), (&[key(1)][..], 5, 0));
        untold.put_back(batch);
        assert_eq!(untold.count(), 1);
    }

    #[test]
    fn more_than_the_bound_is_found_again_otherwise() {
        let untold = Untold::new(2);
        untold.changed([key(1), key(2), key(3)].iter());
        untold.committed(5);
        let batch = untold.take(Duration::ZERO);
        assert!(batch.overflown && batch.keys.is_empty());
        untold.put_back(Batch { keys: vec![key(1), key(2)], ..Batch::default() });
        assert!(!untold.take(Duration::ZERO).overflown);
        untold.stop();
        assert!(untold.take(Duration::from_secs(60)).stop);
    }
}

//! What the baselines did so far, to be read while they work.

use std::sync::atomic::{AtomicU64, Ordering};

use super::chronicle::Chronicle;
use super::watch::Watching;

/// What happened so far, to be read at any time.
#[derive(Default)]
pub(super) struct Tally {
    pub learned: AtomicU64,
    pub watch: Watching,
    pub dropped: AtomicU64,
    pub write_errors: AtomicU64,
    pub unreadable: AtomicU64,
}

impl Tally {
    /// Shows what the chronicle says now.
    pub fn show(&self, chronicle: &Chronicle) {
        self.learned.store(chronicle.learned, Ordering::Release);
        self.watch.show(chronicle.watch);
    }
}

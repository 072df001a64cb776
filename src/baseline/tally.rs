//! What the baselines did so far, to be read while they work.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use super::chronicle::Chronicle;
use crate::mail::Moment;

/// What happened so far, to be read at any time.
#[derive(Default)]
pub(super) struct Tally {
    pub learned: AtomicU64,
    pub watched_since: AtomicI64,
    pub dropped: AtomicU64,
    pub write_errors: AtomicU64,
    pub unreadable: AtomicU64,
}

impl Tally {
    /// Shows what the chronicle says now.
    pub fn show(&self, chronicle: &Chronicle) {
        self.learned.store(chronicle.learned, Ordering::Release);
        self.watched_since.store(chronicle.watched_since.map_or(i64::MAX, |since| since.0), Ordering::Release);
    }

    /// First message learned.
    pub fn since(&self) -> Option<Moment> {
        let since = self.watched_since.load(Ordering::Acquire);
        (since != i64::MAX).then_some(Moment(since))
    }
}

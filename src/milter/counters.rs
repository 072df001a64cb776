//! What the milter counts about itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The counters at one moment; totals are since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that are open.
    pub connections: usize,
    /// Connections that were accepted.
    pub connections_total: u64,
    /// Messages that ended, whatever was answered.
    pub messages_total: u64,
    /// Messages whose answer did not come within `answer_seconds_max`.
    pub overdue_total: u64,
    /// Messages whose filter panicked.
    pub panics_total: u64,
    /// Messages beyond a limit.
    pub beyond_total: u64,
    /// Messages answered at once because `in_flight_max` others were being answered.
    pub overload_total: u64,
    /// Messages whose MTA went away before the answer.
    pub abandoned_total: u64,
    /// Connections that were closed for a violation of the protocol.
    pub faults_total: u64,
    /// Messages that are being answered.
    pub in_flight: usize,
    /// Bytes of all messages in memory.
    pub in_flight_bytes: usize,
}

/// The counters themselves.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) connections: Arc<AtomicUsize>,
    pub(super) connections_total: AtomicU64,
    pub(super) messages_total: AtomicU64,
    pub(super) overdue_total: AtomicU64,
    pub(super) panics_total: AtomicU64,
    pub(super) beyond_total: AtomicU64,
    pub(super) overload_total: AtomicU64,
    pub(super) abandoned_total: AtomicU64,
    pub(super) faults_total: AtomicU64,
    pub(super) in_flight: Arc<AtomicUsize>,
    pub(super) in_flight_bytes: Arc<AtomicUsize>,
}

impl Counters {
    /// The counters now. Each is exact; taken together they may be a moment apart.
    pub(super) fn counts(&self) -> Counts {
        let total = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let level = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        Counts {
            connections: level(&self.connections),
            connections_total: total(&self.connections_total),
            messages_total: total(&self.messages_total),
            overdue_total: total(&self.overdue_total),
            panics_total: total(&self.panics_total),
            beyond_total: total(&self.beyond_total),
            overload_total: total(&self.overload_total),
            abandoned_total: total(&self.abandoned_total),
            faults_total: total(&self.faults_total),
            in_flight: level(&self.in_flight),
            in_flight_bytes: level(&self.in_flight_bytes),
        }
    }
}

/// Counts one up.
pub(super) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// A share of a level, given back when it is dropped, however the work ended.
#[derive(Debug)]
pub(super) struct Share {
    level: Arc<AtomicUsize>,
    share: usize,
}

impl Share {
    /// A share of this size.
    pub(super) fn new(level: &Arc<AtomicUsize>, share: usize) -> Self {
        level.fetch_add(share, Ordering::Relaxed);
        Self { level: Arc::clone(level), share }
    }

    /// Changes the size of the share; the level that this makes.
    pub(super) fn resize(&mut self, share: usize) -> usize {
        let before = if share >= self.share {
            self.level.fetch_add(share - self.share, Ordering::Relaxed)
        } else {
            self.level.fetch_sub(self.share - share, Ordering::Relaxed)
        };
        // Wrapping is exact here: the level holds this share already.
        let now = before.wrapping_add(share).wrapping_sub(self.share);
        self.share = share;
        now
    }

    /// The size of the share.
    pub(super) fn size(&self) -> usize {
        self.share
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.level.fetch_sub(self.share, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_given_back() {
        let level = Arc::new(AtomicUsize::new(5));
        let mut share = Share::new(&level, 10);
        assert_eq!(share.resize(30), 35);
        assert_eq!(share.resize(1), 6);
        assert_eq!(share.size(), 1);
        drop(share);
        assert_eq!(level.load(Ordering::Relaxed), 5);
    }

    #[test]
    fn counts_are_those_of_the_counters() {
        let counters = Counters::default();
        count(&counters.messages_total);
        count(&counters.messages_total);
        let _share = Share::new(&counters.in_flight, 3);
        assert_eq!(counters.counts(), Counts { messages_total: 2, in_flight: 3, ..Counts::default() });
    }
}

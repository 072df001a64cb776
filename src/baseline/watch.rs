//! Since when mail passes, and our own people's: what never passed cannot be missed.

use std::sync::atomic::{AtomicI64, Ordering};

use super::codec::{Reader, put_moment};
use crate::mail::Moment;

/// Stands for no moment.
const NEVER: i64 = i64::MAX;

/// What passed so far. Joining has no order, so that hosts can share one baseline of which one sees only what comes in
/// and another only what goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::baseline) struct Watch {
    /// First message learned.
    pub since: Option<Moment>,
    /// First letter of our own people to another domain.
    pub wrote_since: Option<Moment>,
    /// The latest of these.
    pub wrote_last: Option<Moment>,
}

impl Watch {
    /// What one message shows; `wrote` of a letter of our own people to another domain.
    pub fn of(at: Moment, wrote: bool) -> Self {
        let wrote = wrote.then_some(at);
        Self { since: Some(at), wrote_since: wrote, wrote_last: wrote }
    }

    pub fn join(self, other: Self) -> Self {
        let earliest = |a: Option<Moment>, b: Option<Moment>| a.into_iter().chain(b).min();
        Self {
            since: earliest(self.since, other.since),
            wrote_since: earliest(self.wrote_since, other.wrote_since),
            wrote_last: self.wrote_last.max(other.wrote_last),
        }
    }

    /// Whether it began so many days before.
    pub fn is_settled(&self, at: Moment, days: f64) -> bool {
        self.since.is_some_and(|since| at.days_since(since) >= days)
    }

    /// Whether our own people's letters pass: for so many days, and still in the last ones.
    pub fn sees_own(&self, at: Moment, settled_days: f64, silent_days: f64) -> bool {
        self.wrote_since.is_some_and(|since| at.days_since(since) >= settled_days)
            && self.wrote_last.is_some_and(|last| at.days_since(last) <= silent_days)
    }

    fn moments(self) -> [Option<Moment>; 3] {
        [self.since, self.wrote_since, self.wrote_last]
    }

    fn of_moments([since, wrote_since, wrote_last]: [Moment; 3]) -> Self {
        let told = |at: Moment| (at.0 != NEVER).then_some(at);
        Self { since: told(since), wrote_since: told(wrote_since), wrote_last: told(wrote_last) }
    }

    pub fn put(self, bytes: &mut Vec<u8>) {
        self.moments().into_iter().for_each(|at| put_moment(bytes, at.unwrap_or(Moment(NEVER))));
    }

    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self::of_moments([reader.moment()?, reader.moment()?, reader.moment()?]))
    }
}

/// The same, to be read while it changes.
pub(super) struct Watching([AtomicI64; 3]);

impl Default for Watching {
    fn default() -> Self {
        Self([NEVER, NEVER, NEVER].map(AtomicI64::new))
    }
}

impl Watching {
    pub fn show(&self, watch: Watch) {
        for (shown, at) in self.0.iter().zip(watch.moments()) {
            shown.store(at.map_or(NEVER, |at| at.0), Ordering::Release);
        }
    }

    pub fn seen(&self) -> Watch {
        Watch::of_moments([0, 1, 2].map(|at| Moment(self.0[at].load(Ordering::Acquire))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;

    #[test]
    fn joining_has_no_order_and_is_read_as_it_was_written() {
        let (mx, submission) = (Watch::of(Moment(5), false), Watch::of(Moment(9), true));
        let both = mx.join(submission);
        assert_eq!(both, submission.join(mx));
        assert_eq!(both.join(both).join(mx), both);
        assert_eq!(both.moments(), [Some(Moment(5)), Some(Moment(9)), Some(Moment(9))]);
        for watch in [Watch::default(), mx, both] {
            let mut bytes = Vec::new();
            watch.put(&mut bytes);
            assert_eq!(Watch::read(&mut Reader::new(&bytes)), Some(watch));
            let watching = Watching::default();
            watching.show(watch);
            assert_eq!(watching.seen(), watch);
        }
    }

    #[test]
    fn own_letters_count_as_seen_for_a_while_and_only_after_some_days() {
        let at = |days: i64| Moment(days * DAY);
        let watch = Watch::of(at(0), false).join(Watch::of(at(10), true)).join(Watch::of(at(12), true));
        let sees = |days| watch.sees_own(at(days), 7.0, 14.0);
        assert_eq!([16, 17, 26, 27].map(sees), [false, true, true, false]);
        assert!(!Watch::of(at(0), false).sees_own(at(9), 7.0, 14.0));
        assert!(watch.is_settled(at(7), 7.0) && !watch.is_settled(at(6), 7.0));
    }
}

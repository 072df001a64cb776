//! Fresh decision ids.

use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, PoisonError};

use crate::decision::DecisionId;
use crate::mail::Moment;

/// Gives ids that are unique and ascend, even within one millisecond and when the clock is set back.
#[derive(Debug, Default)]
pub struct Ids {
    last: Mutex<DecisionId>,
}

impl Ids {
    /// The id of a decision made at that moment.
    pub fn next(&self, at: Moment) -> DecisionId {
        let fresh = DecisionId::new(at, random());
        // A poisoned lock guards a plain number, which is whole whatever happened.
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = if at > last.moment() { fresh } else { last.next() };
        *last
    }
}

/// 128 random bits: the keys of std's hash maps come from the system's random source. An id is a name, not a secret.
fn random() -> u128 {
    let half = || u128::from(RandomState::new().hash_one(0u8));
    half() << 64 | half()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_ascend_whatever_the_clock_does() {
        let ids = Ids::default();
        let given: Vec<_> = [5, 5, 5, 6, 4, 7].into_iter().map(|ms| ids.next(Moment(ms))).collect();
        assert!(given.is_sorted_by(|a, b| a < b), "{given:?}");
        assert_eq!(given[0].moment(), Moment(5));
        assert_eq!(given[4].moment(), Moment(6));
    }

    #[test]
    fn two_processes_give_different_ids() {
        let given: HashSet<_> = (0..1_000).map(|_| Ids::default().next(Moment(5))).collect();
        assert_eq!(given.len(), 1_000);
    }
}

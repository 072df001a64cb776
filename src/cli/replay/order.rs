//! The order in which past messages are judged again: that of how far the baselines were, which is nearly that of the
//! journal.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::archive::Place;
use crate::journal::Entry;

/// Messages that are looked ahead: more are seldom under way at once, and each takes some kilobytes.
const AHEAD_MAX: usize = 1_024;

/// A decision of the journal, with where its message is archived.
pub(super) struct Past {
    pub entry: Entry,
    pub place: Option<Place>,
    /// How far the baselines were, and its number in the journal.
    turn: (u64, u64),
}

/// Decisions that wait for their turn.
#[derive(Default)]
pub(super) struct Order {
    waiting: BinaryHeap<Reverse<Past>>,
    facts: u64,
    number: u64,
}

impl Order {
    /// Takes the next decision of the journal; gives one whose turn it is, where enough wait.
    pub fn next(&mut self, entry: Entry, place: Option<Place>) -> Option<Past> {
        // Of one that is not archived nobody asks how far they were: it comes with those around it.
        let facts = place.as_ref().and_then(|place| place.head.reached).map_or(self.facts, |reached| reached.facts);
        self.facts = self.facts.max(facts);
        self.number += 1;
        self.waiting.push(Reverse(Past { entry, place, turn: (facts, self.number) }));
        if self.waiting.len() > AHEAD_MAX { self.rest() } else { None }
    }

    /// The next of those that still wait.
    pub fn rest(&mut self) -> Option<Past> {
        self.waiting.pop().map(|Reverse(past)| past)
    }
}

impl Ord for Past {
    fn cmp(&self, other: &Self) -> Ordering {
        self.turn.cmp(&other.turn)
    }
}

impl PartialOrd for Past {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Past {
    fn eq(&self, other: &Self) -> bool {
        self.turn == other.turn
    }
}

impl Eq for Past {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_archived_comes_in_its_place() {
        let mut order = Order::default();
        let entry = |bytes: usize| Entry { bytes, ..Entry::default() };
        let mut came: Vec<usize> =
            (0..AHEAD_MAX + 5).filter_map(|n| order.next(entry(n), None)).map(|past| past.entry.bytes).collect();
        assert_eq!(came, [0, 1, 2, 3, 4]);
        came.extend(std::iter::from_fn(|| order.rest()).map(|past| past.entry.bytes));
        assert!(came.is_sorted() && came.len() == AHEAD_MAX + 5);
    }
}

//! How long a rule takes, in classes.

use serde::{Deserialize, Serialize};

/// Upper bounds of the classes in nanoseconds, each four times the one before.
const BOUNDS_NS: [u32; 9] = [250, 1_000, 4_000, 16_000, 64_000, 256_000, 1_000_000, 4_000_000, 16_000_000];

/// How long a rule took, by class. What rules have in common is computed once, and counts for the first that asks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    counts: [u32; BOUNDS_NS.len() + 1],
    sum_ns: u64,
}

impl Latency {
    /// Counts one run.
    pub(super) fn add(&mut self, ns: u32) {
        let class = &mut self.counts[BOUNDS_NS.partition_point(|bound| *bound < ns)];
        *class = class.saturating_add(1);
        self.sum_ns = self.sum_ns.saturating_add(u64::from(ns));
    }

    /// Runs that were measured.
    pub fn runs(&self) -> u64 {
        self.counts.iter().map(|count| u64::from(*count)).sum()
    }

    /// The mean in nanoseconds; `None` where none was measured.
    pub fn mean_ns(&self) -> Option<f64> {
        let runs = self.runs();
        (runs > 0).then(|| self.sum_ns as f64 / runs as f64)
    }

    /// The sum of all in seconds.
    pub fn seconds(&self) -> f64 {
        self.sum_ns as f64 / 1e9
    }

    /// The upper bound of each class in seconds, infinite for the last, with the runs up to it.
    pub fn cumulated(&self) -> impl Iterator<Item = (f64, u64)> {
        let bounds = BOUNDS_NS.iter().map(|bound| f64::from(*bound) / 1e9).chain([f64::INFINITY]);
        bounds.zip(&self.counts).scan(0, |below, (bound, count)| {
            *below += u64::from(*count);
            Some((bound, *below))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_fall_into_their_classes() {
        let mut latency = Latency::default();
        assert_eq!(latency.mean_ns(), None);
        [0, 250, 251, u32::MAX].into_iter().for_each(|ns| latency.add(ns));
        let cumulated: Vec<u64> = latency.cumulated().map(|(_, below)| below).collect();
        assert_eq!(cumulated, [2, 3, 3, 3, 3, 3, 3, 3, 3, 4]);
        assert_eq!((latency.runs(), latency.mean_ns()), (4, Some((501.0 + f64::from(u32::MAX)) / 4.0)));
        assert!(latency.seconds() > 4.0);
    }
}

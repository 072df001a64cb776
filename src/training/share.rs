//! A share of a count, with the interval in which the truth lies.

use serde::{Deserialize, Serialize};

/// How many of how many, and the 95 % interval of Wilson (1927), which stays honest where either is small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub hits: usize,
    /// Of how many.
    pub of: usize,
    /// The share, 0 to 1; 0 where there are none.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Half the width of a 95 % interval, in standard deviations.
const Z: f64 = 1.959_964;

impl Share {
    /// The share of `hits` in `of`.
    pub fn new(hits: usize, of: usize) -> Self {
        if of == 0 {
            return Self { high: 1.0, ..Self::default() };
        }
        let (n, p) = (of as f64, hits as f64 / of as f64);
        let scale = 1.0 + Z * Z / n;
        let centre = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
        Self { hits, of, value: p, low: (centre - half).max(0.0), high: (centre + half).min(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hits: usize, of: usize, low: f64, high: f64) {
        let share = Share::new(hits, of);
        assert!((share.low - low).abs() < 5e-4 && (share.high - high).abs() < 5e-4, "{share:?}");
    }

    #[test]
    fn intervals_are_wilsons() {
        check(5, 10, 0.2366, 0.7634);
        check(0, 10, 0.0, 0.2775);
        check(10, 10, 0.7225, 1.0);
        check(1, 1000, 0.0002, 0.0056);
    }

    #[test]
    fn of_nothing_nothing_is_known() {
        check(0, 0, 0.0, 1.0);
    }
}

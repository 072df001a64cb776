//! The interval in which a share lies with 95 % confidence.

use serde::Serialize;

/// The quantile of the normal distribution for 95 %.
const Z: f64 = 1.959_963_985;

/// An interval of a share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Wilson's score interval of a share seen in so many trials, which need not be whole where trials weigh differently
/// (E. B. Wilson, 1927). It holds what it promises for few trials and for shares near 0 and 1, where the usual one does not.
pub(super) fn wilson(share: f64, trials: f64) -> Interval {
    let square = Z * Z;
    let middle = share + square / (2.0 * trials);
    let half = Z * (share * (1.0 - share) / trials + square / (4.0 * trials * trials)).sqrt();
    let whole = 1.0 + square / trials;
    Interval { low: ((middle - half) / whole).max(0.0), high: ((middle + half) / whole).min(1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hits: f64, trials: f64, low: f64, high: f64) {
        let interval = wilson(hits / trials, trials);
        let near = |one: f64, other: f64| (one - other).abs() < 5e-4;
        assert!(near(interval.low, low) && near(interval.high, high), "{hits} of {trials}: {interval:?}");
    }

    #[test]
    fn intervals_are_as_published() {
        // Newcombe 1998, table I, method 3.
        check(81.0, 263.0, 0.2553, 0.3662);
        check(15.0, 148.0, 0.0624, 0.1605);
        check(0.0, 20.0, 0.0, 0.1611);
        check(1.0, 29.0, 0.0061, 0.1718);
        check(29.0, 29.0, 0.8830, 1.0);
    }
}

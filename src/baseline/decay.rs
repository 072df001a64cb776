//! Exponential decay: what a message weighs some time after it came.

use crate::mail::Moment;

/// The rate of decay. Each record keeps its weights relative to a landmark of its own, its newest event: a weight is
/// moved to a later landmark by one factor, an older event is added with less than 1. So records merge in any order
/// (Cormode et al., *Forward Decay*, ICDE 2009), nothing overflows however long the store lives, and another half-life
/// may be set at any time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decay {
    half_life_milliseconds: f64,
}

impl Decay {
    pub fn new(half_life_days: f64) -> Self {
        // `max` also turns NaN into the bound.
        Self { half_life_milliseconds: half_life_days.max(0.01) * 86_400_000.0 }
    }

    /// What a weight of 1 at `from` is worth at `to`; 1 where `to` is not later.
    pub fn factor(self, from: Moment, to: Moment) -> f32 {
        let passed = to.0.saturating_sub(from.0).max(0) as f64;
        (-passed / self.half_life_milliseconds).exp2() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn check(half_life_days: f64, days: i64, expected: f32) {
        let factor = Decay::new(half_life_days).factor(Moment::from_secs(0), Moment::from_secs(days * DAY));
        assert!((factor - expected).abs() < 1e-6, "{half_life_days} {days}: {factor}");
    }

    #[test]
    fn one_half_life_halves() {
        check(30.0, 0, 1.0);
        check(30.0, 30, 0.5);
        check(30.0, 60, 0.25);
        check(60.0, 30, 0.5f32.sqrt());
    }

    #[test]
    fn the_past_does_not_grow() {
        check(30.0, -30, 1.0);
    }

    #[test]
    fn extremes_stay_numbers() {
        check(30.0, 1_000_000, 0.0);
        check(0.0, 1, 0.0);
        check(f64::NAN, 0, 1.0);
        assert_eq!(Decay::new(1.0).factor(Moment(i64::MIN), Moment(i64::MAX)), 0.0);
    }
}

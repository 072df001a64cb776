//! How a detector's values are spread, lately and usually, and how far the two lie apart.

use serde::{Deserialize, Serialize};

/// Classes of values.
const CLASSES: usize = 16;
/// Upper bounds of the classes from the third on: the first is what is unknown, the second what is below 0, the last
/// what is beyond all bounds. Most signals are facts or shares; amounts matter by their order of magnitude.
const BOUNDS: [f32; CLASSES - 3] = [0.0, 0.25, 0.5, 0.75, 0.999, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 4_096.0];
/// Upper bounds for scores, in log-odds of an attack.
const SCORES: [f32; CLASSES - 3] = [-10.0, -8.0, -6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.2, 4.6, 7.0];
/// Hours after which a value counts half among the late ones: days, for a weekend's mail differs from a Monday's.
const LATE_HALF_LIFE_HOURS: f64 = 72.0;
/// And among the usual ones.
const USUAL_HALF_LIFE_HOURS: f64 = 1_440.0;
/// Values without which nothing is compared.
const LATE_MIN: f64 = 500.0;
/// How many times as much must be known of what is usual.
const USUAL_MIN: f64 = 3.0;

/// The spread of one detector's values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Values {
    hour: [u32; CLASSES],
    late: [f32; CLASSES],
    usual: [f32; CLASSES],
}

fn class(value: Option<f32>, bounds: &[f32; CLASSES - 3]) -> usize {
    match value {
        None => 0,
        Some(value) if value.is_nan() => 0,
        Some(value) => 2 + bounds.partition_point(|bound| *bound < value),
    }
}

impl Values {
    /// Counts a signal's value.
    pub(super) fn add(&mut self, value: Option<f32>) {
        let place = match value {
            Some(value) if value < 0.0 => 1,
            value => class(value, &BOUNDS),
        };
        self.hour[place] = self.hour[place].saturating_add(1);
    }

    /// Counts a score.
    pub(super) fn add_score(&mut self, score: Option<f32>) {
        let place = class(score, &SCORES);
        self.hour[place] = self.hour[place].saturating_add(1);
    }

    /// Takes what was counted in an hour among the late and the usual ones.
    pub(super) fn close_hour(&mut self) {
        let kept = |half_life: f64| (-std::f64::consts::LN_2 / half_life).exp() as f32;
        let (late, usual) = (kept(LATE_HALF_LIFE_HOURS), kept(USUAL_HALF_LIFE_HOURS));
        for (place, count) in std::mem::take(&mut self.hour).into_iter().enumerate() {
            self.late[place] = self.late[place] * late + count as f32;
            self.usual[place] = self.usual[place] * usual + count as f32;
        }
    }

    /// The population stability index between late and usual values: 0 for none, and above what chance alone makes of so
    /// few values; `None` where too little was seen.
    pub(super) fn drift(&self) -> Option<f64> {
        let sum = |classes: &[f32; CLASSES]| classes.iter().map(|count| f64::from(*count)).sum::<f64>();
        let (late, usual) = (sum(&self.late), sum(&self.usual));
        if late < LATE_MIN || usual < late * USUAL_MIN {
            return None;
        }
        // Half a value in each class: one that was never seen is rare, not impossible.
        let share = |count: f32, all: f64| (f64::from(count) + 0.5) / (all + 0.5 * CLASSES as f64);
        let apart = |(late_one, usual_one): (&f32, &f32)| {
            let (now, before) = (share(*late_one, late), share(*usual_one, usual));
            (now - before) * (now / before).ln()
        };
        let index: f64 = self.late.iter().zip(&self.usual).map(apart).sum();
        // By chance it is a chi-square number of 15 degrees divided by the size; beyond 45 once in ten thousand.
        let chance = 45.0 * (1.0 / late + 1.0 / usual);
        Some((index - chance).max(0.0))
    }

    pub(super) fn is_sound(&self) -> bool {
        self.late.iter().chain(&self.usual).all(|count| count.is_finite() && *count >= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(values: &mut Values, hours: usize, value: impl Fn(usize) -> Option<f32>) {
        for hour in 0..hours {
            (0..40).for_each(|n| values.add(value(hour * 40 + n)));
            values.close_hour();
        }
    }

    #[test]
    fn values_that_move_drift_and_those_that_stay_do_not() {
        let mut values = Values::default();
        run(&mut values, 24, |n| Some((n % 7) as f32));
        assert_eq!(values.drift(), None, "a day tells nothing");
        run(&mut values, 24 * 60, |n| Some((n * 7_919 % 7) as f32));
        assert_eq!(values.drift(), Some(0.0));
        run(&mut values, 48, |n| Some((n % 7) as f32 * 4.0));
        assert!(values.drift().is_some_and(|drift| drift > 0.25), "{:?}", values.drift());
    }

    #[test]
    fn what_becomes_unknown_drifts() {
        let mut values = Values::default();
        run(&mut values, 24 * 60, |_| Some(1.0));
        run(&mut values, 48, |_| None);
        assert!(values.drift().is_some_and(|drift| drift > 0.5), "{:?}", values.drift());
    }

    #[test]
    fn every_value_has_a_class() {
        let mut values = Values::default();
        for value in [f32::NEG_INFINITY, -1.0, -0.0, 0.0, 0.1, 1.0, f32::MAX, f32::INFINITY, f32::NAN] {
            values.add(Some(value));
            values.add_score(Some(value));
        }
        assert_eq!(values.hour.iter().sum::<u32>(), 18);
        assert_eq!((values.hour[0], values.hour[1], values.hour[2]), (2, 2, 3));
    }
}

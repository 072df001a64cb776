//! Which threshold keeps to a budget of wrong holds and of reviews, from labelled history.

use serde::Serialize;

use super::interval::wilson;
use super::share::LABELS_MIN;
use crate::sql::{self, Limits, SqlError, Value};
use crate::tables::{Period, Tables};

/// Width of the steps of the curve, in log-odds: an eighth more of the odds than the last digit that people set.
const STEP_POINTS: f64 = 0.25;

/// More steps than any score lies below 0: what is made positive by it is rounded down.
const FLOOR: i64 = 1_000_000;

/// What the administrator accepts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds {
    /// Safe messages that are held, in a million messages.
    pub wrong_holds_per_million: f64,
    /// Held messages that people look at in a day.
    pub reviews_per_day: f64,
}

/// What a threshold would have done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// The threshold to hold, in log-odds.
    pub hold: f64,
    /// Messages held a day.
    pub reviews_per_day: f64,
    /// Labelled messages at or above it.
    pub labels: u64,
    /// Safe messages held in a million, as the labels at or above it say; `None` where there are too few.
    pub wrong_holds_per_million: Option<f64>,
    /// The most that these may be, with 97.5 % confidence.
    pub wrong_holds_per_million_most: Option<f64>,
    /// The share of attacks that are known of which it holds; `None` where none are.
    pub attacks_held: Option<f64>,
}

/// The trade-off, and the threshold that keeps to the bounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Budget {
    /// What is accepted.
    pub bounds: Bounds,
    /// Decisions with a score.
    pub decisions: u64,
    /// Those that are labelled.
    pub labels: u64,
    /// The lowest threshold that keeps to both bounds with confidence; `None` where no step does, or labels are too few.
    pub hold: Option<f64>,
    /// The curve, lowest threshold first.
    pub curve: Vec<Step>,
}

/// Solves the threshold of holding for a period.
pub fn budget(tables: &Tables, period: &Period, bounds: Bounds, limits: &Limits) -> Result<Budget, SqlError> {
    let everything = Limits { rows_max: usize::MAX, ..*limits };
    let bins = format!(
        "select cast(d.score / {STEP_POINTS} + {FLOOR} as integer) - {FLOOR}, count(*), \
         sum(case when l.label = 'safe' then 1 else 0 end), sum(case when l.label = 'attack' then 1 else 0 end) \
         from decisions d left join (select id, label from labels where current = 1) l on l.id = d.id \
         where d.score is not null group by 1 order by 1"
    );
    let days = "select count(distinct date) from decisions";
    let answers = sql::queries(tables, &[&bins, days], period, &everything)?;
    let number = |row: &[Value], at: usize| row.get(at).and_then(Value::number).unwrap_or(0.0);
    let bins: Vec<Bin> = answers[0]
        .rows
        .iter()
        .map(|row| Bin { at: number(row, 0), count: number(row, 1), safe: number(row, 2), attacks: number(row, 3) })
        .collect();
    let days = answers[1].rows.first().map_or(0.0, |row| number(row, 0));
    Ok(solve(&bins, days, bounds))
}

/// The decisions of one step of the score.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bin {
    at: f64,
    count: f64,
    safe: f64,
    attacks: f64,
}

fn solve(bins: &[Bin], days: f64, bounds: Bounds) -> Budget {
    let sum = |of: fn(&Bin) -> f64, bins: &[Bin]| bins.iter().map(of).sum::<f64>();
    let (all, all_attacks) = (sum(|bin| bin.count, bins), sum(|bin| bin.attacks, bins));
    let mut curve = Vec::new();
    for from in 0..bins.len() {
        let above = &bins[from..];
        let (count, safe, attacks) = (sum(|b| b.count, above), sum(|b| b.safe, above), sum(|b| b.attacks, above));
        let labels = safe + attacks;
        let is_known = labels >= LABELS_MIN as f64;
        let in_a_million = |share: f64| share * count * 1e6 / all;
        curve.push(Step {
            hold: bins[from].at * STEP_POINTS,
            reviews_per_day: count / days.max(1.0),
            labels: labels as u64,
            wrong_holds_per_million: is_known.then(|| in_a_million(safe / labels)),
            wrong_holds_per_million_most: is_known.then(|| in_a_million(wilson(safe / labels, labels).high)),
            attacks_held: (all_attacks > 0.0).then(|| attacks / all_attacks),
        });
    }
    let keeps = |step: &&Step| {
        step.reviews_per_day <= bounds.reviews_per_day
            && step.wrong_holds_per_million_most.is_some_and(|most| most <= bounds.wrong_holds_per_million)
    };
    // From the top down: a lower step that keeps to the bounds by the luck of few labels lies below one that does not.
    let hold = curve
        .iter()
        .rev()
        .skip_while(|step| step.wrong_holds_per_million_most.is_none())
        .take_while(|step| keeps(step))
        .last();
    Budget {
        bounds,
        decisions: all as u64,
        labels: bins.iter().map(|bin| bin.safe + bin.attacks).sum::<f64>() as u64,
        hold: hold.map(|step| step.hold),
        curve,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bins() -> Vec<Bin> {
        let bin = |at: f64, count: f64, safe: f64, attacks: f64| Bin { at, count, safe, attacks };
        vec![
            bin(-8.0, 90_000.0, 0.0, 0.0),
            bin(0.0, 9_000.0, 60.0, 20.0),
            bin(8.0, 700.0, 20.0, 60.0),
            bin(16.0, 200.0, 0.0, 100.0),
            bin(24.0, 100.0, 0.0, 80.0),
        ]
    }

    fn hold(wrong_holds_per_million: f64, reviews_per_day: f64) -> Option<f64> {
        solve(&bins(), 10.0, Bounds { wrong_holds_per_million, reviews_per_day }).hold
    }

    #[test]
    fn the_lowest_threshold_within_both_bounds_is_found() {
        assert_eq!(hold(1e6, 1e6), Some(-2.0));
        assert_eq!(hold(100.0, 1e6), Some(4.0));
        assert_eq!(hold(2_000.0, 1e6), Some(2.0));
        assert_eq!(hold(1e6, 150.0), Some(2.0));
        assert_eq!(hold(1e6, 5.0), None);
        assert_eq!(hold(0.0, 1e6), None);
    }

    #[test]
    fn the_curve_shows_what_each_step_costs_and_gains() {
        let budget = solve(&bins(), 10.0, Bounds { wrong_holds_per_million: 1.0, reviews_per_day: 1.0 });
        let step = budget.curve[2];
        assert_eq!((step.hold, step.reviews_per_day, step.labels), (2.0, 100.0, 260));
        assert!((step.wrong_holds_per_million.expect("known") - 1000.0 * 20.0 / 260.0 * 10.0).abs() < 1e-6);
        assert!((step.attacks_held.expect("known") - 240.0 / 260.0).abs() < 1e-9);
        assert_eq!((budget.decisions, budget.labels), (100_000, 340));
    }

    #[test]
    fn without_labels_no_threshold_is_named() {
        let bare: Vec<Bin> = bins().into_iter().map(|bin| Bin { safe: 0.0, attacks: 1.0, ..bin }).collect();
        let budget = solve(&bare, 10.0, Bounds { wrong_holds_per_million: 1e6, reviews_per_day: 1e6 });
        assert_eq!(budget.hold, None);
        assert!(budget.curve.iter().all(|step| step.wrong_holds_per_million.is_none()));
        assert_eq!(solve(&[], 0.0, budget.bounds).hold, None);
    }
}

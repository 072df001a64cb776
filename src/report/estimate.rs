//! How much is missed, estimated from the audit sample: each labelled message stands for as many as its chance says.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Serialize;

use super::draw::{Drawing, Stratum, read};
use super::share::Share;
use crate::sql::{self, Limits, SqlError, Value};
use crate::tables::{Period, Tables};

/// What the audit sample says of attacks that passed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Missed {
    /// Messages of the sample that are labelled, and all of it.
    pub labelled: u64,
    /// Messages that were drawn.
    pub drawn: u64,
    /// The share of attacks in mail that passed without a mark.
    pub among_passed: Share,
    /// Attacks that passed, on the days of which samples were drawn; `None` where there are not enough labels.
    pub attacks_passed: Option<f64>,
    /// The share of all attacks that passed; `None` where there are not enough labels or no attacks.
    pub miss_rate: Option<f64>,
}

/// What is known of one stratum of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Cell {
    population: f64,
    drawn: f64,
    labelled: f64,
    attacks: f64,
}

/// Estimates the attacks that passed in a period.
pub(super) fn missed(tables: &Tables, state: &Path, period: &Period, limits: &Limits) -> Result<Missed, SqlError> {
    let drawings: Vec<Drawing> = read(state)?.into_iter().filter(|drawing| period.holds(&drawing.date)).collect();
    if drawings.is_empty() {
        return Ok(estimate(&[], &HashMap::new()));
    }
    let everything = Limits { rows_max: usize::MAX, ..*limits };
    let answer = sql::query(tables, "select id, label from labels where current = 1", period, &everything)?;
    let labels = answer.rows.iter().filter_map(|row| match row.as_slice() {
        [Value::Text(id), Value::Text(label)] => Some((id.clone(), label == "attack")),
        _ => None,
    });
    Ok(estimate(&drawings, &labels.collect()))
}

/// Horvitz and Thompson's estimator over strata. Within a stratum, those that are labelled stand for those that are not
/// (yet): its messages were drawn alike, and are proposed for labelling in no order.
fn estimate(drawings: &[Drawing], labels: &HashMap<String, bool>) -> Missed {
    let mut cells: BTreeMap<(&str, Stratum), Cell> = BTreeMap::new();
    for drawing in drawings {
        let cell = cells.entry((drawing.date.as_str(), drawing.stratum)).or_default();
        cell.drawn += 1.0;
        cell.population += 1.0 / drawing.probability;
        if let Some(is_attack) = labels.get(&drawing.id) {
            cell.labelled += 1.0;
            cell.attacks += f64::from(u8::from(*is_attack));
        }
    }
    let labelled = cells.values().map(|cell| cell.labelled).sum::<f64>() as u64;
    let of = |is_passed: bool| {
        let chosen = cells.iter().filter(move |((_, stratum), _)| stratum.is_passed() == is_passed);
        total(&chosen.map(|(_, cell)| *cell).filter(|cell| cell.labelled > 0.0).collect::<Vec<_>>())
    };
    let (passed, stopped) = (of(true), of(false));
    let among_passed = Share::weighted(passed.share, passed.trials, passed.labelled);
    let is_known = matches!(among_passed, Share::Known { .. });
    let attacks = passed.attacks + stopped.attacks;
    Missed {
        labelled,
        drawn: drawings.len() as u64,
        among_passed,
        attacks_passed: is_known.then_some(passed.attacks),
        miss_rate: (is_known && attacks > 0.0).then_some(passed.attacks / attacks),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Total {
    attacks: f64,
    share: f64,
    /// As many messages of a plain random sample would tell as much.
    trials: f64,
    labelled: u64,
}

fn total(cells: &[Cell]) -> Total {
    let population: f64 = cells.iter().map(|cell| cell.population).sum();
    let labelled: f64 = cells.iter().map(|cell| cell.labelled).sum();
    let attacks: f64 = cells.iter().map(|cell| cell.population * cell.attacks / cell.labelled).sum();
    let share = if population > 0.0 { attacks / population } else { 0.0 };
    let variance: f64 = cells
        .iter()
        .map(|cell| {
            let rate = cell.attacks / cell.labelled;
            let left_out = 1.0 - (cell.labelled / cell.population).min(1.0);
            cell.population.powi(2) * left_out * rate * (1.0 - rate) / (cell.labelled - 1.0).max(1.0)
        })
        .sum();
    // Where nothing varies, the sample is worth what its weights leave of it (Kish).
    let squares: f64 = cells.iter().map(|cell| cell.population.powi(2) / cell.labelled).sum();
    let kish = if squares > 0.0 { population.powi(2) / squares } else { 0.0 };
    let trials = if variance > 0.0 {
        (share * (1.0 - share) / (variance / population.powi(2))).min(labelled.max(kish))
    } else {
        kish
    };
    Total { attacks, share, trials, labelled: labelled as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Interval;

    /// Messages of a stratum: so many drawn of so many, of which so many are attacks; all labelled.
    fn drawn(stratum: Stratum, drawn: usize, of: usize, attacks: usize) -> Vec<(Drawing, bool)> {
        let drawing = |n: usize| Drawing {
            id: format!("{stratum:?}{n}"),
            date: "2026-11-25".to_owned(),
            seed: "s".to_owned(),
            stratum,
            probability: drawn as f64 / of as f64,
            at: String::new(),
        };
        (0..drawn).map(|n| (drawing(n), n < attacks)).collect()
    }

    fn missed(parts: &[Vec<(Drawing, bool)>]) -> Missed {
        let all: Vec<_> = parts.concat();
        let labels = all.iter().map(|(drawing, is_attack)| (drawing.id.clone(), *is_attack)).collect();
        estimate(&all.into_iter().map(|(drawing, _)| drawing).collect::<Vec<_>>(), &labels)
    }

    #[test]
    fn each_message_stands_for_as_many_as_its_chance_says() {
        let found = missed(&[
            drawn(Stratum::Near, 20, 100, 5),
            drawn(Stratum::Passed, 30, 9_000, 0),
            drawn(Stratum::Stopped, 10, 50, 10),
        ]);
        assert_eq!((found.labelled, found.drawn), (60, 60));
        assert!((found.attacks_passed.expect("known") - 25.0).abs() < 1e-9);
        assert!((found.miss_rate.expect("known") - 25.0 / 75.0).abs() < 1e-9);
        let Share::Known { share, interval: Interval { low, high }, .. } = found.among_passed else { panic!("known") };
        assert!((share - 25.0 / 9_100.0).abs() < 1e-9 && low < share && share < high && high < 0.2, "{low} {high}");
    }

    #[test]
    fn without_labels_nothing_is_told() {
        let found = missed(&[]);
        assert_eq!((found.among_passed, found.miss_rate), (Share::NotEnoughLabels(0), None));
        let few = missed(&[drawn(Stratum::Passed, 19, 1_000, 1)]);
        assert_eq!((few.among_passed, few.attacks_passed), (Share::NotEnoughLabels(19), None));
    }

    #[test]
    fn a_sample_without_attacks_still_leaves_doubt() {
        let found = missed(&[drawn(Stratum::Passed, 50, 10_000, 0)]);
        let Share::Known { share, interval, .. } = found.among_passed else { panic!("known") };
        assert!(share == 0.0 && interval.high > 0.05, "{interval:?}");
        assert_eq!(found.miss_rate, None);
    }

    /// Many samples of one population: the estimate is right on the average, and the interval holds the truth about as
    /// often as it promises.
    #[test]
    fn the_estimate_is_unbiased_and_its_interval_keeps_its_promise() {
        let (mut sum, mut held, rounds) = (0.0, 0, 400);
        let mut state = 12_345_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        for _ in 0..rounds {
            // 10 % attacks near the threshold, 1 % elsewhere.
            let hits =
                |random: &mut dyn FnMut() -> f64, n: usize, rate: f64| (0..n).filter(|_| random() < rate).count();
            let (near, far) = (hits(&mut random, 60, 0.1), hits(&mut random, 140, 0.01));
            let found = missed(&[drawn(Stratum::Near, 60, 1_000, near), drawn(Stratum::Passed, 140, 9_000, far)]);
            sum += found.attacks_passed.expect("known");
            let Share::Known { interval, .. } = found.among_passed else { panic!("known") };
            held += usize::from(interval.low <= 0.019 && 0.019 <= interval.high);
        }
        let mean = sum / f64::from(rounds);
        assert!((mean - 190.0).abs() < 12.0, "{mean}");
        assert!(held * 100 >= rounds as usize * 90, "{held} of {rounds}");
    }
}

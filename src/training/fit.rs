//! Fits, calibrates and judges an additive model.

use std::collections::BTreeMap;
use std::fmt;

use crate::mail::Moment;
use crate::model::{Additive, Calibration, Card, SourceCount, Table, TrainedOn, quantised};

use super::bin::{code, edges};
use super::boost::{Boosted, Sample, Shape, boost};
use super::calibrate::{Line, calibrate};
use super::examples::{Examples, Input};
use super::figures::{Figures, figures};
use super::leak::{Leaks, leaks};
use super::settings::FitSettings;
use super::split::{Slices, split};
use super::weigh::{Powers, weigh};

/// A model, and what is known of it.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The model; [`crate::model::write`] makes files of it.
    pub additive: Additive,
    /// How it was calibrated.
    pub calibration: Calibration,
    /// The mail it learned from; the description is left to the caller.
    pub trained_on: TrainedOn,
    /// Its figures on the latest mail, which it has not seen.
    pub figures: Figures,
    /// What tells sources instead of attacks, over all examples.
    pub leaks: Leaks,
    /// Which rows served for what.
    pub slices: Slices,
    /// Rounds of boosting.
    pub rounds: usize,
    /// Inputs that told nothing and are not in the model.
    pub silent: Vec<String>,
}

/// Why there is no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FitError {
    /// A setting cannot be; what it must be.
    Settings(&'static str),
    /// This name in `leave_out` is no input.
    UnknownInput(String),
    /// A slice of the mail holds too few messages of a label.
    TooFew {
        /// Of which slice: `fit`, `tune` or `trial`.
        slice: &'static str,
        /// Whether attacks are lacking, or ordinary mail.
        attack: bool,
        /// How many there are.
        have: usize,
        /// How many there must be.
        need: usize,
    },
    /// No input tells attacks from ordinary mail.
    NothingLearned,
}

impl fmt::Display for FitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(fault) => f.write_str(fault),
            Self::UnknownInput(name) => write!(f, "leave_out names `{name}`, which is no signal"),
            Self::TooFew { slice, attack, have, need } => {
                let label = if *attack { "attacks" } else { "ordinary messages" };
                write!(
                    f,
                    "the {slice} slice holds {have} {label} and needs {need} (label_messages_min): add mail, from \
                     several campaigns"
                )
            }
            Self::NothingLearned => {
                f.write_str("no signal tells these attacks from this ordinary mail: check the labels")
            }
        }
    }
}

impl std::error::Error for FitError {}

/// The weight of attacks while tables are fitted: half, so that few attacks teach as much as much ordinary mail.
const FIT_ATTACK_SHARE: f64 = 0.5;

/// Fits a model on the earliest mail of each source, stops and calibrates on later mail, and judges it on the latest.
/// The same examples and settings give the same model, bit for bit.
pub fn fit(examples: &Examples, settings: &FitSettings) -> Result<Fitted, FitError> {
    settings.fault().map_or(Ok(()), |fault| Err(FitError::Settings(fault)))?;
    let kept = kept(examples, settings)?;
    let slices = split(examples, settings.fit_share, settings.tune_share);
    for (slice, rows) in [("fit", &slices.fit), ("tune", &slices.tune), ("trial", &slices.trial)] {
        enough(examples, rows, slice, settings.label_messages_min)?;
    }
    let powers = Powers { source: settings.source_power, campaign: settings.campaign_power };
    let weights = weigh(examples, &slices.fit, powers, FIT_ATTACK_SHARE);
    let cuts: Vec<Vec<f32>> = kept.iter().map(|input| cut(examples, *input, &slices.fit, &weights, settings)).collect();
    let mut learned = sample(examples, &kept, &cuts, &slices.fit, weights);
    let weights = weigh(examples, &slices.tune, powers, FIT_ATTACK_SHARE);
    let mut later = sample(examples, &kept, &cuts, &slices.tune, weights);
    let inputs = || kept.iter().map(|input| &examples.inputs()[*input]);
    let shapes: Vec<_> = inputs().zip(&cuts).map(|(input, edges)| shape(input, edges, settings)).collect();
    let mut boosted = boost(&learned, &later, &shapes, settings);
    if settings.doubtful_share > 0.0 {
        for (rows, sample) in [(&slices.fit, &mut learned), (&slices.tune, &mut later)] {
            doubt(examples, rows, &raw_scores(&boosted, sample), settings.doubtful_share, sample);
        }
        boosted = boost(&learned, &later, &shapes, settings);
    }

    let mut weights = weigh(examples, &slices.tune, powers, settings.attack_share);
    weights.iter_mut().zip(&later.weights).filter(|(_, later)| **later == 0.0).for_each(|(weight, _)| *weight = 0.0);
    let line = calibrate(&raw_scores(&boosted, &later), &later.attacks, &weights);
    let (additive, silent) = tables(&boosted, line, inputs().map(|input| input.name.clone()).zip(cuts));
    if additive.tables.is_empty() {
        return Err(FitError::NothingLearned);
    }
    let all: Vec<u32> = (0..examples.len() as u32).collect();
    Ok(Fitted {
        figures: figures(examples, &slices.trial, &examples.scores(&additive, &slices.trial), settings.attack_share),
        leaks: leaks(examples, &all, &examples.scores(&additive, &all)),
        calibration: Calibration {
            attack_share: settings.attack_share as f32,
            slope: line.slope,
            intercept: line.intercept,
        },
        trained_on: trained_on(examples, &slices),
        rounds: boosted.rounds,
        additive,
        slices,
        silent,
    })
}

impl Fitted {
    /// The model's card: its figures stand in it by name.
    pub fn card(&self, name: &str, version: &str, created: &str, description: &str) -> Card {
        let mut figures = vec![
            ("trial_ham", self.figures.ham as f64),
            ("trial_attacks", self.figures.attacks as f64),
            ("area_under_roc", self.figures.area.unwrap_or(0.5)),
            ("log_loss", self.figures.loss),
            ("calibration_error", self.figures.calibration_error),
        ];
        if let Some(strict) = self.figures.operating.first() {
            figures.extend([
                ("threshold_at_1_in_1000", f64::from(strict.threshold)),
                ("recall_at_1_in_1000", strict.recall.value),
                ("recall_at_1_in_1000_low", strict.recall.low),
                ("recall_at_1_in_1000_high", strict.recall.high),
            ]);
        }
        Card {
            name: name.into(),
            version: version.into(),
            created: created.into(),
            category: None,
            trained_on: TrainedOn { description: description.into(), ..self.trained_on.clone() },
            calibration: self.calibration.clone(),
            figures: figures.into_iter().map(|(name, value)| (name.to_string(), value)).collect(),
            limits: Vec::new(),
        }
    }
}

/// The inputs that may be used.
fn kept(examples: &Examples, settings: &FitSettings) -> Result<Vec<usize>, FitError> {
    match settings.leave_out.iter().find(|name| examples.place(name).is_none()) {
        Some(name) => Err(FitError::UnknownInput(name.clone())),
        None => Ok((0..examples.inputs().len())
            .filter(|input| !settings.leave_out.contains(&examples.inputs()[*input].name))
            .collect()),
    }
}

fn enough(examples: &Examples, rows: &[u32], slice: &'static str, need: usize) -> Result<(), FitError> {
    for attack in [false, true] {
        let have = rows.iter().filter(|row| examples.labels()[**row as usize].attack == attack).count();
        if have < need.max(1) {
            return Err(FitError::TooFew { slice, attack, have, need: need.max(1) });
        }
    }
    Ok(())
}

fn cut(examples: &Examples, input: usize, rows: &[u32], weights: &[f32], settings: &FitSettings) -> Vec<f32> {
    let column = examples.column(input);
    let values: Vec<f32> = rows.iter().map(|row| column[*row as usize]).collect();
    let mut edges = edges(&values, weights, settings.bins_max, settings.bin_messages_min);
    // A prior needs a bin of its own, even where this mail shows the fact too seldom for one.
    if examples.inputs()[input].prior != 0.0 && edges.first().is_none_or(|first| *first > 1.0) {
        edges.insert(0, 0.5);
    }
    edges
}

/// Lets the ordinary messages of each source that look most like attacks count nothing.
fn doubt(examples: &Examples, rows: &[u32], scores: &[f32], share: f64, sample: &mut Sample) {
    let mut by_source: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (place, row) in rows.iter().enumerate().filter(|(place, _)| !sample.attacks[*place]) {
        by_source.entry(examples.labels()[*row as usize].source).or_default().push(place);
    }
    for places in by_source.values_mut() {
        places.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        let doubtful = (places.len() as f64 * share) as usize;
        places[..doubtful].iter().for_each(|place| sample.weights[*place] = 0.0);
    }
}

fn shape(input: &Input, edges: &[f32], settings: &FitSettings) -> Shape {
    // The missing bin and that below the first edge say nothing; a bin that begins above 0 holds what the prior speaks of.
    let priors = edges.iter().map(|edge| if *edge > 0.0 { f64::from(input.prior) } else { 0.0 });
    Shape {
        risk: input.risk,
        prior: [0.0, 0.0].into_iter().chain(priors).collect(),
        excuse_max: if input.is_written { settings.excuse_max } else { f64::INFINITY },
    }
}

fn sample(examples: &Examples, kept: &[usize], cuts: &[Vec<f32>], rows: &[u32], weights: Vec<f32>) -> Sample {
    let codes = |(input, edges): (&usize, &Vec<f32>)| {
        let column = examples.column(*input);
        rows.iter().map(|row| code(edges, column[*row as usize])).collect()
    };
    let labels = || rows.iter().map(|row| &examples.labels()[*row as usize]);
    Sample {
        codes: kept.iter().zip(cuts).map(codes).collect(),
        attacks: labels().map(|label| label.attack).collect(),
        weights,
        campaigns: labels().map(|label| label.campaign).collect(),
    }
}

fn raw_scores(boosted: &Boosted, sample: &Sample) -> Vec<f32> {
    let mut scores = vec![boosted.intercept; sample.attacks.len()];
    for (points, codes) in boosted.points.iter().zip(&sample.codes) {
        scores.iter_mut().zip(codes).for_each(|(score, code)| *score += points[usize::from(*code)]);
    }
    scores.into_iter().map(|score| score as f32).collect()
}

/// Folds the line into tables and base, and rounds them to the grain; names of inputs that are left without a say come
/// second. Rounding comes last, so that the sum of a score's parts is the score.
fn tables(boosted: &Boosted, line: Line, inputs: impl Iterator<Item = (String, Vec<f32>)>) -> (Additive, Vec<String>) {
    let mut additive =
        Additive { base: quantised(line.slope * boosted.intercept + line.intercept), tables: Vec::new() };
    let mut silent = Vec::new();
    for (points, (input, edges)) in boosted.points.iter().zip(inputs) {
        let points: Vec<f32> = points.iter().map(|points| quantised(line.slope * points)).collect();
        match points.split_first() {
            Some((missing, points)) if points.iter().chain([missing]).any(|points| *points != 0.0) => {
                additive.tables.push(joined(Table { input, edges, points: points.to_vec(), missing: *missing }));
            }
            _ => silent.push(input),
        }
    }
    (additive, silent)
}

/// The same table without edges at which nothing changes.
fn joined(mut table: Table) -> Table {
    let changes: Vec<bool> = table.points.windows(2).map(|pair| pair[0] != pair[1]).collect();
    let mut change = changes.iter();
    table.edges.retain(|_| change.next().is_some_and(|changes| *changes));
    table.points.dedup();
    table
}

fn trained_on(examples: &Examples, slices: &Slices) -> TrainedOn {
    let mut counts: BTreeMap<u16, (usize, usize)> = BTreeMap::new();
    let (mut from, mut until) = (i64::MAX, i64::MIN);
    for row in slices.fit.iter().chain(&slices.tune) {
        let label = &examples.labels()[*row as usize];
        let count = counts.entry(label.source).or_default();
        *(if label.attack { &mut count.1 } else { &mut count.0 }) += 1;
        (from, until) = (from.min(label.at.0), until.max(label.at.0));
    }
    let source = |(source, (ham, attacks)): (u16, (usize, usize))| SourceCount {
        name: examples.sources()[usize::from(source)].clone(),
        ham,
        attacks,
    };
    TrainedOn {
        description: String::new(),
        from: Moment(from).rfc3339(),
        until: Moment(until).rfc3339(),
        sources: counts.into_iter().map(source).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::Risk;
    use crate::training::examples::Label;
    use crate::training::examples::tests::label;

    fn boosted(intercept: f64, points: &[&[f64]]) -> Boosted {
        Boosted { intercept, points: points.iter().map(|p| p.to_vec()).collect(), rounds: 1, loss: 0.0 }
    }

    const AS_IT_IS: Line = Line { slope: 1.0, intercept: 0.0 };

    fn made(boosted: &Boosted, line: Line, inputs: &[(&str, &[f32])]) -> (Additive, Vec<String>) {
        tables(boosted, line, inputs.iter().map(|(name, edges)| (name.to_string(), edges.to_vec())))
    }

    #[test]
    fn the_line_is_folded_into_base_and_points() {
        let line = Line { slope: 0.5, intercept: -2.0 };
        let (additive, silent) = made(&boosted(1.0, &[&[-0.25, 0.0, 3.0]]), line, &[("a", &[1.0])]);
        let table = Table { input: "a".into(), edges: vec![1.0], points: vec![0.0, 1.5], missing: -0.125 };
        assert_eq!(additive, Additive { base: -1.5, tables: vec![table] });
        assert_eq!(silent, Vec::<String>::new());
    }

    #[test]
    fn the_least_ordinary_of_each_source_may_count_nothing() {
        let mut examples = Examples::new([]);
        let sources = ["a", "b"].map(|name| examples.source(name));
        for k in 0..40 {
            examples.push(&[], Label { source: sources[k % 2], ..label(k >= 36, 0) }).expect("it fits");
        }
        let rows: Vec<u32> = (0..40).collect();
        let mut whole = sample(&examples, &[], &[], &rows, vec![1.0; 40]);
        let scores: Vec<f32> = rows.iter().map(|row| *row as f32).collect();
        doubt(&examples, &rows, &scores, 0.06, &mut whole);
        let doubted: Vec<usize> = (0..40).filter(|place| whole.weights[*place] == 0.0).collect();
        assert_eq!(doubted, [34, 35], "one of 18 in each source, and no attack");
    }

    #[test]
    fn an_input_without_a_say_is_not_in_the_model() {
        // Less than half a grain is no say.
        let points: [&[f64]; 2] = [&[0.0, 0.0004, -0.0004], &[0.0, 0.0, 0.0006]];
        let (additive, silent) = made(&boosted(0.0, &points), AS_IT_IS, &[("a", &[1.0]), ("b", &[1.0])]);
        assert_eq!(additive.tables.iter().map(|table| table.input.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(silent, ["a"]);
    }

    #[test]
    fn an_input_whose_absence_alone_speaks_stays() {
        let (additive, silent) = made(&boosted(0.0, &[&[-1.0, 0.0]]), AS_IT_IS, &[("a", &[])]);
        assert_eq!((additive.tables.len(), silent.len()), (1, 0));
    }

    #[test]
    fn bins_of_equal_points_are_joined() {
        let points: [&[f64]; 1] = [&[0.0, 0.0, 0.0, 1.0, 1.0, 2.0]];
        let (additive, _) = made(&boosted(0.0, &points), AS_IT_IS, &[("a", &[1.0, 2.0, 3.0, 4.0])]);
        let table = Table { input: "a".into(), edges: vec![2.0, 4.0], points: vec![0.0, 1.0, 2.0], missing: 0.0 };
        assert_eq!(additive.tables, [table]);
        assert_eq!(additive.check(), Ok(()));
    }

    #[test]
    fn raw_scores_are_sums_over_bins() {
        let sample = Sample {
            codes: vec![vec![0, 1, 2], vec![1, 1, 0]],
            attacks: vec![false; 3],
            weights: vec![1.0; 3],
            campaigns: vec![0; 3],
        };
        let boosted = boosted(0.5, &[&[0.0, 1.0, 2.0], &[-1.0, 4.0]]);
        assert_eq!(raw_scores(&boosted, &sample), [4.5, 5.5, 1.5]);
    }

    fn two_sources() -> Examples {
        let mut examples = Examples::new([Input::new("a", Risk::Either)]);
        for source in ["first", "second"] {
            let source = examples.source(source);
            for k in 0..3 {
                let at = i64::from(source) * 1_000 + k * 1_000;
                examples.push(&[None], Label { source, ..label(source == 1, at) }).unwrap();
            }
        }
        examples
    }

    #[test]
    fn the_card_counts_what_was_learned_from_and_not_what_judged() {
        let slices = Slices { fit: vec![0, 3], tune: vec![1], trial: vec![2, 4, 5] };
        let trained_on = trained_on(&two_sources(), &slices);
        let source = |name: &str, ham, attacks| SourceCount { name: name.into(), ham, attacks };
        assert_eq!(trained_on.sources, [source("first", 2, 0), source("second", 0, 1)]);
        assert_eq!((trained_on.from, trained_on.until), (Moment(0).rfc3339(), Moment(1_000).rfc3339()));
    }

    #[test]
    fn each_slice_needs_both_labels() {
        let examples = two_sources();
        assert_eq!(enough(&examples, &[0, 3], "tune", 1), Ok(()));
        let lacking = |attack, have, need| Err(FitError::TooFew { slice: "tune", attack, have, need });
        assert_eq!(enough(&examples, &[0, 1], "tune", 0), lacking(true, 0, 1));
        assert_eq!(enough(&examples, &[0, 3, 4], "tune", 2), lacking(false, 1, 2));
        let said = enough(&examples, &[3], "tune", 20).unwrap_err().to_string();
        assert!(said.contains("the tune slice holds 0 ordinary messages and needs 20"), "{said}");
    }
}

//! What a model is worth: its figures on messages that it has not seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::examples::{Examples, Label};
use super::rank::{area, ranks};
use super::share::Share;

/// Figures of a model on labelled messages. Shares count messages as they are, unweighted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Ordinary messages judged.
    pub ham: usize,
    /// Attacks judged.
    pub attacks: usize,
    /// The chance that an attack scores above an ordinary message (ROC-AUC); `None` where one of them is lacking.
    pub area: Option<f64>,
    /// Mean log-loss if attacks had the share that the model is calibrated for.
    pub loss: f64,
    /// How far, in the mean over tenths of the messages, the stated probability is from the share of attacks, both at
    /// the share that the model is calibrated for.
    pub calibration_error: f64,
    /// What each threshold would do. The first is the lowest that flags at most one ordinary message in a thousand.
    pub operating: Vec<Operating>,
    /// For each source what that first threshold does.
    pub sources: Vec<SourceFigures>,
}

/// What a threshold does: messages that score as much or more are flagged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operating {
    /// In log-odds.
    pub threshold: f32,
    /// Attacks flagged, of all attacks.
    pub recall: Share,
    /// Ordinary messages flagged, of all ordinary messages.
    pub false_positives: Share,
    /// Attacks, of all messages flagged.
    pub precision: Share,
    /// The same at the share of attacks that the model is calibrated for; 0 where nothing is flagged.
    pub precision_at_share: f64,
}

/// What a threshold does to one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceFigures {
    /// Name of the source.
    pub name: String,
    /// Its ordinary messages flagged.
    pub false_positives: Share,
    /// Its attacks flagged.
    pub recall: Share,
}

/// One ordinary message in this many may be flagged by the first threshold: about one a week for someone who gets 150
/// a day, the most that people put up with.
const HAM_PER_FALSE_POSITIVE: usize = 1000;

/// Probabilities whose thresholds are shown, from "tag" to "reject".
const PROBABILITIES: [f64; 7] = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/// Tenths show a calibration and still hold enough messages each.
const CALIBRATION_BINS: f64 = 10.0;

/// Judges scores of these rows. `attack_share` is the share of attacks that the scores are calibrated for.
pub fn figures(examples: &Examples, rows: &[u32], scores: &[f32], attack_share: f64) -> Figures {
    let judged: Vec<(f32, &Label)> =
        rows.iter().zip(scores).map(|(row, score)| (*score, &examples.labels()[*row as usize])).collect();
    let attacks = judged.iter().filter(|(_, label)| label.attack).count();
    let strict = strict_threshold(&judged);
    let logit = |p: f64| (p / (1.0 - p)).ln() as f32;
    let thresholds = std::iter::once(strict).chain(PROBABILITIES.into_iter().map(logit));
    Figures {
        ham: judged.len() - attacks,
        attacks,
        area: area(&ranks(scores), |place| judged[place].1.attack),
        loss: loss(&judged, attack_share),
        calibration_error: calibration_error(&judged, attack_share),
        operating: thresholds.map(|threshold| operating(&judged, threshold, attack_share)).collect(),
        sources: by_source(examples, &judged, strict),
    }
}

/// The lowest threshold that flags at most one ordinary message in [`HAM_PER_FALSE_POSITIVE`].
fn strict_threshold(judged: &[(f32, &Label)]) -> f32 {
    let mut ham: Vec<f32> = judged.iter().filter(|(_, label)| !label.attack).map(|(score, _)| *score).collect();
    ham.sort_by(|a, b| b.total_cmp(a));
    // The first score that must not be flagged; the threshold lies just above it.
    ham.get(ham.len() / HAM_PER_FALSE_POSITIVE).map_or(0.0, |score| score.next_up())
}

fn counts(judged: &[(f32, &Label)], threshold: f32) -> (Share, Share) {
    let count = |attack: bool, least: f32| {
        judged.iter().filter(|(score, label)| label.attack == attack && *score >= least).count()
    };
    let share = |attack| Share::new(count(attack, threshold), count(attack, f32::NEG_INFINITY));
    (share(true), share(false))
}

fn operating(judged: &[(f32, &Label)], threshold: f32, attack_share: f64) -> Operating {
    let (recall, false_positives) = counts(judged, threshold);
    let (hit, missed) = (attack_share * recall.value, (1.0 - attack_share) * false_positives.value);
    Operating {
        threshold,
        recall,
        false_positives,
        precision: Share::new(recall.hits, recall.hits + false_positives.hits),
        precision_at_share: if hit > 0.0 { hit / (hit + missed) } else { 0.0 },
    }
}

fn by_source(examples: &Examples, judged: &[(f32, &Label)], threshold: f32) -> Vec<SourceFigures> {
    let mut parts: BTreeMap<u16, Vec<(f32, &Label)>> = BTreeMap::new();
    for one in judged {
        parts.entry(one.1.source).or_default().push(*one);
    }
    let figures = |(source, part): (u16, Vec<(f32, &Label)>)| {
        let (recall, false_positives) = counts(&part, threshold);
        SourceFigures { name: examples.sources()[usize::from(source)].clone(), false_positives, recall }
    };
    parts.into_iter().map(figures).collect()
}

/// For each message its stated probability, whether it is an attack, and its weight where attacks have their share.
fn stated(judged: &[(f32, &Label)], attack_share: f64) -> Vec<(f64, bool, f64)> {
    let attacks = judged.iter().filter(|(_, label)| label.attack).count() as f64;
    let ham = judged.len() as f64 - attacks;
    let one = |(score, label): &(f32, &Label)| {
        let weight = if label.attack { attack_share / attacks } else { (1.0 - attack_share) / ham };
        (1.0 / (1.0 + f64::from(-*score).exp()), label.attack, weight)
    };
    judged.iter().map(one).collect()
}

fn loss(judged: &[(f32, &Label)], attack_share: f64) -> f64 {
    let one = |(p, attack, weight): (f64, bool, f64)| {
        -weight * (if attack { p } else { 1.0 - p }).max(f64::MIN_POSITIVE).ln()
    };
    stated(judged, attack_share).into_iter().map(one).sum()
}

fn calibration_error(judged: &[(f32, &Label)], attack_share: f64) -> f64 {
    let mut stated = stated(judged, attack_share);
    stated.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut error, mut weight_so_far, mut gap, mut bin) = (0.0, 0.0, 0.0, 1.0);
    // Messages of one score are never parted: their order within it is by chance.
    for tied in stated.chunk_by(|a, b| a.0 == b.0) {
        for (p, attack, weight) in tied {
            weight_so_far += weight;
            gap += weight * (p - f64::from(u8::from(*attack)));
        }
        if weight_so_far >= bin / CALIBRATION_BINS {
            error += f64::abs(gap);
            gap = 0.0;
            bin = (weight_so_far * CALIBRATION_BINS).floor() + 1.0;
        }
    }
    error + f64::abs(gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::examples::tests::label;

    /// So many messages of each (score, is it an attack, source).
    fn judge(messages: &[(f32, bool, u16, usize)], attack_share: f64) -> Figures {
        let mut examples = Examples::new([]);
        examples.source("first");
        examples.source("second");
        let mut scores = Vec::new();
        for (score, attack, source, count) in messages {
            for _ in 0..*count {
                examples.push(&[], Label { source: *source, ..label(*attack, 0) }).unwrap();
                scores.push(*score);
            }
        }
        let rows: Vec<u32> = (0..scores.len() as u32).collect();
        figures(&examples, &rows, &scores, attack_share)
    }

    #[test]
    fn a_threshold_that_flags_one_ordinary_message_in_a_thousand_is_found() {
        let messages = [(5.0, false, 0, 2), (1.0, false, 0, 1998), (5.0, true, 0, 60), (1.0, true, 0, 40)];
        let strict = judge(&messages, 0.1).operating[0];
        assert_eq!((strict.false_positives.hits, strict.recall.hits), (2, 60));
        assert_eq!(strict.precision, Share::new(60, 62));
        assert!((strict.precision_at_share - 0.06 / (0.06 + 0.0009)).abs() < 1e-12);
        let messages = [(5.0, false, 0, 3), (1.0, false, 0, 1997), (5.0, true, 0, 60), (6.0, true, 0, 40)];
        let strict = judge(&messages, 0.1).operating[0];
        assert_eq!((strict.false_positives.hits, strict.recall.hits), (0, 40), "three of 2,000 are too many");
    }

    #[test]
    fn each_source_is_judged_by_itself() {
        let messages = [(1.0, false, 0, 10), (2.0, false, 1, 5), (3.0, true, 1, 4), (0.0, true, 1, 1)];
        let sources = judge(&messages, 0.1).sources;
        let names: Vec<_> = sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["first", "second"]);
        assert_eq!((sources[0].recall, sources[1].recall), (Share::new(0, 0), Share::new(4, 5)));
        assert_eq!(sources[1].false_positives, Share::new(0, 5));
    }

    #[test]
    fn a_true_probability_has_no_calibration_error() {
        // Half ham, half attack at even odds; both labels have the share of one half.
        let honest = judge(&[(0.0, false, 0, 50), (0.0, true, 0, 50)], 0.5);
        assert!(honest.calibration_error < 1e-9 && (honest.loss - 2.0_f64.ln()).abs() < 1e-9, "{honest:?}");
        let boastful = judge(&[(3.0, false, 0, 50), (3.0, true, 0, 50)], 0.5);
        assert!((boastful.calibration_error - 0.4526).abs() < 1e-3, "{boastful:?}");
    }

    #[test]
    fn the_area_needs_both_labels() {
        assert_eq!(judge(&[(0.0, false, 0, 2), (1.0, true, 0, 2)], 0.5).area, Some(1.0));
        assert_eq!(judge(&[(0.0, false, 0, 2)], 0.5).area, None);
    }
}

//! Explainable boosting: input after input, round after round, a small step of each table towards what the rest leaves
//! unexplained (Lou, Caruana and Gehrke 2012), held monotone where the signal's meaning asks for it.

use crate::signals::Risk;

use super::bin::MISSING;
use super::isotonic::{fall, rise};
use super::settings::FitSettings;

/// Binned messages of one slice.
pub(super) struct Sample {
    /// For each input the bin of each row, [`MISSING`] or from 1.
    pub codes: Vec<Vec<u8>>,
    /// Labels by row.
    pub attacks: Vec<bool>,
    /// Weights by row.
    pub weights: Vec<f32>,
    /// Campaigns by row; 0 is one of its own.
    pub campaigns: Vec<u64>,
}

/// What is known of an input before its points are learned.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// How it may speak.
    pub risk: Risk,
    /// The points that each bin is pulled to, missing first: as many as there are bins.
    pub prior: Vec<f64>,
    /// How far below ordinary mail its points may lie.
    pub excuse_max: f64,
}

/// Tables before calibration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Boosted {
    /// The score of a message that is ordinary in every input.
    pub intercept: f64,
    /// For each input the points of each bin, missing first; 0 is as with ordinary mail.
    pub points: Vec<Vec<f64>>,
    /// How many rounds the tables took.
    pub rounds: usize,
    /// Log-loss on the later slice.
    pub loss: f64,
}

/// No single step moves a message by more than this, in log-odds: bins where nearly all is explained have hardly any
/// curvature left and would leap.
const STEP_MAX: f64 = 0.5;

/// Steps below this change no score by a grain in hundreds of rounds; skipping them saves half of the time.
const STEP_MIN: f64 = 1e-5;

/// A round must lower the loss by this part to count as a gain.
const GAIN_MIN: f64 = 1e-5;

/// Messages of a slice under the present tables.
struct Rows<'a> {
    sample: &'a Sample,
    scores: Vec<f32>,
    /// Weighted slope of the log-loss at each score, and its curvature.
    slopes: Vec<(f32, f32)>,
}

impl<'a> Rows<'a> {
    fn new(sample: &'a Sample) -> Self {
        let scores = vec![0.0; sample.attacks.len()];
        let mut rows = Self { sample, scores, slopes: vec![(0.0, 0.0); sample.attacks.len()] };
        (0..rows.scores.len()).for_each(|row| rows.settle(row));
        rows
    }

    fn settle(&mut self, row: usize) {
        let p = 1.0 / (1.0 + (-self.scores[row]).exp());
        let weight = self.sample.weights[row];
        let truth = f32::from(u8::from(self.sample.attacks[row]));
        self.slopes[row] = (weight * (p - truth), weight * p * (1.0 - p));
    }

    /// Moves every message by what its bin of this input moved.
    fn shift(&mut self, input: usize, moved: &[f32]) {
        let sample = self.sample;
        for (row, code) in sample.codes[input].iter().enumerate() {
            let by = moved[usize::from(*code)];
            if by != 0.0 {
                self.scores[row] += by;
                self.settle(row);
            }
        }
    }

    fn shift_all(&mut self, by: f32) {
        for row in 0..self.scores.len() {
            self.scores[row] += by;
            self.settle(row);
        }
    }

    /// Sums of slope and curvature for each bin of an input.
    fn sums(&self, input: usize, bins: usize) -> Vec<(f64, f64)> {
        let mut sums = vec![(0.0, 0.0); bins];
        for (code, (slope, curve)) in self.sample.codes[input].iter().zip(&self.slopes) {
            let sum = &mut sums[usize::from(*code)];
            sum.0 += f64::from(*slope);
            sum.1 += f64::from(*curve);
        }
        sums
    }

    /// Mean log-loss.
    fn loss(&self) -> f64 {
        let (mut loss, mut weight) = (0.0, 0.0);
        for (row, score) in self.scores.iter().enumerate() {
            let margin = f64::from(if self.sample.attacks[row] { -*score } else { *score });
            // ln(1 + eˣ) without overflow.
            let one = margin.max(0.0) + (-margin.abs()).exp().ln_1p();
            loss += f64::from(self.sample.weights[row]) * one;
            weight += f64::from(self.sample.weights[row]);
        }
        loss / f64::max(weight, f64::MIN_POSITIVE)
    }
}

/// What stays the same of an input while its points move.
struct Input {
    risk: Risk,
    /// The points that each bin is pulled to.
    prior: Vec<f64>,
    /// How far below ordinary mail its points may lie.
    excuse_max: f64,
    /// Pull of each bin's points towards its prior.
    ridge: Vec<f64>,
    /// Weight of all mail in each bin.
    weight: Vec<f64>,
    /// Weight of each bin in the projection.
    firmness: Vec<f64>,
    /// Weight of ordinary mail in each bin.
    ham: Vec<f64>,
    /// Whether so few messages lack the value that nothing can be learned from it.
    missing_is_rare: bool,
}

impl Input {
    fn new(sample: &Sample, by_campaign: &[u32], input: usize, shape: &Shape, settings: &FitSettings) -> Self {
        let codes = &sample.codes[input];
        let bins = shape.prior.len();
        let (mut weight, mut ham, mut squares) = (vec![0.0; bins], vec![0.0; bins], vec![0.0; bins]);
        let mut witness = vec![(0_u64, 0.0_f64); bins];
        for row in by_campaign {
            let row = *row as usize;
            let (bin, own, campaign) = (usize::from(codes[row]), f64::from(sample.weights[row]), sample.campaigns[row]);
            weight[bin] += own;
            ham[bin] += if sample.attacks[row] { 0.0 } else { own };
            // (a + b)² − a² for a campaign that goes on, b² for a new one.
            let so_far = if campaign != 0 && witness[bin].0 == campaign { witness[bin].1 } else { 0.0 };
            squares[bin] += own * (own + 2.0 * so_far);
            witness[bin] = (campaign, so_far + own);
        }
        // ΣW²/ΣW over campaigns is the weight of a typical witness. A log-loss at even odds curves by a quarter.
        let ridge =
            |(square, sum): (&f64, &f64)| settings.witnesses / 4.0 * if *sum > 0.0 { square / sum } else { 1.0 };
        let ridge: Vec<f64> = squares.iter().zip(&weight).map(ridge).collect();
        let missing = codes.iter().filter(|code| **code == MISSING).count();
        let firmness = weight.iter().zip(&ridge).map(|(weight, ridge)| weight + ridge.max(1e-6)).collect();
        let Shape { risk, prior, excuse_max } = shape.clone();
        let missing_is_rare = missing < settings.bin_messages_min;
        Self { risk, prior, excuse_max, ridge, weight, firmness, ham, missing_is_rare }
    }

    /// The points after a step.
    fn step(&self, points: &[f64], sums: &[(f64, f64)], rate: f64) -> Vec<f64> {
        let newton = |bin: usize| {
            let pull = self.ridge[bin] * (points[bin] - self.prior[bin]);
            let (slope, curve) = (sums[bin].0 + pull, sums[bin].1 + self.ridge[bin]);
            if curve > 0.0 { (-rate * slope / curve).clamp(-STEP_MAX, STEP_MAX) } else { 0.0 }
        };
        let mut next: Vec<f64> = (0..points.len()).map(|bin| points[bin] + newton(bin)).collect();
        match self.risk {
            Risk::Rises => rise(&mut next[1..], &self.firmness[1..]),
            Risk::Falls => fall(&mut next[1..], &self.firmness[1..]),
            Risk::Either => {}
        }
        self.hold_excuses(&mut next);
        self.hold_missing(&mut next);
        next
    }

    /// What anyone can write excuses nobody by more than the limit.
    fn hold_excuses(&self, points: &mut [f64]) {
        if self.excuse_max < f64::INFINITY
            && let Some(ordinary) = middle(points, &self.ham)
        {
            points.iter_mut().for_each(|point| *point = point.max(ordinary - self.excuse_max));
        }
    }

    /// The mean of the points over all mail.
    fn mean(&self, points: &[f64]) -> f64 {
        let sum: f64 = points.iter().zip(&self.weight).map(|(points, weight)| points * weight).sum();
        sum / self.weight.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    }

    /// A missing fact must not accuse, nor excuse more than the best known one: its points stay between those of the
    /// least suspicious bin and those of ordinary mail. Where most ordinary mail lacks the fact, lacking it is ordinary.
    fn hold_missing(&self, points: &mut [f64]) {
        let lowest = points[1..].iter().copied().fold(f64::INFINITY, f64::min);
        if self.missing_is_rare {
            points[0] = middle(&points[1..], &self.ham[1..]).unwrap_or(lowest);
        }
        let ordinary = middle(points, &self.ham).unwrap_or(lowest);
        points[0] = points[0].clamp(lowest.min(ordinary), ordinary);
    }
}

/// The weighted median: the value with half of the weight below it. `None` where there is no weight.
fn middle(points: &[f64], weights: &[f64]) -> Option<f64> {
    let mut order: Vec<usize> = (0..points.len()).filter(|bin| weights[*bin] > 0.0).collect();
    order.sort_by(|a, b| points[*a].total_cmp(&points[*b]));
    let half = order.iter().map(|bin| weights[*bin]).sum::<f64>() / 2.0;
    let mut below = 0.0;
    order
        .into_iter()
        .find(|bin| {
            below += weights[*bin];
            below >= half
        })
        .map(|bin| points[bin])
}

/// Boosts tables for inputs of these shapes, until the later slice gains nothing more.
pub(super) fn boost(fit: &Sample, tune: &Sample, shapes: &[Shape], settings: &FitSettings) -> Boosted {
    let mut by_campaign: Vec<u32> = (0..fit.attacks.len() as u32).collect();
    by_campaign.sort_by_key(|row| fit.campaigns[*row as usize]);
    let known = |(input, shape): (usize, &Shape)| Input::new(fit, &by_campaign, input, shape, settings);
    let inputs: Vec<Input> = shapes.iter().enumerate().map(known).collect();
    let mut now = Boosted {
        intercept: 0.0,
        points: shapes.iter().map(|shape| vec![0.0; shape.prior.len()]).collect(),
        rounds: 0,
        loss: f64::INFINITY,
    };
    let (mut learned, mut later) = (Rows::new(fit), Rows::new(tune));
    for (place, input) in inputs.iter().enumerate() {
        now.adopt(place, input.prior.clone(), input, [&mut learned, &mut later]);
    }
    let mut best = now.clone();
    for round in 1..=settings.rounds_max {
        for (place, input) in inputs.iter().enumerate() {
            let points = &now.points[place];
            let next = input.step(points, &learned.sums(place, points.len()), settings.learning_rate);
            if next.iter().zip(points.iter()).all(|(next, point)| (next - point).abs() < STEP_MIN) {
                continue;
            }
            now.adopt(place, next, input, [&mut learned, &mut later]);
        }
        let (slope, curve) = learned.slopes.iter().fold((0.0, 1e-9), |sum: (f64, f64), (slope, curve)| {
            (sum.0 + f64::from(*slope), sum.1 + f64::from(*curve))
        });
        let by = (-slope / curve).clamp(-STEP_MAX, STEP_MAX);
        now.intercept += by;
        learned.shift_all(by as f32);
        later.shift_all(by as f32);
        (now.rounds, now.loss) = (round, later.loss());
        if now.loss < best.loss * (1.0 - GAIN_MIN) {
            best = now.clone();
        } else if round - best.rounds >= settings.patience_rounds {
            break;
        }
    }
    centre(best, &inputs)
}

impl Boosted {
    /// Gives an input other points, and moves all messages accordingly.
    fn adopt(&mut self, place: usize, next: Vec<f64>, input: &Input, rows: [&mut Rows<'_>; 2]) {
        let moved: Vec<f32> = next.iter().zip(&self.points[place]).map(|(next, point)| (next - point) as f32).collect();
        rows.into_iter().for_each(|rows| rows.shift(place, &moved));
        // The mean belongs to the base. Otherwise a bin that the ridge holds would stay where it is, and the base and all
        // other bins would move away from it.
        let mean = input.mean(&next);
        self.intercept += mean;
        self.points[place] = next.into_iter().map(|point| point - mean).collect();
    }
}

/// Moves each table so that the middle of ordinary mail has 0 points, and the base so that no score changes: then a
/// contribution says how far a fact is from ordinary, and ordinary facts are no reasons.
fn centre(mut boosted: Boosted, inputs: &[Input]) -> Boosted {
    for (points, input) in boosted.points.iter_mut().zip(inputs) {
        let ordinary = middle(points, &input.ham).unwrap_or(0.0);
        points.iter_mut().for_each(|point| *point -= ordinary);
        boosted.intercept += ordinary;
        // Only where there was no ordinary mail at all is this not so already.
        points[0] = points[0].min(0.0);
    }
    boosted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of one input with these codes and labels, each a campaign of its own.
    fn sample(rows: &[(u8, bool)]) -> Sample {
        Sample {
            codes: vec![rows.iter().map(|(code, _)| *code).collect()],
            attacks: rows.iter().map(|(_, attack)| *attack).collect(),
            weights: vec![1.0; rows.len()],
            campaigns: vec![0; rows.len()],
        }
    }

    /// For each bin so many ham and attacks.
    fn counts(bins: &[(usize, usize)]) -> Sample {
        let rows = bins.iter().enumerate().flat_map(|(code, (ham, attacks))| {
            let row = move |attack| (code as u8, attack);
            std::iter::repeat_n(row(false), *ham).chain(std::iter::repeat_n(row(true), *attacks))
        });
        sample(&rows.collect::<Vec<_>>())
    }

    fn shape(risk: Risk, bins: usize) -> Shape {
        Shape { risk, prior: vec![0.0; bins], excuse_max: f64::INFINITY }
    }

    fn boosted_as(bins: &[(usize, usize)], shape: Shape) -> Vec<f64> {
        let (fit, tune) = (counts(bins), counts(bins));
        boost(&fit, &tune, &[shape], &FitSettings::default()).points.remove(0)
    }

    fn boosted(bins: &[(usize, usize)], risk: Risk) -> Vec<f64> {
        boosted_as(bins, shape(risk, bins.len()))
    }

    #[track_caller]
    fn near(got: &[f64], expected: &[f64], within: f64) {
        let is_near = got.len() == expected.len() && got.iter().zip(expected).all(|(g, e)| (g - e).abs() < within);
        assert!(is_near, "{got:?} is not within {within} of {expected:?}");
    }

    #[test]
    fn points_approach_the_log_odds_relative_to_ordinary_mail() {
        // Odds of 1:9, and of 1:1.
        let points = boosted(&[(0, 0), (9000, 1000), (500, 500)], Risk::Rises);
        near(&points, &[0.0, 0.0, 9.0_f64.ln()], 0.05);
    }

    #[test]
    fn ordinary_values_have_no_points() {
        for bins in [[(0, 0), (900, 100), (50, 400)], [(0, 0), (50, 400), (900, 100)], [(900, 100), (30, 300), (5, 50)]]
        {
            let points = boosted(&bins, Risk::Either);
            let most = (0..3).max_by_key(|bin| bins[*bin].0).unwrap();
            assert_eq!(points[most], 0.0, "{points:?}");
        }
    }

    #[test]
    fn points_never_run_against_the_meaning() {
        let bins = [(0, 0), (500, 100), (100, 500), (300, 300), (500, 100), (100, 900)];
        let rises = boosted(&bins, Risk::Rises);
        assert!(rises[1..].is_sorted(), "{rises:?}");
        assert!(rises[5] > 1.0, "{rises:?}");
        let falls = boosted(&bins, Risk::Falls);
        assert!(falls[1..].is_sorted_by(|a, b| a >= b), "{falls:?}");
        let either = boosted(&bins, Risk::Either);
        assert!(either[2] > either[3] && either[3] > either[4], "{either:?}");
    }

    #[test]
    fn what_mail_does_not_show_keeps_its_prior() {
        let prior = |bins| boosted_as(bins, Shape { prior: vec![0.0, 0.0, 2.0], ..shape(Risk::Rises, 3) });
        let unseen = prior(&[(0, 0), (1000, 1000), (0, 0)]);
        near(&unseen, &[0.0, 0.0, 2.0], 0.1);
        let contradicted = prior(&[(0, 0), (1000, 1000), (400, 0)]);
        near(&contradicted, &[0.0, 0.0, 0.0], 0.1);
        let confirmed = prior(&[(0, 0), (1000, 1000), (0, 4)])[2];
        assert!(confirmed >= 1.9 && confirmed > boosted(&[(0, 0), (1000, 1000), (0, 4)], Risk::Rises)[2] + 0.5);
    }

    #[test]
    fn what_anyone_can_write_excuses_little() {
        let bins = [(0, 0), (1000, 5), (600, 600)];
        let free = boosted(&bins, Risk::Either);
        assert!(free[1] == 0.0 && free[2] > 3.0, "{free:?}");
        let bins = [(0, 0), (400, 1), (600, 600)];
        let free = boosted(&bins, Risk::Either);
        assert!(free[1] < -3.0, "{free:?}");
        let held = boosted_as(&bins, Shape { excuse_max: 0.5, ..shape(Risk::Either, 3) });
        near(&held[1..], &[-0.5, 0.0], 1e-6);
    }

    #[test]
    fn a_missing_fact_does_not_accuse() {
        // Missing goes with attack nine to one, but that is no fact about the message.
        let points = boosted(&[(50, 450), (500, 50), (100, 300)], Risk::Rises);
        assert!(points[0] <= 0.0, "{points:?}");
        assert!(points[2] > 1.0, "{points:?}");
    }

    #[test]
    fn a_missing_fact_excuses_no_more_than_the_best_known_one() {
        let points = boosted(&[(300, 1), (500, 200), (300, 300)], Risk::Rises);
        assert!(points[0] == points[1] && points[0] <= 0.0, "{points:?}");
    }

    #[test]
    fn where_most_ordinary_mail_lacks_a_fact_having_it_may_accuse() {
        let points = boosted(&[(950, 500), (20, 20), (30, 480)], Risk::Rises);
        assert_eq!(points[0], 0.0);
        assert!(points[2] > 2.0, "{points:?}");
    }

    #[test]
    fn a_rare_gap_means_nothing() {
        let points = boosted(&[(0, 4), (500, 200), (100, 300)], Risk::Either);
        assert_eq!(points[0], 0.0, "{points:?}");
    }

    #[test]
    fn a_campaign_is_one_witness() {
        let bins = [(0, 0), (1000, 900), (0, 100)];
        let believed = boosted(&bins, Risk::Rises)[2];
        let mut fit = counts(&bins);
        for (code, campaign) in fit.codes[0].iter().zip(&mut fit.campaigns) {
            *campaign = u64::from(*code == 2);
        }
        let doubted = boost(&fit, &counts(&bins), &[shape(Risk::Rises, 3)], &FitSettings::default()).points[0][2];
        assert!(doubted < believed / 3.0, "{doubted} of {believed}");
    }

    #[test]
    fn fitting_ends_when_later_mail_gains_nothing() {
        // What is learned is contradicted later.
        let (fit, tune) = (counts(&[(0, 0), (900, 100), (100, 900)]), counts(&[(0, 0), (100, 900), (900, 100)]));
        let boosted = boost(&fit, &tune, &[shape(Risk::Either, 3)], &FitSettings::default());
        assert_eq!(boosted.rounds, 1);
        let (fit, tune) = (counts(&[(0, 0), (900, 100), (100, 900)]), counts(&[(0, 0), (900, 100), (100, 900)]));
        assert!(boost(&fit, &tune, &[shape(Risk::Either, 3)], &FitSettings::default()).rounds > 20);
    }

    #[test]
    fn centring_moves_no_score() {
        let fit = counts(&[(100, 10), (500, 200), (300, 300)]);
        let input = || {
            let rows: Vec<_> = (0..1410).collect();
            Input::new(&fit, &rows, 0, &shape(Risk::Rises, 3), &FitSettings::default())
        };
        let before = Boosted { intercept: 1.0, points: vec![vec![-1.5, -0.5, 0.75]], rounds: 1, loss: 0.0 };
        let after = centre(before.clone(), &[input()]);
        assert_eq!(after.points[0], [-1.0, 0.0, 1.25], "the middle of ordinary mail lies in the first bin");
        for bin in 0..3 {
            assert_eq!(after.intercept + after.points[0][bin], before.intercept + before.points[0][bin]);
        }
    }

    #[test]
    fn inputs_that_tell_the_same_share_the_say() {
        let mut fit = counts(&[(0, 0), (900, 100), (100, 900)]);
        fit.codes.push(fit.codes[0].clone());
        let points = boost(&fit, &fit, &[shape(Risk::Rises, 3), shape(Risk::Rises, 3)], &FitSettings::default()).points;
        let (first, second) = (points[0][2], points[1][2]);
        assert!(first < 1.5 * second && second < 1.5 * first, "{first} and {second}");
        near(&[first + second], &[2.0 * 9.0_f64.ln()], 0.1);
    }

    #[test]
    fn a_few_messages_are_believed_by_half() {
        // Four attacks and no ordinary mail have infinite odds; what is believed of them is finite and modest.
        let few = boosted(&[(0, 0), (1000, 1000), (0, 4)], Risk::Rises)[2];
        let many = boosted(&[(0, 0), (1000, 1000), (0, 400)], Risk::Rises)[2];
        assert!((0.5..2.0).contains(&few) && many > few + 1.5, "{few} and {many}");
    }

    #[test]
    fn the_loss_is_that_of_the_scores() {
        let sample = counts(&[(1, 1)]);
        let mut rows = Rows::new(&sample);
        near(&[rows.loss()], &[2.0_f64.ln()], 1e-6);
        rows.shift(0, &[50.0]);
        near(&[rows.loss()], &[25.0], 1e-3);
        rows.shift_all(-100.0);
        near(&[rows.loss()], &[25.0], 1e-3);
    }

    #[test]
    fn the_middle_has_half_of_the_weight_below() {
        assert_eq!(middle(&[3.0, 1.0, 2.0], &[1.0, 1.0, 1.0]), Some(2.0));
        assert_eq!(middle(&[3.0, 1.0, 2.0], &[5.0, 1.0, 1.0]), Some(3.0));
        assert_eq!(middle(&[3.0, 1.0], &[0.0, 0.0]), None);
    }
}

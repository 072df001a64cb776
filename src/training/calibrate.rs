//! Makes scores mean what they say: a line through raw scores, so that log-odds are those seen on later mail.

/// A line: `slope · raw + intercept`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Line {
    /// Factor of the raw score.
    pub slope: f64,
    /// What is added.
    pub intercept: f64,
}

/// A slope beyond this would turn a lucky slice into certainty, one below it would silence the model.
const SLOPES: std::ops::RangeInclusive<f64> = 0.25..=1.5;

/// How firmly the slope is held at 1, in messages: a slice of a few dozen messages must not bend it.
const SLOPE_HOLD: f64 = 5.0;

/// Newton's method on two numbers and a convex loss settles in under ten steps.
const STEPS_MAX: usize = 50;

/// Fits the line by weighted log-loss (Platt 1999), on labels drawn a little towards each other, as in Lin, Lin and Weng
/// (2007), so that a slice without an error does not ask for certainty. The weights must carry the share of attacks for
/// which the log-odds are meant.
pub(super) fn calibrate(scores: &[f32], attacks: &[bool], weights: &[f32]) -> Line {
    let count = attacks.iter().filter(|attack| **attack).count() as f64;
    let certain = (count + 1.0) / (count + 2.0);
    let doubtful = 1.0 / (attacks.len() as f64 - count + 2.0);
    let mut line = Line { slope: 1.0, intercept: 0.0 };
    for _ in 0..STEPS_MAX {
        let mut gradient = (SLOPE_HOLD * (line.slope - 1.0), 0.0);
        let mut curve = (SLOPE_HOLD, 0.0, 1e-9);
        for ((score, attack), weight) in scores.iter().zip(attacks).zip(weights) {
            let (x, w) = (f64::from(*score), f64::from(*weight));
            let p = 1.0 / (1.0 + (-(line.slope * x + line.intercept)).exp());
            let error = w * (p - if *attack { certain } else { doubtful });
            let h = w * p * (1.0 - p);
            gradient = (gradient.0 + error * x, gradient.1 + error);
            curve = (curve.0 + h * x * x, curve.1 + h * x, curve.2 + h);
        }
        let determinant = curve.0 * curve.2 - curve.1 * curve.1;
        let step = (
            (curve.2 * gradient.0 - curve.1 * gradient.1) / determinant,
            (curve.0 * gradient.1 - curve.1 * gradient.0) / determinant,
        );
        // A full step may overshoot where nearly all messages are told apart; no step moves the odds by more than e².
        line.slope = (line.slope - step.0.clamp(-0.5, 0.5)).clamp(*SLOPES.start(), *SLOPES.end());
        line.intercept -= step.1.clamp(-2.0, 2.0);
        if step.0.abs() < 1e-9 && step.1.abs() < 1e-9 {
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages whose true log-odds are `slope · score + intercept`: each score stands once as attack and once as ham,
    /// weighted by its probability.
    fn messages(slope: f64, intercept: f64) -> (Vec<f32>, Vec<bool>, Vec<f32>) {
        let (mut scores, mut attacks, mut weights) = (vec![], vec![], vec![]);
        for k in -2000..2000 {
            let score = f64::from(k) / 500.0;
            let p = 1.0 / (1.0 + (-(slope * score + intercept)).exp());
            for (attack, weight) in [(true, p), (false, 1.0 - p)] {
                scores.push(score as f32);
                attacks.push(attack);
                weights.push(weight as f32);
            }
        }
        (scores, attacks, weights)
    }

    #[test]
    fn the_line_that_made_the_messages_is_found() {
        for (slope, intercept) in [(1.0, 0.0), (0.5, -2.0), (1.3, 1.0)] {
            let (scores, attacks, weights) = messages(slope, intercept);
            let line = calibrate(&scores, &attacks, &weights);
            assert!((line.slope - slope).abs() < 0.03, "{line:?}, not {slope}");
            assert!((line.intercept - intercept).abs() < 0.05, "{line:?}, not {intercept}");
        }
    }

    #[test]
    fn the_share_of_attacks_moves_only_the_base() {
        let (scores, attacks, weights) = messages(1.0, 0.0);
        // Attacks a ninth as frequent: the odds fall by 9 at every score.
        let rare: Vec<f32> = attacks.iter().zip(&weights).map(|(a, w)| if *a { w / 9.0 } else { *w }).collect();
        let line = calibrate(&scores, &attacks, &rare);
        assert!((line.slope - 1.0).abs() < 0.03 && (line.intercept + 9.0_f64.ln()).abs() < 0.05, "{line:?}");
    }

    #[test]
    fn a_slice_without_an_error_does_not_ask_for_certainty() {
        let line = calibrate(&[-3.0, -3.0, 3.0, 3.0], &[false, false, true, true], &[1.0; 4]);
        assert!(line.slope < 1.2 && line.intercept.abs() < 0.01, "{line:?}");
    }

    #[test]
    fn a_slope_never_turns_the_score_round() {
        let (scores, attacks, weights) = messages(-1.0, 0.0);
        assert_eq!(calibrate(&scores, &attacks, &weights).slope, *SLOPES.start());
        let (scores, attacks, weights) = messages(9.0, 0.0);
        assert_eq!(calibrate(&scores, &attacks, &weights).slope, *SLOPES.end());
    }

    #[test]
    fn no_message_leaves_the_score_as_it_is() {
        assert_eq!(calibrate(&[], &[], &[]), Line { slope: 1.0, intercept: 0.0 });
    }
}

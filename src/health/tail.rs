//! How probable a count is, where counts are negative binomial.

/// Terms that are summed: far more than matter beside the first.
const TERMS_MAX: usize = 10_000;

/// What is expected of a count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Expected {
    /// The mean.
    pub mean: f64,
    /// The variance; where it is not above the mean, the count is a Poisson one.
    pub variance: f64,
}

impl Expected {
    /// The probability of a count as high as this; 1 where it is not above the mean.
    pub fn at_least(&self, count: u32) -> f64 {
        let mut at = f64::from(count);
        if at <= self.mean {
            return 1.0;
        }
        let mut term = self.log_probability(at).exp();
        let mut sum = 0.0;
        for _ in 0..TERMS_MAX {
            sum += term;
            term *= self.ratio(at);
            at += 1.0;
            if term <= sum * 1e-12 {
                break;
            }
        }
        sum.min(1.0)
    }

    /// The probability of a count as low as this; 1 where it is not below the mean.
    pub fn at_most(&self, count: u32) -> f64 {
        let mut at = f64::from(count);
        if at >= self.mean {
            return 1.0;
        }
        let mut term = self.log_probability(at).exp();
        let mut sum = term;
        for _ in 0..TERMS_MAX {
            if at < 1.0 || term <= sum * 1e-12 {
                break;
            }
            at -= 1.0;
            term /= self.ratio(at);
            sum += term;
        }
        sum.min(1.0)
    }

    /// The number of failures of the negative binomial; `None` for a Poisson count.
    fn size(&self) -> Option<f64> {
        let over = self.variance - self.mean;
        (over > self.mean * 1e-9).then(|| self.mean * self.mean / over)
    }

    fn log_probability(&self, at: f64) -> f64 {
        let mean = self.mean.max(f64::MIN_POSITIVE);
        match self.size() {
            None => at * mean.ln() - mean - log_gamma(at + 1.0),
            Some(size) => {
                let whole = (size + mean).ln();
                log_gamma(at + size) - log_gamma(size) - log_gamma(at + 1.0)
                    + size * (size.ln() - whole)
                    + at * (mean.ln() - whole)
            }
        }
    }

    /// How much more probable the next higher count is.
    fn ratio(&self, at: f64) -> f64 {
        match self.size() {
            None => self.mean / (at + 1.0),
            Some(size) => (at + size) / (at + 1.0) * self.mean / (size + self.mean),
        }
    }
}

/// The logarithm of the gamma function of a positive number, by Stirling's series.
fn log_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x.max(f64::MIN_POSITIVE), 0.0);
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1_260.0 * square)) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - below
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: f64, expected: f64) {
        assert!((found / expected - 1.0).abs() < 1e-6, "{found} is not {expected}");
    }

    #[test]
    fn the_tails_are_those_of_the_tables() {
        let poisson = Expected { mean: 3.0, variance: 3.0 };
        check(poisson.at_least(10), 0.001_102_488_1);
        check(poisson.at_most(0), (-3.0f64).exp());
        check(poisson.at_most(1), 4.0 * (-3.0f64).exp());
        // Of size 2 and mean 4: the probability of k is (k + 1) (1/3)^2 (2/3)^k.
        let binomial = Expected { mean: 4.0, variance: 12.0 };
        let below = |n: i32| (0..n).map(|k| f64::from(k + 1) / 9.0 * (2.0f64 / 3.0).powi(k)).sum::<f64>();
        check(binomial.at_least(20), 1.0 - below(20));
        check(binomial.at_most(2), below(3));
    }

    #[test]
    fn the_gamma_function_is_that_of_factorials() {
        check(log_gamma(11.0), 3_628_800.0f64.ln());
        check(log_gamma(0.5), std::f64::consts::PI.sqrt().ln());
    }

    #[test]
    fn extremes_give_probabilities() {
        for mean in [1e-12, 0.5, 1e6] {
            for variance in [mean, mean * 50.0] {
                let expected = Expected { mean, variance };
                for count in [0, 1, 1_000, u32::MAX] {
                    let both = [expected.at_least(count), expected.at_most(count)];
                    assert!(both.iter().all(|p| (0.0..=1.0).contains(p)), "{mean} {variance} {count}: {both:?}");
                }
            }
        }
    }
}

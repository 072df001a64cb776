//! How the values of a signal spread over many messages: what is the same for all of them tells nothing.

use std::fmt;

/// How often a signal was unknown, zero, or said something.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// Messages for which it was unknown.
    pub unknown: usize,
    /// Messages for which it was zero.
    pub zero: usize,
    /// Messages for which it was anything else.
    pub nonzero: usize,
    /// The least and the greatest value; `None` where it was always unknown.
    pub bounds: Option<(f32, f32)>,
}

impl Spread {
    /// The spread of the values of one signal.
    pub fn of(values: impl IntoIterator<Item = Option<f32>>) -> Self {
        let mut spread = Self::default();
        for value in values {
            match value {
                None => spread.unknown += 1,
                Some(0.0) => spread.zero += 1,
                Some(_) => spread.nonzero += 1,
            }
            if let Some(value) = value {
                let (low, high) = spread.bounds.unwrap_or((value, value));
                spread.bounds = Some((low.min(value), high.max(value)));
            }
        }
        spread
    }

    /// Messages in all.
    pub fn messages(&self) -> usize {
        self.unknown + self.zero + self.nonzero
    }

    /// Whether it told nothing of any message beside the others: always unknown, or never known for two different
    /// values.
    pub fn is_constant(&self) -> bool {
        self.bounds.is_none_or(|(low, high)| low == high)
    }
}

impl fmt::Display for Spread {
    /// The shares in per cent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let share = |part: usize| 100.0 * part as f64 / self.messages().max(1) as f64;
        let (unknown, zero, nonzero) = (share(self.unknown), share(self.zero), share(self.nonzero));
        write!(f, "{unknown:>6.2} % unknown  {zero:>6.2} % zero  {nonzero:>6.2} % non-zero")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_counted_by_kind() {
        let spread = Spread::of([None, Some(0.0), Some(2.0), Some(0.5)]);
        assert_eq!(spread, Spread { unknown: 1, zero: 1, nonzero: 2, bounds: Some((0.0, 2.0)) });
        assert_eq!(spread.to_string(), " 25.00 % unknown   25.00 % zero   50.00 % non-zero");
    }

    #[test]
    fn one_value_alone_is_constant() {
        assert!(Spread::of([None, None]).is_constant());
        assert!(Spread::of([None, Some(1.0), Some(1.0)]).is_constant());
        assert!(!Spread::of([Some(0.0), Some(1.0)]).is_constant());
    }
}

//! What a sub-detector says of a message.

/// How rare a message is among those that a sub-detector remembers.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The sub-detector, by its file's name.
    pub detector: &'static str,
    /// What it looks for, in words.
    pub because: &'static str,
    /// How many remembered messages this one dominates: those that are no more suspicious in any feature.
    pub score: u64,
    /// How many remembered messages there are.
    pub remembered: u64,
    /// How many of them rank higher, or as high and were alerts.
    pub rank: u64,
    /// The smallest daily budget, over all sub-detectors, under which this would be an alert: the smaller, the rarer.
    pub alerts_per_day: f64,
    /// How surprising its features are, each for itself, in bits from 0: what tells messages of one rank apart.
    pub surprise: f64,
    /// Whether it is within the daily budget.
    pub alert: bool,
    /// What makes it rare, rarest first; empty where it is no alert.
    pub facts: Vec<Fact>,
}

impl Finding {
    /// Whether this is rarer than the other: by the budget it takes, else by its surprise.
    pub fn is_rarer_than(&self, other: &Self) -> bool {
        let by_surprise = self.surprise.total_cmp(&other.surprise);
        self.alerts_per_day.total_cmp(&other.alerts_per_day).reverse().then(by_surprise).is_gt()
    }
}

/// One feature that makes a message rare.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The feature in words: `the address is new`.
    pub feature: &'static str,
    /// The signals it was made of, with their values.
    pub signals: Vec<(&'static str, f32)>,
    /// The share of messages, this one among them, that are at least as suspicious in it, above 0 to 1.
    pub share: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(alerts_per_day: f64, surprise: f64) -> Finding {
        Finding {
            detector: "probe",
            because: "",
            score: 0,
            remembered: 0,
            rank: 0,
            alerts_per_day,
            surprise,
            alert: false,
            facts: Vec::new(),
        }
    }

    fn check(one: (f64, f64), other: (f64, f64), expected: bool) {
        assert_eq!(finding(one.0, one.1).is_rarer_than(&finding(other.0, other.1)), expected, "{one:?} {other:?}");
    }

    #[test]
    fn the_smaller_budget_is_the_rarer_and_surprise_decides_between_equals() {
        check((1.0, 5.0), (2.0, 9.0), true);
        check((2.0, 9.0), (1.0, 5.0), false);
        check((1.0, 6.0), (1.0, 5.0), true);
        check((1.0, 5.0), (1.0, 5.0), false);
    }
}

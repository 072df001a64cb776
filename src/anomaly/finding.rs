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
    /// All levels together, from 0: what tells messages of one rank apart.
    pub height: u16,
    /// Whether it is within the daily budget.
    pub alert: bool,
    /// What makes it rare, rarest first; empty where it is no alert.
    pub facts: Vec<Fact>,
}

impl Finding {
    /// Whether this is rarer than the other: by the budget it takes, else by its height.
    pub fn is_rarer_than(&self, other: &Self) -> bool {
        let by_height = self.height.cmp(&other.height);
        self.alerts_per_day.total_cmp(&other.alerts_per_day).reverse().then(by_height).is_gt()
    }
}

/// One feature that makes a message rare.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The feature in words: `the address is new`.
    pub feature: &'static str,
    /// The signals it was made of, with their values.
    pub signals: Vec<(&'static str, f32)>,
    /// The share of remembered messages that are at least as suspicious in it, 0 to 1.
    pub share: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(alerts_per_day: f64, height: u16) -> Finding {
        Finding {
            detector: "probe",
            because: "",
            score: 0,
            remembered: 0,
            rank: 0,
            alerts_per_day,
            height,
            alert: false,
            facts: Vec::new(),
        }
    }

    fn check(one: (f64, u16), other: (f64, u16), expected: bool) {
        assert_eq!(finding(one.0, one.1).is_rarer_than(&finding(other.0, other.1)), expected, "{one:?} {other:?}");
    }

    #[test]
    fn the_smaller_budget_is_the_rarer_and_height_decides_between_equals() {
        check((1.0, 5), (2.0, 9), true);
        check((2.0, 9), (1.0, 5), false);
        check((1.0, 6), (1.0, 5), true);
        check((1.0, 5), (1.0, 5), false);
    }
}

//! What a sub-detector says of a message.

/// How rare a message is among those that are remembered: by the sub-detector to which it is rarest.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The sub-detector, by its file's name.
    pub detector: &'static str,
    /// What it looks for, in words.
    pub because: &'static str,
    /// How many remembered messages this one dominates: those that are no more suspicious in any feature.
    pub score: u64,
    /// How many messages the sub-detector remembers.
    pub remembered: u64,
    /// How many of them rank higher, or as high and were alerts.
    pub rank: u64,
    /// How many of them are about as suspicious, this one among them; above 0, and below 1 where it is rarer than what is
    /// remembered can count.
    pub peers: f64,
    /// The smallest daily budget, for all sub-detectors together, under which this would be an alert: the smaller, the
    /// rarer. Infinite before anything was watched.
    pub alerts_per_day: f64,
    /// How surprising its features are, each for itself, in bits from 0.
    pub surprise: f64,
    /// Whether it is within the daily budget.
    pub alert: bool,
    /// What makes it rare, rarest first; empty where it is no alert.
    pub facts: Vec<Fact>,
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

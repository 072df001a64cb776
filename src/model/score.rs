//! What a model says of one message.

/// What one input added to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Name of the input.
    pub input: String,
    /// Its value; `None` where it was missing.
    pub value: Option<f32>,
    /// What it added, in log-odds, a multiple of 1/1024.
    pub points: f32,
}

/// A score: the log-odds that the message is an attack, and the parts that sum to it.
///
/// All parts are multiples of 1/1024 with a sum far below 8,192, so that `f32` adds them without rounding in any order:
/// `base + Σ points == points` holds bit for bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// The sum, in log-odds.
    pub points: f32,
    /// What the score is before anything is known of the message.
    pub base: f32,
    /// What each input added, in the manifest's order.
    pub contributions: Vec<Contribution>,
    /// SHA-256 of the model and its manifest, in hexadecimal.
    pub digest: String,
}

impl Score {
    /// The calibrated probability of an attack, 0 to 1.
    pub fn probability(&self) -> f32 {
        1.0 / (1.0 + (-self.points).exp())
    }
}

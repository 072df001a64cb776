//! What rules say of a message.

use std::sync::Arc;

use super::Heading;
use crate::rules::evaluate::{Found, Lack};
use crate::rules::settings::Consequence;

/// A rule that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// The rule.
    pub rule: Arc<Heading>,
    /// What it found.
    pub found: Vec<Found>,
    /// What it does to the message.
    pub does: Consequence,
    /// Whether it would do more, but is muted.
    pub is_muted: bool,
}

/// What rules say of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matches {
    /// Those that match, in their order.
    pub matched: Vec<Match>,
    /// Those that cannot be told, and what was lacking.
    pub undecided: Vec<(Arc<Heading>, Lack)>,
    /// Those that failed in a way that nobody foresaw.
    pub failed: Vec<Arc<Heading>>,
    /// The exclusion that holds of the message, by what was proved.
    pub excluded_by: Option<Arc<Heading>>,
    /// Nanoseconds that each rule of the set took, in its order; empty where that was not measured. What rules have in
    /// common counts for the first that asks.
    pub elapsed_ns: Vec<u32>,
}

//! A message that was judged: the decision, and everything it rests on.

use std::time::Instant;

use crate::anomaly::Finding;
use crate::auth::AuthResults;
use crate::baseline::{Query, Reached};
use crate::decision::{Decision, DecisionId, Verdict, Withheld};
use crate::mail::{Direction, Moment};
use crate::message::Message;
use crate::model::Score;
use crate::rules::Matches;
use crate::signals::Signals;

/// What became of the time, in microseconds for each verb of the path.
#[derive(Clone, Copy, Debug)]
pub struct Stages {
    /// Parsing.
    pub parse: u32,
    /// Authentication, DNS included.
    pub verify: u32,
    /// Reading the baselines.
    pub recall: u32,
    /// Measuring the signals.
    pub measure: u32,
    /// Running the rules.
    pub rules: u32,
    /// Inference.
    pub score: u32,
    /// Deciding.
    pub decide: u32,
    pub(super) since: Instant,
}

impl Default for Stages {
    fn default() -> Self {
        Self { parse: 0, verify: 0, recall: 0, measure: 0, rules: 0, score: 0, decide: 0, since: Instant::now() }
    }
}

/// A message that was judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Name of the decision.
    pub id: DecisionId,
    /// When the message came.
    pub received_at: Moment,
    /// The message.
    pub message: Message,
    /// What the sender proved.
    pub auth: AuthResults,
    /// The facts by which the baselines know it.
    pub query: Query,
    /// Which way it goes.
    pub direction: Direction,
    /// What was measured.
    pub signals: Signals,
    /// The model's score, where there is one.
    pub score: Option<Score>,
    /// How rare it is in the direction of an attack; `None` where no sub-detector applies.
    pub rarity: Option<Finding>,
    /// What the rules say; `None` where there are none.
    pub matches: Option<Matches>,
    /// How far the baselines were; `None` where that cannot be had again.
    pub reached: Option<Reached>,
    /// The decision after which a person had released it.
    pub released: Option<DecisionId>,
    /// What muted detectors would have added: it is no part of the score.
    pub withheld: Withheld,
    /// The detectors without whose word the verdict would be another.
    pub decisive: Vec<String>,
    /// What was decided.
    pub decision: Decision,
    /// What became of the time.
    pub stages: Stages,
}

impl Judged {
    /// Whether the message is delivered: accepted or tagged.
    pub fn is_delivered(&self) -> bool {
        matches!(self.decision.action, Verdict::Accept | Verdict::Tag)
    }
}

//! What was decided of one message, and why.

use serde::{Deserialize, Serialize};

use crate::mail::{Category, Gap};

/// What the policy wants done, mildest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Deliver.
    #[default]
    Accept,
    /// Deliver with a mark that mail programs can sort by.
    Tag,
    /// Keep back for a person to look at.
    Hold,
    /// Refuse for now: the sending host will try again (4xx).
    Tempfail,
    /// Refuse (5xx).
    Reject,
}

impl Verdict {
    /// The stable name, as in settings, headers and journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Tag => "tag",
            Self::Hold => "hold",
            Self::Tempfail => "tempfail",
            Self::Reject => "reject",
        }
    }
}

/// What is done to the message: the verdict, or `accept` while the policy only monitors.
pub type Action = Verdict;

/// One part of a decision's explanation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// Name of the signal or policy entry.
    pub name: String,
    /// The fact in words.
    pub because: String,
    /// What it added to the score, in log-odds; 0 for a policy entry that decided by itself.
    pub contribution: f32,
}

/// A decision. `base` and the contributions of all reasons sum to `score` exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// What the policy decides, in any mode.
    pub verdict: Verdict,
    /// What is done: as the verdict, or `accept` in monitor-only mode.
    pub action: Action,
    /// The kind of attack the reasons speak for; `None` below every threshold.
    pub category: Option<Category>,
    /// Log-odds of an attack; `None` where no score could be computed (a gap says why).
    pub score: Option<f32>,
    /// The score before anything was known.
    pub base: f32,
    /// The threshold of the verdict that was reached; the lowest one above the score where none was.
    pub threshold: f32,
    /// All parts with a contribution other than 0 and all policy entries, strongest first.
    pub reasons: Vec<Reason>,
    /// What could not be known.
    pub gaps: Vec<Gap>,
}

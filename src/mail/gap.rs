//! What could not be known about a message, and why: ignorance is a fact with a name, never a zero.

use serde::{Deserialize, Serialize};

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// Part of the content: beyond a limit, or not readable.
    Content,
    /// A result of SPF (RFC 7208).
    Spf,
    /// A result of DKIM (RFC 6376).
    Dkim,
    /// A result of DMARC (RFC 7489).
    Dmarc,
    /// A result of ARC (RFC 8617).
    Arc,
    /// What is usual between sender and recipient.
    Baseline,
    /// The model's score.
    Score,
}

impl Missing {
    /// The stable name, as in settings and journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Spf => "spf",
            Self::Dkim => "dkim",
            Self::Dmarc => "dmarc",
            Self::Arc => "arc",
            Self::Baseline => "baseline",
            Self::Score => "score",
        }
    }
}

/// One thing that could not be known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What is missing.
    pub missing: Missing,
    /// Why, in words for the log: `DNS answered SERVFAIL for example.org`.
    pub why: String,
}

impl Gap {
    /// A gap with its reason.
    pub fn new(missing: Missing, why: impl Into<String>) -> Self {
        Self { missing, why: why.into() }
    }
}

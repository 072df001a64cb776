//! What befalls a detector: an unusual rate, values that drift, a mute; and how each is told.

use serde::{Deserialize, Serialize};

use super::counts::Span;
use crate::mail::Moment;

/// A rate that is not the usual one, as long as it lasts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Episode {
    /// When it began.
    pub since: Moment,
    /// Over what time it was noticed.
    pub span: Span,
    /// Whether the detector fell silent, rather than speak too often.
    pub is_silence: bool,
    /// How often it spoke in that time, when it did so most (or least).
    pub count: u32,
    /// How often it was expected to.
    pub expected: f64,
    /// Whether a person unmuted it since: then it is not muted again.
    pub is_spared: bool,
}

/// Values that lie apart from the usual ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Drift {
    pub since: Moment,
    /// The population stability index.
    pub index: f64,
}

/// Why a detector is muted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Why {
    /// It spoke so much more often than usual.
    Rate,
    /// It spoke more often than usual, and people labelled its matches safe.
    Labels,
    /// This person said so.
    Person(String),
}

/// That a detector is muted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Mute {
    pub since: Moment,
    pub why: Why,
    /// When it speaks again by itself.
    pub until: Option<Moment>,
    /// What was the matter, in words.
    pub words: String,
}

/// What people say of a detector's matches of the last month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Tally {
    pub safe: u32,
    pub attack: u32,
    /// Of these, since the present episode began.
    pub safe_since: u32,
    pub attack_since: u32,
}

impl Tally {
    /// Whether people label what it speaks against attacks, now or, where they said nothing yet, before: a wave of attacks
    /// is what it is for.
    pub fn is_right(&self) -> bool {
        match self.safe_since + self.attack_since {
            0 => self.attack > self.safe,
            _ => self.attack_since > self.safe_since,
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Its rate is not the usual one from now on.
    Onset,
    /// Its rate is the usual one again.
    End,
    /// Its values have drifted.
    Drifted,
    /// Its values are the usual ones again.
    Settled,
    /// It is muted from now on.
    Muted,
    /// It speaks again.
    Unmuted,
    /// A person takes what it says now for usual.
    Confirmed,
}

impl Kind {
    /// Whether somebody should look.
    pub fn is_bad(self) -> bool {
        matches!(self, Self::Onset | Self::Drifted | Self::Muted)
    }

    /// Whether other detectors are muted than before.
    pub(super) fn mutes(self) -> bool {
        matches!(self, Self::Muted | Self::Unmuted | Self::Confirmed)
    }
}

/// Something that is to be told once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// The detector.
    pub detector: String,
    /// What happened.
    pub kind: Kind,
    /// It in words, with figures.
    pub words: String,
}

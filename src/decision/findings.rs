//! What is known of a message when its verdict is decided.

use crate::anomaly;
use crate::auth::AuthResults;
use crate::mail::{Address, Direction, Gap};
use crate::model::Score;
use crate::rules::Matches;
use crate::signals::Signal;

use super::DecisionId;

/// What is known of a message when its verdict is decided.
#[derive(Clone, Copy)]
pub struct Findings<'a> {
    /// The model's score; `None` where there is none (a gap says why).
    pub score: Option<&'a Score>,
    /// How rare it is in the direction of an attack; `None` where no sub-detector applies.
    pub rarity: Option<&'a anomaly::Finding>,
    /// What the rules say; `None` where there are none.
    pub matches: Option<&'a Matches>,
    /// The signal of a name: its words and its category. Names it does not know stand for themselves.
    pub signal: &'a dyn Fn(&str) -> Option<&'static Signal>,
    /// What the sender proved.
    pub auth: &'a AuthResults,
    /// The author's address (From).
    pub author: Option<&'a Address>,
    /// The envelope's sender; `None` for the null one.
    pub sender: Option<&'a Address>,
    /// The envelope's recipients.
    pub recipients: &'a [Address],
    /// Which way the message goes: what is not inbound is proved to be the organisation's own.
    pub direction: Direction,
    /// What could not be known, from all rooms.
    pub gaps: &'a [Gap],
    /// The decision by which this very message was held before, where a valid seal shows that a person released it.
    pub released: Option<DecisionId>,
}

impl<'a> Findings<'a> {
    /// Nothing but what was proved: the ground to build findings on by `..`.
    pub fn nothing(auth: &'a AuthResults) -> Self {
        Self {
            score: None,
            rarity: None,
            matches: None,
            signal: &|_| None,
            auth,
            author: None,
            sender: None,
            recipients: &[],
            direction: Direction::Inbound,
            gaps: &[],
            released: None,
        }
    }
}

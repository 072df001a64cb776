//! What of the evidence the data model speaks of.

use crate::auth::AuthResults;
use crate::baseline::Baseline;
use crate::evidence::Evidence;
use crate::mail::{Address, Direction, Envelope, Moment};
use crate::message::Message;

/// A message with what is known of it; references only.
#[derive(Clone, Copy)]
pub struct View<'m> {
    /// The message.
    pub message: &'m Message,
    /// What the SMTP session said.
    pub envelope: &'m Envelope,
    /// What was proved; `None` for a message that only came as a file.
    pub auth: Option<&'m AuthResults>,
    /// What is usual; `None` for a message that only came as a file.
    pub baseline: Option<&'m Baseline>,
    /// Which way it goes.
    pub direction: Direction,
    /// When it came.
    pub at: Moment,
}

impl<'m> View<'m> {
    /// The message of some evidence.
    pub fn of(evidence: &Evidence<'m>) -> Self {
        Self {
            message: evidence.message,
            envelope: evidence.envelope,
            auth: Some(evidence.auth),
            baseline: Some(evidence.baseline),
            direction: evidence.direction(),
            at: evidence.received_at,
        }
    }

    /// The author's address: From, or the reverse-path where From has none.
    pub fn author(&self) -> Option<&'m Address> {
        self.message.author().or(self.envelope.sender.as_ref())
    }

    /// Whole days from a moment to the coming of this message, never negative.
    pub fn days_since(&self, earlier: Moment) -> i64 {
        self.at.days_since(earlier).max(0.0) as i64
    }
}

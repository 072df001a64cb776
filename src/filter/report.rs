//! A message that reports another one: kept for who looks at reports, whatever becomes of the message itself.

use log::warn;
use tokio::task::spawn_blocking;

use super::{Filter, Judged};
use crate::feedback::Inbox;
use crate::mail::{Address, Direction, Envelope};

/// A report on its way.
pub(super) struct Report {
    inbox: Inbox,
    raw: Vec<u8>,
}

impl Filter {
    /// The message as a report, where it was sent to an address for such, by one of our own who is proved: what anybody
    /// could send in another's name says nothing.
    pub(super) fn report(&self, judged: &Judged, envelope: &Envelope, raw: &[u8]) -> Option<Report> {
        if !self.settings.feedback.takes_reports(&envelope.recipients) {
            return None;
        }
        let own = judged.message.author().map(Address::domain).filter(|own| self.settings.organisation.owns(own))?;
        let is_proved = judged.direction != Direction::Inbound || judged.auth.prove(own);
        is_proved.then(|| self.inbox().map(|inbox| Report { inbox, raw: raw.to_vec() }))?
    }
}

impl Report {
    /// Keeps it, beside the task that answers mail.
    pub(super) fn keep(self) {
        let keep = move || {
            if let Err(error) = self.inbox.put(&self.raw) {
                warn!("feedback: a report is not kept: {error}");
            }
        };
        drop(spawn_blocking(keep));
    }
}

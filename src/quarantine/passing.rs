//! What the store says of a message that comes with its token, and of a letter of Kith's own.

use std::io;

use super::event::{Event, What};
use super::folder::Folder;
use super::store::{KITH, Store};
use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

impl Store {
    /// Whether a token counts for these recipients.
    ///
    /// # Errors
    /// The message cannot be read.
    pub fn is_open(&self, id: DecisionId, token: &str, recipients: &[Address]) -> io::Result<bool> {
        let kept = self.home(id)?.find(id)?;
        Ok(kept.is_some_and(|kept| kept.standing.is_open(token, recipients)))
    }

    /// Lets a message pass by its token, which counts no longer then; `false` where it does not count.
    ///
    /// # Errors
    /// It cannot be written down; then the message must not pass.
    pub fn pass(
        &self,
        id: DecisionId,
        token: &str,
        recipients: &[Address],
        queue_id: Option<String>,
        now: Moment,
    ) -> io::Result<bool> {
        let folder = self.home(id)?;
        let Some(held) = folder.head(id)? else { return Ok(false) };
        let event =
            Event::new(id, KITH, now, What::Passed { token: token.to_owned(), to: recipients.to_vec(), queue_id });
        folder.note(&held, &event, |standing| standing.is_open(token, recipients))
    }

    /// Writes down whether the MTA heard that a message passes by its token. Where it did not, it has no message.
    ///
    /// # Errors
    /// It cannot be written down; then nobody knows.
    pub fn passed(&self, id: DecisionId, token: &str, to: &[Address], heard: bool, now: Moment) -> io::Result<()> {
        let folder = self.home(id)?;
        let Some(held) = folder.head(id)? else { return Ok(()) };
        let (token, to) = (token.to_owned(), to.to_vec());
        let what = if heard {
            What::Heard { token, to }
        } else {
            What::Refused { token, to, answer: "the MTA did not hear that it passes".to_owned() }
        };
        folder.note(&held, &Event::new(id, KITH, now, what), |_| true).map(drop)
    }

    /// Whether a message is or was in the store.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn knows(&self, id: DecisionId) -> io::Result<bool> {
        Ok(self.home(id)?.head(id)?.is_some())
    }

    /// Whether it is a letter of Kith's own.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn is_letter(&self, id: DecisionId) -> io::Result<bool> {
        Ok(self.folder.letters().head(id)?.is_some())
    }

    /// Where a message lies, or a letter.
    fn home(&self, id: DecisionId) -> io::Result<Folder> {
        let is_letter = self.folder.head(id)?.is_none() && self.is_letter(id)?;
        Ok(if is_letter { self.folder.letters() } else { self.folder.clone() })
    }
}

//! A message of Kith's store is let go: its intent is written down, it is handed over with a token, and what became of it is
//! written down, so that a release that is cut short anywhere is finished or repeated by the next.

use std::fmt;
use std::io;

use super::event::{Event, Part, Stage, Standing, What};
use super::folder::{Folder, Kept};
use super::permit::{Permit, RECIPIENTS_MAX};
use super::smtp::{Handed, Parcel, hand_over};
use super::{SEAL_HEADER, SealKey, Settings};
use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

/// Why a message cannot be released.
#[derive(Debug)]
pub enum Unreleased {
    /// The store does not hold it, or not any more.
    Missing,
    /// Another process releases or deletes it.
    Busy,
    /// It was not held for this recipient.
    NoRecipient(Address),
    /// The MTA may not know that it was kept, and may have delivered it.
    Unheard,
    /// It cannot be read, or the release cannot be written down.
    Disk(io::Error),
}

impl fmt::Display for Unreleased {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the quarantine does not hold it (any more)"),
            Self::Busy => f.write_str("another process releases or deletes it at this moment"),
            Self::NoRecipient(one) => write!(f, "it was not held for {one}"),
            Self::Unheard => f.write_str(
                "Kith ended before the MTA could be told that it is kept: the MTA brought it again, refused it, or \
                 delivered it by its own default; look into its log, and release it with --again if it was not delivered",
            ),
            Self::Disk(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Unreleased {}

impl From<io::Error> for Unreleased {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// What became of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Released {
    /// To whom it was released, now or by an attempt that was cut short.
    pub released: Vec<Address>,
    /// To whom it had been released before.
    pub before: Vec<Address>,
    /// To whom not, with why.
    pub refused: Vec<(Address, String)>,
    /// Whose release was not answered, so that nobody knows; with what is known.
    pub doubtful: Vec<(Address, String)>,
}

/// A release.
pub struct Release<'a> {
    /// The store.
    pub folder: &'a Folder,
    /// The key of its tokens.
    pub key: &'a SealKey,
    /// Where it is handed over.
    pub settings: &'a Settings,
    /// Who releases it.
    pub who: &'a str,
    /// Whether to hand it over once more where nobody knows whether it arrived, or to whom it arrived before.
    pub again: bool,
}

impl Release<'_> {
    /// Releases a message to these of its recipients, or to all where none is named.
    ///
    /// # Errors
    /// Nothing was handed over; why. What was refused by the server is no error of this kind.
    pub fn run(&self, id: DecisionId, to: &[Address], now: Moment) -> Result<Released, Unreleased> {
        let lock = match self.folder.lock(id) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Unreleased::Missing),
            lock => lock?,
        };
        let Some(_lock) = lock else { return Err(Unreleased::Busy) };
        let kept = self.folder.find(id)?.filter(|kept| !kept.standing.removed).ok_or(Unreleased::Missing)?;
        if kept.unheard && !self.again {
            return Err(Unreleased::Unheard);
        }
        let mut result = Released::default();
        let wanted = self.wanted(&kept, to, &mut result, now)?;
        if !wanted.is_empty() {
            let (_, content) = self.folder.content(id)?.ok_or(Unreleased::Missing)?;
            for some in wanted.chunks(RECIPIENTS_MAX) {
                self.attempt(&kept, some, &content, &mut result, now)?;
            }
        }
        Ok(result)
    }

    /// Those to whom it is to be handed over. Attempts of before that came through are finished.
    fn wanted(
        &self,
        kept: &Kept,
        to: &[Address],
        result: &mut Released,
        now: Moment,
    ) -> Result<Vec<Address>, Unreleased> {
        let is_known = |one: &&Address| kept.standing.parts.iter().any(|(other, _)| other.is_same_mailbox(one));
        if let Some(stranger) = to.iter().find(|one| !is_known(one)) {
            return Err(Unreleased::NoRecipient(stranger.clone()));
        }
        let mut wanted = Vec::new();
        for (one, part) in &kept.standing.parts {
            if !to.is_empty() && !to.iter().any(|other| other.is_same_mailbox(one)) {
                continue;
            }
            match part {
                Part::Held | Part::Releasing(_, Stage::Begun) => wanted.push(one.clone()),
                _ if self.again => wanted.push(one.clone()),
                Part::Released => result.before.push(one.clone()),
                Part::Releasing(token, Stage::Heard(queue_id)) => {
                    self.finish(kept, token, one, queue_id.as_deref(), now)?;
                    result.released.push(one.clone());
                }
                // It would have come by here: that attempt's token does not count once the next has begun.
                Part::Releasing(_, Stage::HandingOver) if self.settings.release_passes_kith => {
                    wanted.push(one.clone());
                }
                Part::Releasing(_, Stage::HandingOver | Stage::Passed(_)) => {
                    result.doubtful.push((one.clone(), DOUBT.to_owned()))
                }
            }
        }
        Ok(wanted)
    }

    /// Writes down that an attempt of before came through, though nobody heard the answer.
    fn finish(&self, kept: &Kept, token: &str, one: &Address, queue_id: Option<&str>, now: Moment) -> io::Result<()> {
        let answer =
            format!("the answer was not heard; it passed as {}", queue_id.unwrap_or("a message without queue id"));
        let what = What::Released { token: token.to_owned(), to: vec![one.clone()], answer };
        self.note(kept, what, now)
    }

    fn note(&self, kept: &Kept, what: What, now: Moment) -> io::Result<()> {
        self.folder.note(&kept.held, &Event::new(kept.held.id, self.who, now, what), |_| true).map(drop)
    }

    fn attempt(
        &self,
        kept: &Kept,
        to: &[Address],
        content: &[u8],
        result: &mut Released,
        now: Moment,
    ) -> Result<(), Unreleased> {
        let id = kept.held.id;
        let expires = Moment(now.0 + i64::from(self.settings.release_hours_max) * 3_600_000);
        let permit = Permit::new(self.key, id, content, to, expires)?;
        let token = permit.token.clone();
        let releasing = Event::new(id, self.who, now, What::Releasing { token: token.clone(), to: to.to_vec() });
        // An attempt of before may come through at this moment: then it is finished, and not begun anew.
        let as_seen = |standing: &Standing| {
            standing.parts.iter().zip(&kept.standing.parts).all(|(is, was)| is == was || !to.contains(&is.0))
        };
        if !self.folder.note(&kept.held, &releasing, as_seen)? {
            return Err(Unreleased::Busy);
        }
        let message = [SEAL_HEADER.as_bytes(), b": ", permit.value().as_bytes(), b"\r\n", content].concat();
        let parcel = Parcel {
            to: &self.settings.release_to,
            sender: kept.held.sender.as_ref(),
            recipients: to,
            message: &message,
        };
        let handing = What::HandingOver { token: token.clone() };
        match hand_over(&parcel, || self.note(kept, handing, Moment::now())) {
            Handed::Taken { refused, answer } => {
                let is_refused = |one: &&Address| refused.iter().any(|(other, _)| other == *one);
                let taken: Vec<_> = to.iter().filter(|one| !is_refused(one)).cloned().collect();
                self.note(kept, What::Released { token: token.clone(), to: taken.clone(), answer }, Moment::now())?;
                for (one, answer) in &refused {
                    let what = What::Refused { token: token.clone(), to: vec![one.clone()], answer: answer.clone() };
                    self.note(kept, what, Moment::now())?;
                }
                result.released.extend(taken);
                result.refused.extend(refused);
            }
            Handed::Kept(answer) => {
                self.note(kept, What::Refused { token, to: to.to_vec(), answer: answer.clone() }, Moment::now())?;
                result.refused.extend(to.iter().map(|one| (one.clone(), answer.clone())));
            }
            Handed::Unanswered(why) => self.unanswered(kept, &token, to, &why, result)?,
        }
        Ok(())
    }

    /// The server had all and said nothing: if it came by Kith meanwhile, the MTA has it.
    fn unanswered(
        &self,
        kept: &Kept,
        token: &str,
        to: &[Address],
        why: &str,
        result: &mut Released,
    ) -> Result<(), Unreleased> {
        for (one, part) in self.folder.standing(&kept.held)?.parts {
            match part {
                Part::Releasing(known, Stage::Heard(queue_id)) if known == token => {
                    self.finish(kept, token, &one, queue_id.as_deref(), Moment::now())?;
                    result.released.push(one);
                }
                _ if to.contains(&one) => result.doubtful.push((one, format!("{why}; {DOUBT}"))),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What is said where nobody knows.
const DOUBT: &str = "the server had the whole message and did not say whether it took it; look into its log, and release \
                     it with --again if it was not delivered";

#[cfg(test)]
#[path = "release_tests.rs"]
mod tests;

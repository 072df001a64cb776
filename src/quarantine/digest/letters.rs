//! Letters on their way: each is on disk before anybody is told, so that whatever ends the process repeats none of them.
//!
//! A letter is written with the messages of which it tells, then each of these is marked as told to its recipient, then
//! it is handed over as a released message is, with a token that counts once. What was cut short is taken up where it was
//! left. Where nobody can know whether a letter arrived (its server does not pass this Kith), it is not sent again: its
//! messages stay in the sight of operators, while a second letter with the same links would teach people to doubt both.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;

use super::super::event::{Event, Part, What};
use super::super::folder::{Folder, Kept};
use super::super::held::{Held, hex, sha256};
use super::super::key::{SealKey, random};
use super::super::release::{Release, Unreleased};
use super::super::rights::Asker;
use super::super::store::KITH;
use super::letter::{Content, Item};
use super::link::Link;
use crate::decision::DecisionId;
use crate::lines::give_to_owner;
use crate::mail::{Address, Moment, Organisation};

/// Held while letters are written.
const LOCK: &str = "lock";
/// Holds the moment for which letters were last sent.
const STAMP: &str = "sent-for";

/// What tells recipients of their held mail.
pub struct Digests<'a> {
    /// The store.
    pub folder: &'a Folder,
    /// The key of tokens and links.
    pub key: &'a SealKey,
    /// The quarantine's settings.
    pub settings: &'a super::super::Settings,
    /// Whose recipients are told: nobody outside is.
    pub organisation: &'a Organisation,
}

/// A letter that is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// Its name among the letters.
    pub id: DecisionId,
    /// To whom.
    pub to: Address,
    /// The messages of which it tells.
    pub told: Vec<DecisionId>,
    /// All of it, without its token.
    pub message: Vec<u8>,
    /// What it says.
    pub text: String,
    held: Held,
}

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Letters that the server took.
    pub letters: usize,
    /// Letters that it did not take; they are tried again.
    pub refused: Vec<(Address, String)>,
    /// Letters of which nobody knows; they are not sent again.
    pub doubtful: Vec<(Address, String)>,
}

/// Why nothing was sent.
#[derive(Debug)]
pub enum Undone {
    /// Another process sends letters at this moment.
    Busy,
    /// They cannot be read or written.
    Disk(io::Error),
}

impl fmt::Display for Undone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("another process tells recipients at this moment"),
            Self::Disk(error) => write!(f, "what recipients are told cannot be read or written: {error}"),
        }
    }
}

impl std::error::Error for Undone {}

impl From<io::Error> for Undone {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl Digests<'_> {
    /// The letters that are to be written now, one for each recipient who was not told yet of something that is held for
    /// him. Nothing is changed.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn due(&self, now: Moment) -> io::Result<Vec<Letter>> {
        let kept = self.folder.list()?.kept;
        let mut by_recipient: BTreeMap<String, Vec<(&Kept, usize)>> = BTreeMap::new();
        for kept in kept.iter().filter(|kept| !kept.unheard) {
            for (nth, one) in kept.held.recipients.iter().enumerate().filter(|(_, one)| self.is_to_be_told(kept, one)) {
                let of_one = by_recipient.entry(one.key()).or_default();
                // A message may name a mailbox twice.
                if of_one.last().is_none_or(|(last, _)| last.held.id != kept.held.id) {
                    of_one.push((kept, nth));
                }
            }
        }
        let most = self.settings.digest.letters_max;
        by_recipient.into_values().take(most).filter_map(|some| self.letter(&some, now).transpose()).collect()
    }

    fn is_to_be_told(&self, kept: &Kept, one: &Address) -> bool {
        let mut parts = kept.standing.parts.iter();
        self.organisation.owns(one.domain())
            && !self.settings.digest.leaves_out(one)
            && !kept.standing.is_told(one)
            && parts.any(|(other, part)| other.is_same_mailbox(one) && *part == Part::Held)
    }

    fn letter(&self, some: &[(&Kept, usize)], now: Moment) -> io::Result<Option<Letter>> {
        let digest = &self.settings.digest;
        let Some(to) = some.first().and_then(|(kept, nth)| kept.held.recipients.get(*nth)) else { return Ok(None) };
        let own = || Address::parse(&format!("postmaster@{}", to.domain()));
        let Some(from) = Address::parse(&digest.from).or_else(own) else { return Ok(None) };
        let told = &some[..some.len().min(digest.messages_max)];
        let items: Vec<_> =
            told.iter().map(|(kept, nth)| Item { held: &kept.held, link: self.link(&kept.held, *nth, now) }).collect();
        let id = DecisionId::new(now, u128::from_be_bytes(random()?));
        let content = Content {
            id,
            at: now,
            from: &from,
            to,
            items: &items,
            more: some.len() - told.len(),
            kept_days: self.settings.kept_days_max,
            link_days: digest.link_days_max,
        };
        let (message, told) = (content.message(), told.iter().map(|(kept, _)| kept.held.id).collect::<Vec<_>>());
        let held = Held {
            id,
            message_id: Some(content.message_id()),
            sender: Address::parse(&digest.sender),
            recipients: vec![to.clone()],
            author: Some(from.to_string()),
            subject: Some(content.subject()),
            bytes: message.len() as u64,
            sha256: hex(&sha256(&message)),
            told: told.clone(),
            ..Held::default()
        };
        Ok(Some(Letter { id, to: to.clone(), told, message, text: content.text(), held }))
    }

    /// Where a recipient may let a message go; `None` where that is left to others.
    fn link(&self, held: &Held, nth: usize, now: Moment) -> Option<String> {
        let digest = &self.settings.digest;
        let may = self.settings.rights.allow(Asker::Recipient, held.category, &held.grounds);
        if !may || digest.base_url.is_empty() {
            return None;
        }
        let expires = Moment(now.0 + i64::from(digest.link_days_max) * 86_400_000);
        let link = Link::new(self.key, held, nth, expires)?;
        Some(format!("{}/held/{link}", digest.base_url.trim_end_matches('/')))
    }

    /// Sends the letters that are due, after those that were cut short.
    ///
    /// # Errors
    /// Why nothing more could be sent. What was begun is finished by the next call.
    pub fn send(&self, now: Moment) -> Result<Sent, Undone> {
        let letters = self.folder.letters();
        let _lock = locked(&letters)?;
        let mut sent = self.finish_all(&letters, now)?;
        for letter in self.due(now)? {
            letters.put(&letter.held, &letter.message)?;
            self.mark(&letter.held, now)?;
            self.hand_over(&letters, &letter.held, &mut sent, now)?;
        }
        let days = self.settings.digest.link_days_max;
        letters.expire(days, self.settings.log_days_max, KITH, now)?;
        Ok(sent)
    }

    /// Sends the letters that were cut short or not taken, and no other.
    ///
    /// # Errors
    /// As [`Digests::send`].
    pub fn finish(&self, now: Moment) -> Result<Sent, Undone> {
        let letters = self.folder.letters();
        let _lock = locked(&letters)?;
        Ok(self.finish_all(&letters, now)?)
    }

    fn finish_all(&self, letters: &Folder, now: Moment) -> io::Result<Sent> {
        let mut sent = Sent::default();
        for kept in letters.list()?.kept.iter().filter(|kept| !kept.standing.is_released()) {
            self.mark(&kept.held, now)?;
            self.hand_over(letters, &kept.held, &mut sent, now)?;
        }
        Ok(sent)
    }

    /// Writes down of each message that the letter's recipient is told of it.
    fn mark(&self, letter: &Held, now: Moment) -> io::Result<()> {
        let Some(one) = letter.recipients.first() else { return Ok(()) };
        for id in &letter.told {
            // What was removed meanwhile is nothing to be told of twice.
            let Some(held) = self.folder.head(*id)? else { continue };
            let what = What::Told { to: vec![one.clone()], letter: letter.id };
            self.folder.note(&held, &Event::new(*id, KITH, now, what), |standing| !standing.is_told(one))?;
        }
        Ok(())
    }

    fn hand_over(&self, letters: &Folder, letter: &Held, sent: &mut Sent, now: Moment) -> io::Result<()> {
        let release = Release { folder: letters, key: self.key, settings: self.settings, who: KITH, again: false };
        match release.run(letter.id, &[], now) {
            Ok(released) => {
                sent.letters += released.released.len();
                sent.refused.extend(released.refused);
                sent.doubtful.extend(released.doubtful);
            }
            Err(Unreleased::Disk(error)) => return Err(error),
            Err(why) => sent.refused.extend(letter.recipients.iter().map(|one| (one.clone(), why.to_string()))),
        }
        Ok(())
    }

    /// The moment for which letters were last sent; `None` where none were.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn sent_for(&self) -> io::Result<Option<Moment>> {
        match fs::read_to_string(self.folder.letters().path().join(STAMP)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            text => Ok(Moment::parse(text?.trim())),
        }
    }

    /// Writes down for which moment letters were sent.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn was_sent_for(&self, due: Moment) -> io::Result<()> {
        let letters = self.folder.letters();
        letters.make()?;
        let (draft, stamp) = (letters.path().join("sent-for.draft"), letters.path().join(STAMP));
        fs::write(&draft, due.rfc3339())?;
        File::open(&draft)?.sync_all()?;
        give_to_owner(letters.path(), &draft)?;
        fs::rename(&draft, &stamp)?;
        File::open(letters.path())?.sync_all()
    }
}

fn locked(letters: &Folder) -> Result<File, Undone> {
    letters.make()?;
    let path = letters.path().join(LOCK);
    let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path)?;
    give_to_owner(letters.path(), &path)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(fs::TryLockError::WouldBlock) => Err(Undone::Busy),
        Err(fs::TryLockError::Error(error)) => Err(Undone::Disk(error)),
    }
}

#[cfg(test)]
#[path = "letters_tests.rs"]
mod tests;

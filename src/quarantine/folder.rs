//! The folder of Kith's store as every process sees it: the messages in it, what happened to each, and the log of it all.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::disk::{Directory, Disk};
use super::event::{Event, Standing, What};
use super::held::Held;
use super::store::REPEAT_DAYS;
use crate::decision::DecisionId;
use crate::lines::{self, Lines, give_to_owner};
use crate::mail::Moment;

/// Where the store lies within the state directory.
pub const FOLDER: &str = "quarantine";

/// Where letters lie within it.
const LETTERS: &str = "letters";

/// A message that was sealed, but the MTA may not have heard it.
pub(super) const NEW: &str = "new";
/// A message that the MTA knows to be kept here.
pub(super) const MAIL: &str = "mail";
/// A message that is being written.
pub(super) const DRAFT: &str = "draft";
/// What is known of a message whose content was removed.
pub(super) const GONE: &str = "gone";
/// What happened to a message.
pub(super) const EVENTS: &str = "events";

/// A message of the store, with how it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// What it is.
    pub held: Held,
    /// How it stands.
    pub standing: Standing,
    /// Whether the MTA may not know that it is kept here: Kith ended before it could be told. It brings the message again,
    /// or its sender was told that it was not taken, or it passed by the MTA's own default.
    pub unheard: bool,
}

/// What is in the store.
#[derive(Debug)]
pub struct Listing {
    /// The messages, oldest first.
    pub kept: Vec<Kept>,
    /// Files that cannot be read, with why.
    pub unreadable: Vec<(DecisionId, io::Error)>,
}

/// The folder of Kith's store.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The store below a state directory, whether or not there is one.
    pub fn of(state: &Path) -> Self {
        Self { path: state.join(FOLDER) }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder where it is missing; only its owner may look into it.
    pub(super) fn make(&self) -> io::Result<()> {
        if self.path.is_dir() {
            return Ok(());
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
        give_to_owner(self.path.parent().unwrap_or(Path::new(".")), &self.path)
    }

    /// All messages that are here, or were as far as the log reaches back.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn known(&self) -> io::Result<HashSet<DecisionId>> {
        let logged = self.read_log()?.into_iter().filter(|event| matches!(event.what, What::Kept { .. }));
        Ok(logged.map(|event| event.id).chain(self.files()?.into_keys()).collect())
    }

    /// Where letters of Kith's own lie, in the same form.
    pub(super) fn letters(&self) -> Self {
        Self { path: self.path.join(LETTERS) }
    }

    /// Writes a message durably that no MTA waits for.
    pub(super) fn put(&self, held: &Held, content: &[u8]) -> io::Result<()> {
        self.make()?;
        self.replace(held, content, MAIL)
    }

    pub(super) fn file(&self, id: DecisionId, kind: &str) -> PathBuf {
        self.path.join(name(id, kind))
    }

    /// All files by the message to which they belong, oldest first. There are none where there is no folder.
    pub(super) fn files(&self) -> io::Result<BTreeMap<DecisionId, Vec<String>>> {
        let mut files: BTreeMap<DecisionId, Vec<String>> = BTreeMap::new();
        let listing = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
            listing => listing?,
        };
        for entry in listing {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            let Some((id, kind)) = name.split_once('.') else { continue };
            let known = [NEW, MAIL, DRAFT, GONE, EVENTS].contains(&kind);
            if let Some(id) = DecisionId::parse(id).filter(|_| known) {
                files.entry(id).or_default().push(kind.to_owned());
            }
        }
        Ok(files)
    }

    /// The messages that are there, oldest first, and those files that cannot be read, with why.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(&self) -> io::Result<Listing> {
        let (mut kept, mut unreadable) = (Vec::new(), Vec::new());
        for (id, kinds) in self.files()? {
            if !kinds.iter().any(|kind| kind == MAIL || kind == NEW) {
                continue;
            }
            match self.find(id) {
                Ok(one) => kept.extend(one.filter(|one| !one.standing.removed)),
                Err(error) => unreadable.push((id, error)),
            }
        }
        Ok(Listing { kept, unreadable })
    }

    /// A message by its id; `None` where it is not there.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn find(&self, id: DecisionId) -> io::Result<Option<Kept>> {
        let Some((held, kind)) = self.with_file(id, &[MAIL, NEW, MAIL], Held::read_head)? else { return Ok(None) };
        Ok(Some(Kept { standing: self.standing(&held)?, held, unheard: kind == NEW }))
    }

    /// A message with its content, which is as it was written.
    ///
    /// # Errors
    /// It cannot be read, or was changed since.
    pub fn content(&self, id: DecisionId) -> io::Result<Option<(Held, Vec<u8>)>> {
        Ok(self.with_file(id, &[MAIL, NEW, MAIL], Held::read)?.map(|(read, _)| read))
    }

    /// What happened to a message since it was kept, oldest first.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn events(&self, id: DecisionId) -> io::Result<Vec<Event>> {
        lines::read(&self.file(id, EVENTS))
    }

    /// What a message is or was, whether or not its content is still there.
    pub(super) fn head(&self, id: DecisionId) -> io::Result<Option<Held>> {
        Ok(self.with_file(id, &[MAIL, NEW, MAIL, GONE], Held::read_head)?.map(|(held, _)| held))
    }

    /// Reads a message's file, whichever name it has: it may be renamed meanwhile.
    fn with_file<T>(
        &self,
        id: DecisionId,
        kinds: &[&'static str],
        read: impl Fn(&Path) -> io::Result<T>,
    ) -> io::Result<Option<(T, &'static str)>> {
        for kind in kinds {
            match read(&self.file(id, kind)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                read => return Ok(Some((read?, *kind))),
            }
        }
        Ok(None)
    }

    pub(super) fn standing(&self, held: &Held) -> io::Result<Standing> {
        Ok(Standing::after(&held.recipients, &self.events(held.id)?))
    }

    /// The lock of a message against a second release or deletion at the same time; `None` where another process has it.
    pub(super) fn lock(&self, id: DecisionId) -> io::Result<Option<File>> {
        let file = match File::open(self.file(id, MAIL)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => File::open(self.file(id, NEW))?,
            file => file?,
        };
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Writes down what happens to a message: durably in its own file, then in the log. `allowed` sees how the message
    /// stands, and may forbid it; then `false`.
    pub(super) fn note(&self, held: &Held, event: &Event, allowed: impl Fn(&Standing) -> bool) -> io::Result<bool> {
        let path = self.file(held.id, EVENTS);
        let mut events = Lines::open(&path)?;
        if !allowed(&Standing::after(&held.recipients, &lines::read(&path)?)) {
            return Ok(false);
        }
        events.append(event)?;
        drop(events);
        self.log(event)?;
        Ok(true)
    }

    /// Removes a message's content; what it was and what happened to it stays until [`Folder::expire`], so that a
    /// repetition is known. `false` where it is not there, or a release is under way.
    ///
    /// # Errors
    /// It cannot be written down or removed.
    pub fn remove(&self, id: DecisionId, who: &str, what: What, now: Moment) -> io::Result<bool> {
        let Some(kept) = self.find(id)? else { return Ok(false) };
        let Some(_lock) = self.lock(id)? else { return Ok(false) };
        let noted = self.note(&kept.held, &Event::new(id, who, now, what), |standing| !standing.removed)?;
        self.remove_content(&kept.held)?;
        Ok(noted)
    }

    /// Removes what a message's file holds, and remembers what it was.
    fn remove_content(&self, held: &Held) -> io::Result<()> {
        self.replace(held, &[], GONE)?;
        let id = held.id;
        for kind in [MAIL, NEW] {
            match fs::remove_file(self.file(id, kind)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes a message's file as a whole, under this name.
    fn replace(&self, held: &Held, content: &[u8], kind: &str) -> io::Result<()> {
        let (id, disk) = (held.id, Directory::new(&self.path));
        disk.write(&name(id, DRAFT), &held.encode(content)?)?;
        disk.sync(&name(id, DRAFT))?;
        give_to_owner(&self.path, &self.file(id, DRAFT))?;
        disk.rename(&name(id, DRAFT), &name(id, kind))?;
        disk.sync_names()
    }

    /// Removes messages older than so many days, released or not, and lines of the log older than so many; 0 keeps all.
    /// How many messages were removed.
    ///
    /// # Errors
    /// Something cannot be read or removed.
    pub fn expire(&self, kept_days: u32, log_days: u32, who: &str, now: Moment) -> io::Result<usize> {
        let mut expired = 0;
        for (id, kinds) in self.files()? {
            let age = now.days_since(id.moment());
            let has = |kind: &str| kinds.iter().any(|one| one == kind);
            if has(MAIL) || has(NEW) {
                let is_old = kept_days > 0 && age > f64::from(kept_days);
                if is_old {
                    expired += usize::from(self.remove(id, who, What::Expired, now)?);
                } else if let Some(kept) = self.find(id)?.filter(|kept| kept.standing.removed) {
                    // Its removal was written down and cut short.
                    self.remove_content(&kept.held)?;
                }
            } else if age > REPEAT_DAYS {
                for kind in kinds {
                    fs::remove_file(self.file(id, &kind))?;
                }
            }
        }
        self.expire_log(log_days)?;
        Ok(expired)
    }
}

/// The name of a message's file.
pub(super) fn name(id: DecisionId, kind: &str) -> String {
    format!("{id}.{kind}")
}

//! Kith's store as the filter sees it: exactly one copy of what is to be held, whatever the MTA repeats.
//!
//! A copy is written to a draft, synced, renamed to `ID.new`, and the folder synced; only then may the MTA be told to drop
//! the message. Once it was told, the copy is renamed to `ID.mail`. Where it could not be told, it does not know that the
//! message is kept, and the copy is withdrawn. A copy that is still `.new` when the program starts is one of which nobody
//! knows whether the MTA heard of it: it stays, marked so.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Settings;
use super::disk::{Directory, Disk};
use super::event::{Event, What};
use super::folder::{DRAFT, Folder, GONE, MAIL, NEW, name};
use super::held::{Held, Identity};
use super::index::{Index, Item};
use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

/// Days after which a message that comes again counts as another one: MTAs give up after five (RFC 5321 §4.5.4.1).
pub(super) const REPEAT_DAYS: f64 = 6.0;

/// Messages that are written at the same time; those that may be the same one are written one after another.
const LANES: usize = 32;

/// How long a store without room is not searched for what could make some: that reads all of it.
const SEARCH_EVERY: Duration = Duration::from_secs(60);

/// Locked while a process keeps mail here.
const LOCK: &str = "lock";

/// Who the program itself is, in the log.
pub const KITH: &str = "kith";

/// Why a message cannot be kept.
#[derive(Debug)]
pub enum Unkept {
    /// The disk refused.
    Disk(io::Error),
    /// `kept_bytes_max` or `kept_messages_max` is reached.
    Full(&'static str),
    /// Another process keeps mail here.
    Locked,
}

impl fmt::Display for Unkept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disk(error) => {
                write!(f, "the quarantine cannot be written: {error}; check free space and permissions")
            }
            Self::Full(key) => {
                write!(f, "the quarantine is full (quarantine.{key}); release or delete some of it, or raise the limit")
            }
            Self::Locked => f.write_str("another process keeps mail in this quarantine"),
        }
    }
}

impl std::error::Error for Unkept {}

impl From<io::Error> for Unkept {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

/// Kith's store, open for keeping. One process has it at a time.
pub struct Store {
    pub(super) folder: Folder,
    disk: Box<dyn Disk>,
    index: Mutex<Index>,
    lanes: [Mutex<()>; LANES],
    /// When room was last looked for in vain.
    searched: Mutex<Option<Instant>>,
    /// Held for as long as the store is open.
    _lock: File,
}

/// A copy that the MTA is about to be told of. Dropped without [`Claim::heard`], it is withdrawn, unless somebody else
/// told of the same copy.
pub struct Claim {
    store: Arc<Store>,
    ids: Vec<DecisionId>,
    event: Option<Event>,
    repeats: Option<DecisionId>,
}

impl Store {
    /// Opens the store below a state directory; it is made where it is missing.
    ///
    /// # Errors
    /// It cannot be read or written, or another process has it.
    pub fn open(state: &Path) -> Result<Self, Unkept> {
        let folder = Folder::of(state);
        folder.make()?;
        let disk = Box::new(Directory::new(folder.path()));
        Self::open_on(folder, disk)
    }

    fn open_on(folder: Folder, disk: Box<dyn Disk>) -> Result<Self, Unkept> {
        let lock = folder.path().join(LOCK);
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(lock)?;
        lock.try_lock().map_err(|refused| match refused {
            TryLockError::WouldBlock => Unkept::Locked,
            TryLockError::Error(error) => Unkept::Disk(error),
        })?;
        let (index, lanes, searched) = Default::default();
        let store = Self { folder, disk, index, lanes, searched, _lock: lock };
        store.read_folder()?;
        Ok(store)
    }

    /// Fills the index, and removes drafts of which nobody was told.
    fn read_folder(&self) -> io::Result<()> {
        let mut index = Index::default();
        for (id, kinds) in self.folder.files()? {
            let has = |kind: &str| kinds.iter().any(|one| one == kind);
            if has(DRAFT) {
                self.disk.remove(&name(id, DRAFT))?;
            }
            let Some(kind) = [MAIL, NEW, GONE].into_iter().find(|kind| has(kind)) else { continue };
            let bytes = if kind == GONE { 0 } else { self.folder.file(id, kind).metadata()?.len() };
            // A file that cannot be read is shown to people, and takes its room.
            let print = self.folder.head(id).ok().flatten().and_then(|held| Identity::print_of(&held.identity));
            let item = Item { print: print.unwrap_or(0), bytes, claims: 0, heard: true, new: kind == NEW };
            index.add(id, item);
        }
        *self.index() = index;
        Ok(())
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        // Each change of the index is whole before the next thing that could fail.
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The decision by which this message was kept for one of these recipients before, if it was within the last days.
    /// Costs next to nothing where the store is empty.
    ///
    /// # Errors
    /// What was kept cannot be read.
    pub fn kept_before(
        &self,
        sender: Option<&Address>,
        recipients: &[Address],
        raw: &[u8],
        now: Moment,
    ) -> io::Result<Option<DecisionId>> {
        if self.index().items.is_empty() {
            return Ok(None);
        }
        let identity = Identity::new(sender, raw);
        let ids = self.index().recent(identity.print(), now);
        let same = self.same(&ids, &identity)?;
        Ok(same.into_iter().find(|held| recipients.iter().any(|one| held.is_for(one))).map(|held| held.id))
    }

    /// What was kept of the same message before, of these.
    fn same(&self, ids: &[DecisionId], identity: &Identity<'_>) -> io::Result<Vec<Held>> {
        let heads = ids.iter().map(|id| self.folder.head(*id)).collect::<io::Result<Vec<_>>>()?;
        let mut heads: Vec<Held> = heads.into_iter().flatten().collect();
        if !heads.is_empty() {
            let whole = identity.whole();
            heads.retain(|held| held.identity == whole);
        }
        Ok(heads)
    }

    /// Keeps a message durably, for those recipients for whom it was not kept before. `content` is what will be delivered
    /// when it is released.
    ///
    /// # Errors
    /// Why it is not kept; then the MTA must not be told that it is.
    pub fn keep(
        self: &Arc<Self>,
        mut held: Held,
        identity: &Identity<'_>,
        content: &[u8],
        settings: &Settings,
        now: Moment,
    ) -> Result<Claim, Unkept> {
        let print = identity.print();
        let _alone = self.lanes[(print % LANES as u64) as usize].lock().unwrap_or_else(PoisonError::into_inner);
        // Claimed before they are read, so that none is withdrawn meanwhile.
        let candidates = self.index().claim(print, now);
        let mut claim = Claim { store: Arc::clone(self), ids: candidates, event: None, repeats: None };
        let earlier = self.same(&claim.ids, identity)?;
        let had = |one: &Address| earlier.iter().find(|held| held.is_for(one)).map(|held| held.id);
        let repeated: Vec<_> = held.recipients.iter().filter_map(had).collect();
        claim.keep_only(&repeated);
        claim.repeats = repeated.first().copied();
        held.recipients.retain(|one| had(one).is_none());
        let queue_id = held.queue_id.clone();
        let (id, what) = match claim.repeats {
            Some(id) if held.recipients.is_empty() => {
                // Whoever wrote it may not have synced its name yet.
                self.disk.sync_names()?;
                (id, What::Repeated { queue_id })
            }
            _ => {
                self.write(&held, print, content, settings)?;
                claim.ids.push(held.id);
                (held.id, What::Kept { to: held.recipients, queue_id })
            }
        };
        claim.event = Some(Event::new(id, KITH, now, what));
        Ok(claim)
    }

    /// Writes a copy durably, and claims it.
    fn write(&self, held: &Held, print: u64, content: &[u8], settings: &Settings) -> Result<(), Unkept> {
        let bytes = held.encode(content)?;
        let item = Item { print, bytes: bytes.len() as u64, claims: 1, heard: false, new: true };
        self.reserve(held.id, item, settings)?;
        let (draft, new) = (name(held.id, DRAFT), name(held.id, NEW));
        let drafted = self.disk.write(&draft, &bytes).and_then(|()| self.disk.sync(&draft));
        let written = drafted.and_then(|()| self.disk.rename(&draft, &new)).and_then(|()| self.disk.sync_names());
        if let Err(error) = written {
            // What cannot be removed now is removed, or shown as unheard, when the program starts again.
            let _ = (self.disk.remove(&draft), self.disk.remove(&new));
            self.index().forget(held.id);
            return Err(error.into());
        }
        Ok(())
    }

    /// Takes room for a message, where there is some or what was released can make it.
    fn reserve(&self, id: DecisionId, item: Item, settings: &Settings) -> Result<(), Unkept> {
        if self.index().reserve(id, item, settings).is_ok() {
            return Ok(());
        }
        let mut searched = self.searched.lock().unwrap_or_else(PoisonError::into_inner);
        if searched.is_none_or(|at| at.elapsed() >= SEARCH_EVERY) {
            self.make_room(item, settings)?;
            let reserved = self.index().reserve(id, item, settings);
            *searched = reserved.is_err().then(Instant::now);
            return reserved.map_err(Unkept::Full);
        }
        self.index().reserve(id, item, settings).map_err(Unkept::Full)
    }

    /// Removes what was released, the oldest first, until there is room for this one and some more.
    fn make_room(&self, item: Item, settings: &Settings) -> io::Result<()> {
        for (id, kinds) in self.folder.files()? {
            if !self.index().is_crowded(item, settings) {
                break;
            }
            // Another process may have deleted it.
            let is_there = kinds.iter().any(|kind| [MAIL, NEW, DRAFT].contains(&kind.as_str()));
            let released = is_there && self.folder.find(id)?.is_some_and(|kept| kept.standing.is_released());
            if !is_there || released && self.folder.remove(id, KITH, What::Outlived, Moment::now())? {
                self.index().empty(id);
            }
        }
        Ok(())
    }

    /// Removes what the settings do not keep any longer. How many messages were removed.
    ///
    /// # Errors
    /// Something cannot be read or removed.
    pub fn expire(&self, settings: &Settings, now: Moment) -> io::Result<usize> {
        let expired = self.folder.expire(settings.kept_days_max, settings.log_days_max, KITH, now)?;
        let there = self.folder.files()?;
        let mut index = self.index();
        let known: Vec<_> = index.items.iter().filter(|(_, item)| item.claims == 0).map(|(id, _)| *id).collect();
        for id in known {
            match there.get(&id) {
                None => index.forget(id),
                Some(kinds) if kinds.iter().any(|kind| kind == MAIL || kind == NEW) => {}
                Some(_) => index.empty(id),
            }
        }
        Ok(expired)
    }
}

impl Store {
    /// Ends a claim. The last one takes a copy along that nobody was told of.
    fn unclaim(&self, id: DecisionId) {
        let mut index = self.index();
        let Some(item) = index.items.get_mut(&id) else { return };
        item.claims -= 1;
        if item.claims == 0 && !item.heard {
            // Still under the lock of the index: a repetition must not be told of a copy that goes.
            if let Err(error) = self.disk.remove(&name(id, NEW)) {
                log::warn!("quarantine: {id}: a copy that nobody was told of could not be removed: {error}");
            }
            index.forget(id);
        }
    }
}

impl Claim {
    /// Gives up the claim of all others.
    fn keep_only(&mut self, wanted: &[DecisionId]) {
        for id in std::mem::take(&mut self.ids) {
            if wanted.contains(&id) { self.ids.push(id) } else { self.store.unclaim(id) }
        }
    }

    /// The decision by which the message was kept before, for one of its recipients or all.
    pub fn repeats(&self) -> Option<DecisionId> {
        self.repeats
    }

    /// The MTA was told. Quick: what else is to be written follows with [`Claim::write_down`].
    pub fn heard(&self) {
        for id in &self.ids {
            let is_new = self.store.index().items.get_mut(id).is_some_and(|item| {
                item.heard = true;
                std::mem::take(&mut item.new)
            });
            if is_new && let Err(error) = self.store.disk.rename(&name(*id, NEW), &name(*id, MAIL)) {
                // It is kept all the same, and shown as one of which the MTA may not have heard.
                log::warn!("quarantine: {id}: that the MTA knows of it could not be written down: {error}");
            }
        }
    }

    /// Writes the line of the log, and makes durable that the MTA was told.
    pub fn write_down(mut self) {
        let logged = self.event.take().map_or(Ok(()), |event| self.store.folder.log(&event));
        if let Err(error) = self.store.disk.sync_names().and(logged) {
            log::warn!("quarantine: the log could not be written: {error}");
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.ids.iter().for_each(|id| self.store.unclaim(*id));
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;

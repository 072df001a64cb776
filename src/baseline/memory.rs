//! All that is known, on disk or not yet: read as one, written in groups, opened again when a write failed.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::key::{Key, Keyring, Kind};
use super::overlay::{Bytes, Overlay, Progress};
use super::place;
use super::recent::Recent;
use super::settings::Settings;
use super::store::{EachFact, EachRecord, Store};

/// Room that must be there before a store whose write failed is opened again, in bytes.
const ROOM_BYTES: usize = 1024 * 1024;

pub(super) struct Memory {
    dir: PathBuf,
    settings: Settings,
    /// `None` while it is opened again, and while that fails.
    store: RwLock<Option<Store>>,
    overlay: RwLock<Overlay>,
    recent: Mutex<Recent>,
    /// False from a failed write until the store was opened again.
    writable: AtomicBool,
}

/// What was read: a value for each key asked for, and the first thing that went wrong.
pub(super) type Rows = (Vec<Option<Bytes>>, Option<String>);

impl Memory {
    pub fn new(dir: &Path, settings: &Settings, store: Store) -> Self {
        Self {
            dir: dir.to_owned(),
            settings: settings.clone(),
            store: RwLock::new(Some(store)),
            overlay: RwLock::default(),
            recent: Mutex::new(Recent::new(settings.recent_bytes_max)),
            writable: AtomicBool::new(true),
        }
    }

    /// Reads all keys: what waits to be written, then what was read or written lately, then what is on disk.
    pub fn read(&self, keys: &[Key]) -> Rows {
        self.read_at(keys).0
    }

    /// As [`Memory::read`], with how far learning had come in all that was read; `None` where a group was written
    /// meanwhile, so that some may be of later.
    pub fn read_at(&self, keys: &[Key]) -> (Rows, Option<Progress>) {
        let written = self.recent().writes();
        let (mut rows, progress): (Vec<Option<Bytes>>, Progress) = {
            let overlay = read(&self.overlay);
            (keys.iter().map(|key| overlay.get(key).cloned()).collect(), overlay.progress())
        };
        let writes = {
            let mut recent = self.recent();
            let unread = keys.iter().zip(&mut rows).filter(|(_, row)| row.is_none());
            unread.for_each(|(key, row)| *row = recent.get(key));
            recent.writes()
        };
        let (mut trouble, mut fetched) = (None, Vec::new());
        let store = read(&self.store);
        for (key, row) in keys.iter().zip(&mut rows).filter(|(_, row)| row.is_none()) {
            match store.as_ref().map(|store| store.get(key)) {
                Some(Ok(value)) => {
                    if is_read_again(key) {
                        fetched.push((*key, value.clone().unwrap_or_else(nothing)));
                    }
                    *row = value;
                }
                Some(Err(why)) => trouble = trouble.or(Some(why)),
                None => trouble = trouble.or_else(|| Some("the store is closed after a failed write".to_owned())),
            }
        }
        if !fetched.is_empty() {
            self.recent().put_read(fetched.into_iter(), writes);
        }
        // What is removed but still on disk is not there.
        rows.iter_mut().for_each(|row| *row = row.take().filter(|bytes| !bytes.is_empty()));
        // What was in the overlay stays readable until the write that takes it out of there is counted.
        let is_whole = self.recent().writes() == written;
        ((rows, trouble), is_whole.then_some(progress))
    }

    fn recent(&self) -> MutexGuard<'_, Recent> {
        self.recent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Each fact on disk, in the order of its number.
    pub fn each_fact(&self, each: EachFact<'_>) -> Result<(), String> {
        match read(&self.store).as_ref() {
            Some(store) => store.each_fact(each),
            None => Err("the store is closed after a failed write".to_owned()),
        }
    }

    /// Each record of a kind on disk, in the order of their keys.
    pub fn each_record(&self, kind: Kind, each: EachRecord<'_>) -> Result<(), String> {
        match read(&self.store).as_ref() {
            Some(store) => store.each_record(kind, each),
            None => Err("the store is closed after a failed write".to_owned()),
        }
    }

    /// The keys of records on disk after this one, at most so many.
    pub fn records_after(&self, key: &Key, max: usize) -> Result<Vec<Key>, String> {
        match read(&self.store).as_ref() {
            Some(store) => store.records_after(key, max),
            None => Err("the store is closed after a failed write".to_owned()),
        }
    }

    /// Facts on disk from this number on, at most so many.
    pub fn facts_from(&self, number: u64, max: usize) -> Result<Vec<(u64, Bytes)>, String> {
        match read(&self.store).as_ref() {
            Some(store) => store.facts_from(number, max),
            None => Err("the store is closed after a failed write".to_owned()),
        }
    }

    /// The folder of the store.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Puts whole records, an empty one to remove; all are seen at once.
    pub fn put(&self, records: impl IntoIterator<Item = (Key, Bytes)>) {
        let mut overlay = write(&self.overlay);
        for (key, value) in records {
            overlay.put(key, value);
        }
    }

    /// As [`Memory::put`], and says how far learning came with them.
    pub fn put_reaching(&self, records: impl IntoIterator<Item = (Key, Bytes)>, progress: Progress) {
        let mut overlay = write(&self.overlay);
        for (key, value) in records {
            overlay.put(key, value);
        }
        overlay.reach(progress);
    }

    /// Bytes that wait to be on disk.
    pub fn pending_bytes(&self) -> usize {
        read(&self.overlay).bytes()
    }

    pub fn is_pending(&self) -> bool {
        !read(&self.overlay).is_empty()
    }

    pub fn is_writable(&self) -> bool {
        self.writable.load(Ordering::Acquire)
    }

    /// Takes all that waits, for [`Memory::write`].
    pub fn take(&self) -> Arc<HashMap<Key, Bytes>> {
        write(&self.overlay).take()
    }

    /// Writes a group that was taken; on failure it waits again. One at a time.
    pub fn write(&self, group: &HashMap<Key, Bytes>) -> Result<(), String> {
        let written = match read(&self.store).as_ref() {
            Some(store) if self.is_writable() => store.write(group.iter()),
            _ => Err("the store takes no writes since one failed".to_owned()),
        };
        match &written {
            Ok(()) => {
                // Before it leaves the overlay, so that nobody finds in neither what is there.
                self.recent().put_written(group.iter().filter(|(key, _)| is_read_again(key)));
                write(&self.overlay).written();
            }
            Err(_) => {
                self.writable.store(false, Ordering::Release);
                write(&self.overlay).put_back();
            }
        }
        written
    }

    /// Opens the store again where a write failed and there is room now. Until then the old one is still read.
    pub fn reopen(&self) -> Result<(), String> {
        self.probe().map_err(|error| format!("no room in {}: {error}", self.dir.display()))?;
        let closed = write(&self.store).take();
        // Outside the lock: closing waits for the store's own threads.
        drop(closed);
        let (store, _) =
            place::open(&self.dir, &self.settings, Keyring::random_secret()).map_err(|error| error.to_string())?;
        *write(&self.store) = Some(store);
        self.recent().clear();
        self.writable.store(true, Ordering::Release);
        Ok(())
    }

    fn probe(&self) -> std::io::Result<()> {
        let path = self.dir.join("room.probe");
        let tried = fs::File::create(&path).and_then(|mut file| {
            file.write_all(&vec![0; ROOM_BYTES])?;
            file.sync_all()
        });
        fs::remove_file(&path)?;
        tried
    }
}

/// Whether a record is one of those that the next message may ask for; the rest is kept for rare occasions.
fn is_read_again(key: &Key) -> bool {
    ![Kind::Fact, Kind::Remembered].iter().any(|kind| key[0] == *kind as u8)
}

/// The value that says that nothing is there.
fn nothing() -> Bytes {
    Bytes::from([].as_slice())
}

/// A lock is never given up: a panic elsewhere leaves whole records behind, since they are put at once.
fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::key::KEY_BYTES;
    use super::*;

    fn memory(dir: &Path) -> Memory {
        let settings = Settings::default();
        let (store, _) = place::open(dir, &settings, [1; 16]).expect("made");
        Memory::new(dir, &settings, store)
    }

    fn check(memory: &Memory, expected: &[(u8, Option<u8>)]) {
        let keys: Vec<Key> = expected.iter().map(|(k, _)| [*k; KEY_BYTES]).collect();
        let (rows, trouble) = memory.read(&keys);
        let values: Vec<_> = rows.iter().map(|row| row.as_ref().map(|bytes| bytes[0])).collect();
        assert_eq!(values, expected.iter().map(|(_, v)| *v).collect::<Vec<_>>());
        assert_eq!(trouble, None);
    }

    fn put(memory: &Memory, key: u8, value: u8) {
        memory.put([([key; KEY_BYTES], Bytes::from([value].as_slice()))]);
    }

    #[test]
    fn what_waits_hides_what_is_on_disk() {
        let folder = tempfile::tempdir().expect("writable");
        let memory = memory(&folder.path().join("b"));
        put(&memory, 1, 1);
        put(&memory, 2, 2);
        check(&memory, &[(1, Some(1)), (2, Some(2)), (3, None)]);
        memory.write(&memory.take()).expect("room");
        assert!(!memory.is_pending());
        put(&memory, 1, 9);
        check(&memory, &[(1, Some(9)), (2, Some(2)), (3, None)]);
    }

    #[test]
    fn what_was_read_is_not_kept_beyond_a_write() {
        let folder = tempfile::tempdir().expect("writable");
        let memory = memory(&folder.path().join("b"));
        check(&memory, &[(1, None), (2, None)]);
        for value in [4, 5] {
            put(&memory, 1, value);
            memory.write(&memory.take()).expect("room");
            check(&memory, &[(1, Some(value)), (2, None)]);
        }
        memory.put([([1; KEY_BYTES], nothing())]);
        memory.write(&memory.take()).expect("room");
        check(&memory, &[(1, None)]);
    }

    #[test]
    fn only_what_was_written_is_there_again() {
        let folder = tempfile::tempdir().expect("writable");
        let dir = folder.path().join("b");
        let first = memory(&dir);
        put(&first, 1, 1);
        first.write(&first.take()).expect("room");
        put(&first, 2, 2);
        drop(first);
        check(&memory(&dir), &[(1, Some(1)), (2, None)]);
    }

    #[test]
    fn a_store_opened_again_keeps_what_waits() {
        let folder = tempfile::tempdir().expect("writable");
        let memory = memory(&folder.path().join("b"));
        put(&memory, 1, 1);
        memory.write(&memory.take()).expect("room");
        put(&memory, 2, 2);
        memory.writable.store(false, Ordering::Release);
        assert!(memory.write(&memory.take()).is_err());
        check(&memory, &[(1, Some(1)), (2, Some(2))]);
        memory.reopen().expect("room");
        memory.write(&memory.take()).expect("room");
        check(&memory, &[(1, Some(1)), (2, Some(2))]);
        assert!(!memory.is_pending());
    }

    #[test]
    fn a_closed_store_is_a_reason_not_an_absence() {
        let folder = tempfile::tempdir().expect("writable");
        let memory = memory(&folder.path().join("b"));
        put(&memory, 1, 1);
        write(&memory.store).take();
        let (rows, trouble) = memory.read(&[[1; KEY_BYTES], [2; KEY_BYTES]]);
        assert_eq!((rows[0].is_some(), rows[1].is_some(), trouble.is_some()), (true, false, true));
    }
}

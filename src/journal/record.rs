//! The journal that a process writes: entries in, durable lines out.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use super::appender::Appender;
use super::disk::Directory;
use super::writer::{InForce, Line, Losses, Writer};
use super::{Durability, Entry, Settings, Unwritten};

/// Longest entry: a model of thousands of inputs stays far below.
const ENTRY_BYTES_MAX: usize = 1_048_576;
/// Locked while a process writes here, so that no second one does; freed by the kernel however the process ends.
const LOCK: &str = "journal.lock";

/// Why a journal cannot be opened.
#[derive(Debug)]
pub enum OpenFault {
    /// The directory or a file in it cannot be used.
    Unusable(PathBuf, io::Error),
    /// Another process writes to it.
    Locked(PathBuf),
}

impl fmt::Display for OpenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(path, error) => {
                write!(f, "the journal in {} cannot be used: {error}; check owner and free space", path.display())
            }
            Self::Locked(path) => {
                write!(f, "another process writes the journal in {}; stop it or use another directory", path.display())
            }
        }
    }
}

impl std::error::Error for OpenFault {}

/// A journal open for writing, by one process. Dropping it writes and syncs what still waits.
pub struct Journal {
    lines: Option<SyncSender<Line>>,
    writer: Option<JoinHandle<()>>,
    losses: Arc<Losses>,
    in_force: Arc<InForce>,
    /// Held for as long as the journal is open.
    _lock: File,
}

impl Journal {
    /// Opens the journal of a directory, which is made where it is missing; mends what a crash left.
    pub fn open(directory: &Path, settings: &Settings) -> Result<Self, OpenFault> {
        let unusable = |error| OpenFault::Unusable(directory.to_owned(), error);
        fs::DirBuilder::new().recursive(true).mode(0o750).create(directory).map_err(unusable)?;
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o640).open(directory.join(LOCK));
        let lock = lock.map_err(unusable)?;
        lock.try_lock().map_err(|refused| match refused {
            TryLockError::WouldBlock => OpenFault::Locked(directory.to_owned()),
            TryLockError::Error(error) => unusable(error),
        })?;
        let appender = Appender::open(Directory::new(directory), settings).map_err(unusable)?;
        let losses = Arc::new(Losses::default());
        let in_force = Arc::new(InForce::new(settings));
        let writer = Writer::new(appender, in_force.clone(), losses.clone());
        let (lines, queue) = sync_channel(settings.queued_max.max(1));
        let run = move || writer.run(&queue);
        let writer = thread::Builder::new().name("kith-journal".to_owned()).spawn(run).map_err(unusable)?;
        Ok(Self { lines: Some(lines), writer: Some(writer), losses, in_force, _lock: lock })
    }

    /// Keeps to other settings from the next entries on; `queued_max` stays what it was when the journal was opened.
    pub fn keep_to(&self, settings: &Settings) {
        self.in_force.replace(settings);
    }

    /// Writes an entry down. With [`Durability::Now`] the future ends when the entry would survive a loss of power, or
    /// with the reason why it is not in the journal: then the caller must not hold or refuse the message. Dropping the
    /// future does not take the entry back. With [`Durability::Soon`] it ends at once; a loss is counted and logged too.
    pub async fn record(&self, entry: &Entry, durability: Durability) -> Result<(), Unwritten> {
        let result = match self.queue(entry, durability) {
            Ok(None) => Ok(()),
            Ok(Some(done)) => done.await.unwrap_or(Err(Unwritten::Closed)),
            Err(unwritten) => Err(unwritten),
        };
        if let (Err(unwritten), Durability::Soon) = (&result, durability) {
            self.losses.note(1, unwritten);
        }
        result
    }

    /// Puts an entry in the writer's queue; where to wait for it, if it is to be waited for.
    fn queue(
        &self,
        entry: &Entry,
        durability: Durability,
    ) -> Result<Option<oneshot::Receiver<Result<(), Unwritten>>>, Unwritten> {
        let bytes = Self::encode(entry)?;
        let (done, wait) = match durability {
            Durability::Soon => (None, None),
            Durability::Now => {
                let (done, wait) = oneshot::channel();
                (Some(done), Some(wait))
            }
        };
        let lines = self.lines.as_ref().ok_or(Unwritten::Closed)?;
        // Counted before it can be taken, so that the number never falls below 0.
        self.losses.wait();
        lines.try_send(Line { bytes, done }).map_err(|refused| {
            self.losses.taken(1);
            match refused {
                TrySendError::Full(_) => Unwritten::Overflow,
                TrySendError::Disconnected(_) => Unwritten::Closed,
            }
        })?;
        Ok(wait)
    }

    /// The entry as one line.
    fn encode(entry: &Entry) -> Result<Vec<u8>, Unwritten> {
        let mut bytes = Vec::with_capacity(8_192);
        serde_json::to_writer(&mut bytes, entry).map_err(|error| Unwritten::Disk(error.to_string()))?;
        bytes.push(b'\n');
        if bytes.len() > ENTRY_BYTES_MAX { Err(Unwritten::TooLong(bytes.len())) } else { Ok(bytes) }
    }

    /// Entries that wait to be written.
    pub fn waiting(&self) -> u64 {
        self.losses.waiting()
    }

    /// Entries of delivered mail that could not be written since the journal was opened.
    pub fn lost(&self) -> u64 {
        self.losses.count()
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.lines = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            log::error!("journal: the writer failed; the last entries may be lost");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;

    use super::*;

    /// A journal with room for one entry, and the queue that nobody empties.
    fn stalled() -> (Journal, Receiver<Line>) {
        let (lines, queue) = sync_channel(1);
        let lock = tempfile::tempfile().expect("a file");
        let in_force = Arc::new(InForce::new(&Settings::default()));
        let journal = Journal { lines: Some(lines), writer: None, losses: Arc::default(), in_force, _lock: lock };
        (journal, queue)
    }

    fn check(journal: &Journal, durability: Durability, expected: Result<(), Unwritten>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        assert_eq!(runtime.block_on(journal.record(&Entry::default(), durability)), expected);
    }

    #[test]
    fn a_disk_that_stands_still_keeps_nobody_waiting() {
        let (journal, queue) = stalled();
        check(&journal, Durability::Soon, Ok(()));
        check(&journal, Durability::Soon, Err(Unwritten::Overflow));
        check(&journal, Durability::Now, Err(Unwritten::Overflow));
        assert_eq!(journal.lost(), 1);
        assert!(queue.recv().is_ok());
        check(&journal, Durability::Soon, Ok(()));
    }

    #[test]
    fn a_writer_that_is_gone_is_said_to_be() {
        let (journal, queue) = stalled();
        drop(queue);
        check(&journal, Durability::Now, Err(Unwritten::Closed));
    }
}

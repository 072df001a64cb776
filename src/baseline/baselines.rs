//! The open baselines: what the rest of the program holds.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::key::Keyring;
use super::learner::Learner;
use super::observation::{Learned, Observation};
use super::place::{self, OpenError, SetAside};
use super::settings::Settings;
use super::shared;
use crate::mail::Moment;

/// How long closing waits for the last group; a sick disk must not hold up the end of the program.
const CLOSING: Duration = Duration::from_secs(10);

/// The open communication baselines. Clones share one store and one writer; when the last is dropped, what waits is
/// written and the store closed.
#[derive(Clone)]
pub struct Baselines {
    pub(super) learner: Arc<Learner>,
    pub(super) writer: Arc<Writer>,
}

/// What the baselines did so far and how they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Messages ever learned.
    pub learned: u64,
    /// Messages that wait to be learned.
    pub queued: usize,
    /// Bytes learned that wait to be on disk.
    pub pending_bytes: usize,
    /// Messages not learned since opening: the queue was full, or the store closed.
    pub dropped: u64,
    /// Groups that could not be written since opening.
    pub write_errors: u64,
    /// Records that could not be read and began anew, since opening.
    pub unreadable: u64,
    /// Whether the store takes writes; false from a failed write until it was opened again.
    pub writable: bool,
    /// Records that the other hosts were not told of yet.
    pub untold: usize,
    /// Whether the store that several hosts share answers; `None` where nothing is shared.
    pub shared: Option<bool>,
}

pub(super) struct Writer {
    learner: Arc<Learner>,
    /// Disconnects when the thread has ended and let go of the store.
    ended: Mutex<Receiver<()>>,
}

impl Baselines {
    /// Opens the store in a folder, or makes it where there is none. The end of a log torn by a power failure is given
    /// up, with a line in the log.
    ///
    /// # Errors
    /// See [`OpenError`]: the files are damaged, another process has them, or the system refuses.
    pub fn open(dir: &Path, settings: &Settings) -> Result<Self, OpenError> {
        let secret = shared::secret_of(&settings.shared).unwrap_or_else(Keyring::random_secret);
        Self::open_with_secret(dir, settings, secret)
    }

    /// As [`Baselines::open`]; a store that is made has this secret.
    pub(super) fn open_with_secret(dir: &Path, settings: &Settings, secret: [u8; 16]) -> Result<Self, OpenError> {
        let (store, chronicle) = place::open(dir, settings, secret)?;
        let learner = Arc::new(Learner::new(dir, settings, store, chronicle));
        let (end, ended) = channel::<()>();
        let thread = std::thread::Builder::new().name("baseline".to_owned());
        let own = Arc::clone(&learner);
        let run = move || {
            // Dropped after `own`, whatever happens in between.
            let _end = end;
            let own = own;
            own.run();
        };
        thread.spawn(run).map_err(|error| OpenError::System { dir: dir.to_owned(), why: error.to_string() })?;
        Ok(Self { writer: Arc::new(Writer { learner: Arc::clone(&learner), ended: Mutex::new(ended) }), learner })
    }

    /// As [`Baselines::open`], but a corrupt store is moved to `<dir>.corrupt-<time>` and an empty one made, since
    /// mail must flow; says so, for the log.
    ///
    /// # Errors
    /// Those of [`Baselines::open`] that moving away cannot mend.
    pub fn open_or_set_aside(dir: &Path, settings: &Settings) -> Result<(Self, Option<SetAside>), OpenError> {
        match Self::open(dir, settings) {
            Err(OpenError::Corrupt { why, .. }) => {
                let aside = place::set_aside(dir, why, Moment::now())?;
                Ok((Self::open(dir, settings)?, Some(aside)))
            }
            opened => Ok((opened?, None)),
        }
    }

    /// Hands over what became of a message; never waits for disk. It is learned within `commit_milliseconds`.
    pub fn learn(&self, observation: Observation) -> Learned {
        self.learner.queue(observation)
    }

    /// Learns at once, after all that waits: the next recall sees it. For replays and imports, not for mail sessions:
    /// it may wait for the disk.
    pub fn learn_now(&self, observation: &Observation) -> Learned {
        self.learner.learn(Some(observation), None)
    }

    /// As [`Baselines::learn_now`], and remembers with it, on disk in the same group, that `source` was imported up to
    /// `position`. The position is the caller's own: an offset, a count of messages.
    pub fn learn_import(&self, observation: &Observation, source: &str, position: u64) -> Learned {
        self.learner.learn(Some(observation), Some(self.learner.mark(source, position)))
    }

    /// Remembers that `source` was imported up to `position`, for mail that teaches nothing.
    pub fn set_import_mark(&self, source: &str, position: u64) {
        self.learner.learn(None, Some(self.learner.mark(source, position)));
    }

    /// How far `source` was imported; `None` when it never was, or that cannot be read now.
    pub fn import_mark(&self, source: &str) -> Option<u64> {
        self.learner.import_mark(source)
    }

    /// Learns all that waits in the queue: when this returns, every recall sees it.
    pub fn flush(&self) {
        self.learner.learn(None, None);
    }

    /// Learns all that waits and writes it: when this returns well, it is on disk.
    ///
    /// # Errors
    /// Why it could not be written; it waits on, and is tried again.
    pub fn sync(&self) -> Result<(), String> {
        self.flush();
        self.learner.commit()
    }

    /// How the baselines are.
    pub fn state(&self) -> State {
        let tally = &self.learner.tally;
        State {
            learned: tally.learned.load(Ordering::Acquire),
            queued: self.learner.queued(),
            pending_bytes: self.learner.memory.pending_bytes(),
            dropped: tally.dropped.load(Ordering::Relaxed),
            write_errors: tally.write_errors.load(Ordering::Relaxed),
            unreadable: tally.unreadable.load(Ordering::Relaxed),
            writable: self.learner.memory.is_writable(),
            untold: self.learner.shared.get().map_or(0, |shared| shared.untold.count()),
            shared: self.learner.shared.get().map(|shared| shared.is_answered()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.learner.stop();
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        // Nothing is ever sent: the wait ends by the thread's end or in time.
        if ended.recv_timeout(CLOSING) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
            log::error!("baseline: the last messages could not be written within {} s", CLOSING.as_secs());
        }
        self.learner.shared.get().inspect(|shared| shared.stop());
    }
}

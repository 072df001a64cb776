//! The thread that writes: many entries in one write, and one fsync for all that wait for it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::mail::Moment;

use super::Settings;
use super::appender::Appender;
use super::disk::Disk;

/// Bytes written at once.
const BATCH_BYTES_MAX: usize = 1_048_576;
/// How often a trouble that lasts is logged.
const ALARM_EVERY: Duration = Duration::from_secs(60);

/// When an entry counts as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// Before the call returns: the entry survives a loss of power.
    Now,
    /// Soon, in the background: a kill may cost the last milliseconds, a loss of power `fsync_milliseconds`.
    Soon,
}

/// Why an entry is not in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// Too many entries wait already: the disk is too slow.
    Overflow,
    /// The disk refused, in its words.
    Disk(String),
    /// The entry is longer than any should be (its bytes are given).
    TooLong(usize),
    /// The journal is closed.
    Closed,
}

impl fmt::Display for Unwritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Overflow => f.write_str("too many journal entries wait for the disk; it is too slow or stands still"),
            Self::Disk(error) => write!(f, "the journal cannot be written: {error}; check free space and permissions"),
            Self::TooLong(bytes) => write!(f, "a journal entry of {bytes} bytes is too long to be written"),
            Self::Closed => f.write_str("the journal is closed"),
        }
    }
}

impl std::error::Error for Unwritten {}

/// An entry on its way, and who waits for it.
pub(super) struct Line {
    /// One line of JSON with its line end.
    pub(super) bytes: Vec<u8>,
    /// Told once the entry is durable, or that it will never be; `None` where nobody waits.
    pub(super) done: Option<oneshot::Sender<Result<(), Unwritten>>>,
}

/// Entries that wait, those that were lost, and when that was last said.
#[derive(Default)]
pub(super) struct Losses {
    lost: AtomicU64,
    waiting: AtomicU64,
    said: Mutex<Option<Instant>>,
}

impl Losses {
    /// How many so far.
    pub(super) fn count(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// How many wait to be written.
    pub(super) fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// One more waits.
    pub(super) fn wait(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    /// So many wait no more.
    pub(super) fn taken(&self, entries: u64) {
        self.waiting.fetch_sub(entries, Ordering::Relaxed);
    }

    /// Counts entries that are lost, and says so once a minute at most.
    pub(super) fn note(&self, entries: u64, why: &Unwritten) {
        let total = self.lost.fetch_add(entries, Ordering::Relaxed) + entries;
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_none_or(|at| at.elapsed() >= ALARM_EVERY) {
            *said = Some(Instant::now());
            log::error!("journal: {why}; {total} entries of delivered mail were lost so far");
        }
    }

    /// Says that it is over, if it was said to have begun.
    fn end(&self) {
        if self.said.lock().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            log::warn!("journal: entries are written again; {} were lost", self.count());
        }
    }
}

/// The settings in force, which a reload replaces as a whole. Each batch is written by those with which it begins.
pub(super) struct InForce(Mutex<Settings>);

impl InForce {
    pub(super) fn new(settings: &Settings) -> Self {
        Self(Mutex::new(settings.clone()))
    }

    pub(super) fn replace(&self, settings: &Settings) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = settings.clone();
    }

    fn current(&self) -> Settings {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Writes lines in batches.
pub(super) struct Writer<D> {
    appender: Appender<D>,
    in_force: Arc<InForce>,
    losses: Arc<Losses>,
    /// When the lines written since the last fsync must be durable; `None` when there are none.
    due: Option<Instant>,
    /// Lines nobody waits for, written since the last fsync.
    unsynced: u64,
}

impl<D: Disk> Writer<D> {
    pub(super) fn new(appender: Appender<D>, in_force: Arc<InForce>, losses: Arc<Losses>) -> Self {
        Self { appender, in_force, losses, due: None, unsynced: 0 }
    }

    /// Writes what comes until every sender is gone, then makes all of it durable.
    pub(super) fn run(mut self, lines: &Receiver<Line>) {
        loop {
            let first = match self.due {
                None => lines.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => lines.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match first {
                Ok(first) => {
                    let mut bytes = first.bytes.len();
                    let mut batch = vec![first];
                    while bytes < BATCH_BYTES_MAX
                        && let Ok(next) = lines.try_recv()
                    {
                        bytes += next.bytes.len();
                        batch.push(next);
                    }
                    self.losses.taken(batch.len() as u64);
                    self.write(batch, Moment::now());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.due.is_some_and(|due| due <= Instant::now()) {
                let _ = self.sync();
            }
        }
        let _ = self.sync();
    }

    /// Writes a batch, and makes it durable where somebody waits for that.
    pub(super) fn write(&mut self, batch: Vec<Line>, now: Moment) {
        let settings = self.in_force.current();
        self.appender.keep_to(&settings);
        let bytes = batch.iter().map(|line| line.bytes.as_slice()).collect::<Vec<_>>().concat();
        let waiting: Vec<_> = batch.into_iter().map(|line| line.done).collect();
        let unawaited = waiting.iter().filter(|done| done.is_none()).count() as u64;
        if self.appender.would_overflow(bytes.len()) {
            // Lines that cannot be synced any more are counted here, and do not keep these from being written.
            let _ = self.sync();
        }
        let outcome = match self.appender.append(&bytes, now) {
            Ok(()) => {
                self.unsynced += unawaited;
                let fsync_after = Duration::from_millis(settings.fsync_milliseconds);
                self.due.get_or_insert_with(|| Instant::now() + fsync_after);
                self.losses.end();
                if unawaited < waiting.len() as u64 { self.sync() } else { Ok(()) }
            }
            Err(error) => {
                let error = Unwritten::Disk(error.to_string());
                self.losses.note(unawaited, &error);
                Err(error)
            }
        };
        for done in waiting.into_iter().flatten() {
            // Whoever gave up waiting needs no answer.
            let _ = done.send(outcome.clone());
        }
    }

    /// Makes everything written durable, or counts it as lost.
    pub(super) fn sync(&mut self) -> Result<(), Unwritten> {
        self.due = None;
        let unsynced = std::mem::take(&mut self.unsynced);
        self.appender.sync().map_err(|error| {
            let error = Unwritten::Disk(error.to_string());
            self.losses.note(unsynced, &error);
            error
        })
    }
}

//! The archive as the filter sees it: what is to be kept is handed over, and a thread of its own packs and writes it.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::disk::Directory;
use super::record::Facts;
use super::settings::Settings;
use super::writer::Writer;
use crate::baseline::Reached;
use crate::decision::DecisionId;
use crate::mail::Moment;

/// How long what was written waits to be durable.
const SYNC_AFTER: Duration = Duration::from_secs(1);
/// How often a trouble that lasts is logged.
const ALARM_EVERY: Duration = Duration::from_secs(60);
/// How long closing waits for what is still to be written; a sick disk must not hold up the end of the program.
const CLOSING: Duration = Duration::from_secs(10);
/// What a message takes in the queue beside its bytes.
const ITEM_BYTES: usize = 4_096;

/// A message to be kept.
#[derive(Debug)]
pub struct Item {
    /// The decision.
    pub id: DecisionId,
    /// How far the baselines were.
    pub reached: Option<Reached>,
    /// What was known.
    pub facts: Facts,
    /// The message.
    pub message: Vec<u8>,
    /// What it hardly differs from and is kept elsewhere, by the decision that the facts name.
    pub near: Option<Vec<u8>>,
}

impl Item {
    fn bytes(&self) -> usize {
        self.message.len() + self.near.as_ref().map_or(0, Vec::len) + ITEM_BYTES
    }
}

/// What became of messages since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that were kept.
    pub kept: u64,
    /// Those that should have been kept and could not be: the disk was full or too slow.
    pub lost: u64,
    /// Those that were longer than the settings keep.
    pub too_long: u64,
    /// Bytes of the whole archive.
    pub bytes: u64,
}

/// The archive of a state directory. Clones share it.
#[derive(Clone)]
pub struct Archive(Arc<Owner>);

/// Ends the thread when the last clone is dropped.
struct Owner(Arc<Shared>);

struct Shared {
    path: PathBuf,
    settings: Mutex<Settings>,
    queue: Mutex<Queue>,
    /// Something is to be done.
    wake: Condvar,
    /// Nothing is to be done.
    rest: Condvar,
    kept: AtomicU64,
    lost: AtomicU64,
    too_long: AtomicU64,
    bytes: AtomicU64,
    said: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Item>,
    bytes: usize,
    /// The thread runs: it begins with the first message.
    runs: bool,
    busy: bool,
    stop: bool,
}

impl Archive {
    /// The archive in a folder. Nothing is read or made before something is kept.
    pub fn new(path: &Path, settings: &Settings) -> Self {
        Self(Arc::new(Owner(Arc::new(Shared {
            path: path.to_owned(),
            settings: Mutex::new(settings.clone()),
            queue: Mutex::default(),
            wake: Condvar::new(),
            rest: Condvar::new(),
            kept: AtomicU64::new(0),
            lost: AtomicU64::new(0),
            too_long: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            said: Mutex::default(),
        }))))
    }

    /// Goes on by other settings.
    pub fn keep_to(&self, settings: &Settings) {
        *lock(&self.0.0.settings) = settings.clone();
    }

    /// Whether a message of this decision and score is to be kept.
    pub fn wants(&self, id: DecisionId, score: Option<f32>) -> bool {
        let settings = lock(&self.0.0.settings);
        settings.on && (score.is_some_and(|score| score >= settings.score_min) || is_drawn(id, settings.share))
    }

    /// Takes a message to be kept; waits for nothing. One that cannot be is a gap, counted and logged.
    pub fn keep(&self, item: Item) {
        let shared = &self.0.0;
        let (message_bytes_max, queued_bytes_max) = {
            let settings = lock(&shared.settings);
            (settings.message_bytes_max, settings.queued_bytes_max)
        };
        if item.message.len() > message_bytes_max {
            shared.too_long.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let mut queue = lock(&shared.queue);
        let bytes = item.bytes();
        let is_first = queue.waiting.is_empty();
        if queue.stop || !is_first && queue.bytes + bytes > queued_bytes_max {
            drop(queue);
            shared.lose(&io::Error::other("too many messages wait for the disk; it is too slow or stands still"));
            return;
        }
        if !queue.runs {
            let run = Arc::clone(shared);
            let thread = std::thread::Builder::new().name("archive".to_owned()).spawn(move || run.run());
            if let Err(error) = thread {
                drop(queue);
                shared.lose(&error);
                return;
            }
            queue.runs = true;
        }
        queue.bytes += bytes;
        queue.waiting.push_back(item);
        shared.wake.notify_one();
    }

    /// Waits until all that was handed over is written, or cannot be; not for a sick disk.
    pub fn flush(&self) {
        self.0.0.finish();
    }

    /// What became of messages so far.
    pub fn counts(&self) -> Counts {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let shared = &self.0.0;
        let (kept, lost) = (of(&shared.kept), of(&shared.lost));
        Counts { kept, lost, too_long: of(&shared.too_long), bytes: of(&shared.bytes) }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.finish();
        let mut queue = lock(&self.0.queue);
        queue.stop = true;
        self.0.wake.notify_one();
        // The folder is free for another writer when this returns.
        let ended = self.0.rest.wait_timeout_while(queue, CLOSING, |queue| queue.runs);
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Shared {
    fn finish(&self) {
        let queue = lock(&self.queue);
        let is_busy = |queue: &mut Queue| queue.runs && (queue.busy || !queue.waiting.is_empty());
        let waited = self.rest.wait_timeout_while(queue, CLOSING, is_busy);
        if waited.unwrap_or_else(PoisonError::into_inner).1.timed_out() {
            log::error!("archive: the last messages could not be written within {} s", CLOSING.as_secs());
        }
    }

    /// The thread's life.
    fn run(&self) {
        self.work();
        lock(&self.queue).runs = false;
        self.rest.notify_all();
    }

    fn work(&self) {
        let mut writer: Option<Writer<Directory>> = None;
        while let Some(item) = self.next(writer.as_mut()) {
            let settings = lock(&self.settings).clone();
            let opened = match writer.take() {
                Some(writer) => Ok(writer),
                None => Directory::open(&self.path).and_then(Writer::new),
            };
            let written = opened.and_then(|mut opened| {
                let written = opened.write(&item, &settings, Moment::now());
                self.bytes.store(opened.bytes(), Ordering::Relaxed);
                // After an error the folder is opened anew: it may have been removed.
                writer = written.is_ok().then_some(opened);
                written
            });
            match written {
                Ok(()) => {
                    self.kept.fetch_add(1, Ordering::Relaxed);
                    self.recover();
                }
                Err(error) => self.lose(&error),
            }
        }
    }

    /// The next message; `None` at the end. Makes durable what was written meanwhile.
    fn next(&self, mut writer: Option<&mut Writer<Directory>>) -> Option<Item> {
        let mut queue = lock(&self.queue);
        loop {
            if let Some(item) = queue.waiting.pop_front() {
                queue.bytes -= item.bytes();
                queue.busy = true;
                return Some(item);
            }
            let unsynced = writer.as_mut().filter(|writer| !writer.is_synced());
            if let Some(writer) = unsynced {
                let is_idle = |queue: &mut Queue| queue.waiting.is_empty() && !queue.stop;
                if queue.busy {
                    queue.busy = false;
                    self.rest.notify_all();
                }
                let waited = self.wake.wait_timeout_while(queue, SYNC_AFTER, is_idle);
                let (waked, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
                let is_stopped = waked.stop;
                drop(waked);
                if (timeout.timed_out() || is_stopped)
                    && let Err(error) = writer.sync()
                {
                    self.say(&error);
                }
                queue = lock(&self.queue);
                continue;
            }
            queue.busy = false;
            self.rest.notify_all();
            if queue.stop {
                return None;
            }
            queue = self.wake.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Counts a message that is lost.
    fn lose(&self, why: &io::Error) {
        self.lost.fetch_add(1, Ordering::Relaxed);
        self.say(why);
    }

    /// Says that something is wrong, once a minute at most.
    fn say(&self, why: &io::Error) {
        let mut said = lock(&self.said);
        if said.is_none_or(|at| at.elapsed() >= ALARM_EVERY) {
            *said = Some(Instant::now());
            let lost = self.lost.load(Ordering::Relaxed);
            log::error!("archive: messages cannot be kept: {why}; {lost} were not kept so far; mail goes on");
        }
    }

    fn recover(&self) {
        if lock(&self.said).take().is_some() {
            log::warn!("archive: messages are kept again; {} were not", self.lost.load(Ordering::Relaxed));
        }
    }
}

/// Whether a decision is among those drawn: by its random part, so that it is the same wherever it is asked.
fn is_drawn(id: DecisionId, share: f64) -> bool {
    let mixed = (u128::from(id) as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
    ((mixed >> 11) as f64) / ((1_u64 << 53) as f64) < share
}

/// What a panic left is sound: each change is whole before the next thing that could fail.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::archive::Reader;

    fn on() -> Settings {
        Settings { on: true, ..Settings::default() }
    }

    fn item(n: u128, bytes: usize) -> Item {
        let id = DecisionId::new(Moment::now(), n);
        Item { id, reached: None, facts: Facts::default(), message: vec![b'x'; bytes], near: None }
    }

    #[test]
    fn what_was_handed_over_is_found_by_its_id() {
        let folder = tempfile::tempdir().expect("writable");
        let path = folder.path().join("archive");
        let archive = Archive::new(&path, &on());
        let kept = |n: u128| {
            let item = item(n, n as usize);
            let id = item.id;
            archive.keep(item);
            (id, n)
        };
        let ids: Vec<_> = (0..50).map(kept).collect();
        archive.flush();
        assert_eq!((archive.counts().kept, archive.counts().lost), (50, 0));
        let mut reader = Reader::new(&path);
        for (id, n) in ids {
            let place = reader.find(id).expect("readable").expect("kept");
            assert_eq!(reader.message(&place, None).expect("whole").len(), n as usize);
        }
        assert_eq!(reader.find(DecisionId::new(Moment::now(), 99)).expect("readable"), None);
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o700);
        let files: Vec<_> = fs::read_dir(&path).expect("there").map(|entry| entry.expect("there").path()).collect();
        assert!(files.len() >= 2 && files.iter().all(|file| mode(file) == 0o600));
    }

    #[test]
    fn what_cannot_be_kept_is_counted_and_keeps_nobody_waiting() {
        let folder = tempfile::tempdir().expect("writable");
        fs::write(folder.path().join("archive"), "a file stands in its place").expect("writable");
        let archive = Archive::new(&folder.path().join("archive"), &on());
        (0..5).for_each(|n| archive.keep(item(n, 10)));
        archive.flush();
        assert_eq!(archive.counts(), Counts { lost: 5, ..Counts::default() });
    }

    #[test]
    fn messages_and_the_queue_have_a_limit() {
        let folder = tempfile::tempdir().expect("writable");
        let settings = Settings { message_bytes_max: 100, ..on() };
        let archive = Archive::new(&folder.path().join("archive"), &settings);
        [100, 101].into_iter().for_each(|bytes| archive.keep(item(bytes as u128, bytes)));
        archive.flush();
        assert_eq!((archive.counts().kept, archive.counts().too_long), (1, 1));
        archive.keep_to(&Settings { queued_bytes_max: 1, ..on() });
        (0..1_000).for_each(|n| archive.keep(item(n, 100_000)));
        archive.flush();
        let counts = archive.counts();
        assert!(counts.lost > 0 && counts.kept + counts.lost == 1_001, "{counts:?}");
    }

    #[test]
    fn the_share_is_drawn_by_chance_and_high_scores_are_kept_all() {
        let archive = Archive::new(Path::new("none"), &Settings { share: 0.1, ..on() });
        let wanted =
            |score| (0..10_000).filter(|n| archive.wants(DecisionId::new(Moment(*n), *n as u128), score)).count();
        assert!((850..1_150).contains(&wanted(Some(1.9))), "{}", wanted(Some(1.9)));
        assert_eq!((wanted(Some(2.0)), wanted(None)), (10_000, wanted(Some(1.9))));
        archive.keep_to(&Settings::default());
        assert_eq!(wanted(Some(9.0)), 0);
    }

    #[test]
    fn another_process_that_writes_is_a_gap() {
        let folder = tempfile::tempdir().expect("writable");
        let one = Archive::new(folder.path(), &on());
        one.keep(item(1, 1));
        one.flush();
        let other = Archive::new(folder.path(), &on());
        other.keep(item(2, 1));
        other.flush();
        assert_eq!((one.counts().kept, other.counts().kept, other.counts().lost), (1, 0, 1));
    }
}

//! The search for rare messages: its memory is shared by all filters on one state directory, and outlives a restart.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use log::warn;
use tokio::runtime::Handle;

use crate::anomaly::{Anomaly, Finding, Settings};
use crate::mail::Moment;
use crate::signals::Signals;

/// Name of the file below the state directory.
const FILE: &str = "anomaly";

/// Messages after which the memory is written down. A crash loses as many of a window of thousands: ranks hardly move.
const UNSAVED_MAX: u32 = 500;

/// What is remembered of past messages, and where it is written.
#[derive(Clone)]
pub(super) struct Watch {
    memory: Arc<Mutex<Memory>>,
    file: Option<Arc<File>>,
}

/// Where the memory is written, and how much had been remembered when it last was: a write that comes late must not
/// undo a later one.
struct File {
    path: PathBuf,
    written: Mutex<u64>,
}

struct Memory {
    anomaly: Anomaly,
    /// Messages remembered since the start.
    remembered: u64,
    unsaved: u32,
}

impl Watch {
    /// One that remembers nothing, and writes nothing down.
    pub fn new(settings: &Settings) -> Self {
        Self {
            memory: Arc::new(Mutex::new(Memory { anomaly: Anomaly::new(settings), remembered: 0, unsaved: 0 })),
            file: None,
        }
    }

    /// What was remembered below a state directory. A file that is damaged is told of and begun anew.
    pub fn open(settings: &Settings, state: &Path) -> Self {
        let file = state.join(FILE);
        let mut watch = Self::new(settings);
        match fs::read(&file) {
            Ok(bytes) => match Anomaly::decode(settings, &bytes) {
                Some(anomaly) => watch.memory().anomaly = anomaly,
                None => warn!("{} is damaged: the search for rare messages begins anew", file.display()),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                warn!("{} cannot be read: {error}; the search for rare messages begins anew", file.display());
            }
        }
        watch.file = Some(Arc::new(File { path: file, written: Mutex::new(0) }));
        watch
    }

    /// The same memory under other settings.
    pub fn keep_to(&self, settings: &Settings) {
        let mut memory = self.memory();
        if let Some(anomaly) = Anomaly::decode(settings, &memory.anomaly.encode()) {
            memory.anomaly = anomaly;
        }
    }

    /// How rare a message is among those remembered; `None` where no sub-detector applies.
    pub fn compare(&self, signals: &Signals, at: Moment) -> Option<Finding> {
        self.memory().anomaly.rate(signals, at)
    }

    /// Remembers a message, once it was answered.
    pub fn remember(&self, signals: &Signals, at: Moment) {
        let mut memory = self.memory();
        memory.anomaly.remember(signals, at);
        memory.remembered += 1;
        memory.unsaved += 1;
        if memory.unsaved >= UNSAVED_MAX
            && let Some(write) = self.write(memory)
        {
            // A disk may take its time; threads that answer mail must not wait for it.
            match Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(write)),
                Err(_) => write(),
            }
        }
    }

    /// Writes down what was not yet.
    pub fn save(&self) {
        let memory = self.memory();
        if memory.unsaved > 0
            && let Some(write) = self.write(memory)
        {
            write();
        }
    }

    /// What writes the memory as it is now; `None` where there is nowhere to write it.
    fn write(&self, mut memory: MutexGuard<'_, Memory>) -> Option<impl FnOnce() + Send + 'static> {
        let file = Arc::clone(self.file.as_ref()?);
        memory.unsaved = 0;
        let (bytes, remembered) = (memory.anomaly.encode(), memory.remembered);
        Some(move || file.replace(&bytes, remembered))
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // What a panic left is sound: each message is remembered by whole values.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl File {
    fn replace(&self, bytes: &[u8], remembered: u64) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if remembered <= *written {
            return;
        }
        match replace(&self.path, bytes) {
            Ok(()) => *written = remembered,
            Err(error) => {
                let path = self.path.display();
                warn!("{path} cannot be written: {error}; a restart will forget the latest messages");
            }
        }
    }
}

/// Replaces a file at once: a reader finds the old bytes or the new ones.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut draft = tempfile::Builder::new().prefix(".anomaly-").tempfile_in(folder)?;
    draft.write_all(bytes)?;
    draft.persist(file).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::{index_of, registry};

    fn favour(phrases: f32) -> Signals {
        let mut signals = Signals(vec![None; registry().len()]);
        let mut set = |name: &str, value| signals.0[index_of(name).expect("known")] = Some(value);
        set("first_message_from_sender", 1.0);
        set("payment_asked_by_stranger", phrases);
        set("asks_for_payment", phrases);
        signals
    }

    fn at(hour: i64) -> Moment {
        Moment(hour * 3_600_000)
    }

    fn remembered(watch: &Watch) -> u64 {
        watch.compare(&favour(1.0), at(900)).map_or(0, |finding| finding.remembered)
    }

    #[test]
    fn a_restart_does_not_forget() {
        let state = tempfile::tempdir().expect("temporary folder");
        let watch = Watch::open(&Settings::default(), state.path());
        (0..20).for_each(|n| watch.remember(&favour(1.0), at(n)));
        assert_eq!(remembered(&watch), 20);
        assert_eq!(remembered(&Watch::open(&Settings::default(), state.path())), 0, "not yet written");
        watch.save();
        assert_eq!(remembered(&Watch::open(&Settings::default(), state.path())), 20);
    }

    #[test]
    fn a_crash_forgets_the_latest_messages_only() {
        let state = tempfile::tempdir().expect("temporary folder");
        let watch = Watch::open(&Settings::default(), state.path());
        (0..i64::from(UNSAVED_MAX) + 7).for_each(|n| watch.remember(&favour(1.0), at(n)));
        assert_eq!(remembered(&Watch::open(&Settings::default(), state.path())), u64::from(UNSAVED_MAX));
    }

    #[test]
    fn a_write_that_comes_late_undoes_none() {
        let state = tempfile::tempdir().expect("temporary folder");
        let watch = Watch::open(&Settings::default(), state.path());
        watch.remember(&favour(1.0), at(0));
        let late = watch.write(watch.memory()).expect("there is a file");
        watch.remember(&favour(1.0), at(1));
        watch.save();
        late();
        assert_eq!(remembered(&Watch::open(&Settings::default(), state.path())), 2);
    }

    #[test]
    fn a_damaged_file_is_begun_anew() {
        let state = tempfile::tempdir().expect("temporary folder");
        fs::write(state.path().join(FILE), "torn").expect("writable");
        let watch = Watch::open(&Settings::default(), state.path());
        assert_eq!(remembered(&watch), 0);
        watch.remember(&favour(1.0), at(0));
        watch.save();
        assert_eq!(remembered(&Watch::open(&Settings::default(), state.path())), 1);
    }

    #[test]
    fn a_reload_keeps_the_memory_under_the_new_budget() {
        let watch = Watch::new(&Settings::default());
        (0..800).for_each(|n| watch.remember(&favour(1.0), at(n)));
        let rare = favour(40.0);
        assert!(watch.compare(&rare, at(800)).expect("it applies").alert);
        watch.keep_to(&Settings { alerts_per_day: 0.0, ..Settings::default() });
        let finding = watch.compare(&rare, at(800)).expect("it applies");
        assert!(!finding.alert && finding.remembered > 0);
    }
}

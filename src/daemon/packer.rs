//! The thread that packs the journal into tables while mail is filtered.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use log::{info, warn};

use crate::journal;
use crate::mail::Moment;
use crate::tables::{self, PackError, Settings};

/// How often it is asked whether there is something to pack.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The longest pause in one piece.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// Packs the journal for as long as the process lives. It is never waited for: a packing that ends in the middle is taken
/// up by the next one.
pub(super) struct Packer(Arc<Mutex<Settings>>);

impl Packer {
    /// Begins.
    pub(super) fn start(state: &Path, settings: &Settings) -> std::io::Result<Self> {
        let in_force = Arc::new(Mutex::new(settings.clone()));
        let (state, seen) = (state.to_owned(), Arc::clone(&in_force));
        thread::Builder::new().name("kith-tables".to_owned()).spawn(move || run(&state, &seen))?;
        Ok(Self(in_force))
    }

    /// Keeps to other settings from now on.
    pub(super) fn keep_to(&self, settings: &Settings) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = settings.clone();
    }
}

fn run(state: &Path, in_force: &Mutex<Settings>) {
    let mut due = Due { last: Instant::now(), files: files(state) };
    loop {
        thread::sleep(LOOK_EVERY);
        let settings = in_force.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let files = files(state);
        if !due.is_now(&settings, due.last.elapsed(), files) {
            continue;
        }
        due = Due { last: Instant::now(), files };
        let mut worked = Instant::now();
        // Half of the time is left to the mail, however fast the disk is.
        let mut pause = || {
            thread::sleep(worked.elapsed().min(PAUSE_MAX));
            worked = Instant::now();
        };
        match tables::pack(state, &settings, Moment::now(), &mut pause) {
            Ok(packed) if packed.unread > 0 => {
                warn!(
                    "tables: {} decisions packed; {} lines of the journal cannot be read",
                    packed.decisions, packed.unread
                );
            }
            Ok(packed) => info!("tables: {} decisions packed, {} files merged", packed.decisions, packed.merged),
            Err(PackError::Busy) => {}
            Err(error) => warn!("tables: {error}; it is tried again"),
        }
    }
}

/// How many files the journal has; one that was put aside makes one more.
fn files(state: &Path) -> Option<usize> {
    journal::files(&state.join(journal::FOLDER)).ok().map(|files| files.len())
}

/// What was last packed.
struct Due {
    last: Instant,
    files: Option<usize>,
}

impl Due {
    /// Whether it is time: by the clock, or because a file of the journal was put aside, which will not be kept for ever.
    fn is_now(&self, settings: &Settings, elapsed: Duration, files: Option<usize>) -> bool {
        settings.pack_minutes > 0
            && (elapsed >= Duration::from_secs(settings.pack_minutes.saturating_mul(60)) || files != self.files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_packs_by_the_hour_and_whenever_a_file_was_put_aside() {
        let due = Due { last: Instant::now(), files: Some(2) };
        let check = |pack_minutes: u64, minutes: u64, files: usize, expected: bool| {
            let settings = Settings { pack_minutes, ..Settings::default() };
            let is_now = due.is_now(&settings, Duration::from_secs(minutes * 60), Some(files));
            assert_eq!(is_now, expected, "{pack_minutes} {minutes} {files}");
        };
        check(60, 59, 2, false);
        check(60, 60, 2, true);
        check(60, 1, 3, true);
        check(0, 600, 3, false);
    }
}

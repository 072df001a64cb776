//! The thread that tells recipients once a day what is held for them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use log::{error, info, warn};

use crate::mail::{Moment, Organisation};
use crate::quarantine::{Digests, Folder, SealKey, Sent, Undone};
use crate::settings::Settings;

/// How often it is asked whether letters are due.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Pause before letters are tried again that the server did not take.
const RETRY_EVERY: Duration = Duration::from_secs(15 * 60);

/// What it keeps to.
#[derive(Clone)]
struct InForce {
    quarantine: crate::quarantine::Settings,
    organisation: Organisation,
}

impl InForce {
    fn of(settings: &Settings) -> Self {
        Self { quarantine: settings.quarantine.clone(), organisation: settings.organisation.clone() }
    }
}

/// Tells recipients for as long as the process lives. It is never waited for: what is cut short is taken up by the next.
pub(super) struct Teller(Arc<Mutex<InForce>>);

impl Teller {
    /// Begins.
    pub(super) fn start(settings: &Settings) -> std::io::Result<Self> {
        let in_force = Arc::new(Mutex::new(InForce::of(settings)));
        let (state, seen) = (settings.state_directory.clone(), Arc::clone(&in_force));
        thread::Builder::new().name("kith-digest".to_owned()).spawn(move || run(&state, &seen))?;
        Ok(Self(in_force))
    }

    /// Keeps to other settings from now on.
    pub(super) fn keep_to(&self, settings: &Settings) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = InForce::of(settings);
    }
}

fn run(state: &Path, in_force: &Mutex<InForce>) {
    let mut teller = Telling { state: state.to_owned(), retry_at: None };
    loop {
        let settings = in_force.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match teller.look(&settings, Moment::now()) {
            Ok(()) | Err(Undone::Busy) => {}
            Err(Undone::Disk(error)) => error!("digest: {}; it is tried again", Undone::Disk(error)),
        }
        thread::sleep(LOOK_EVERY);
    }
}

struct Telling {
    state: PathBuf,
    /// When letters are tried again that the server did not take.
    retry_at: Option<Instant>,
}

impl Telling {
    /// Sends what is due.
    fn look(&mut self, settings: &InForce, now: Moment) -> Result<(), Undone> {
        let Some(due) = settings.quarantine.digest.due(now) else { return Ok(()) };
        let key = SealKey::open(&self.state).map_err(|fault| Undone::Disk(std::io::Error::other(fault)))?;
        let folder = Folder::of(&self.state);
        let (settings, organisation) = (&settings.quarantine, &settings.organisation);
        let digests = Digests { folder: &folder, key: &key, settings, organisation };
        match digests.sent_for()? {
            // It was turned on just now: the first letters are those of the next time of day.
            None => digests.was_sent_for(due)?,
            Some(last) if last < due => {
                let sent = digests.send(now)?;
                // Written down only now: what is cut short before is gone through again, and nobody is told twice.
                digests.was_sent_for(due)?;
                self.tell(&sent);
            }
            Some(_) if self.retry_at.is_some_and(|at| at <= Instant::now()) => {
                let sent = digests.finish(now)?;
                self.tell(&sent);
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn tell(&mut self, sent: &Sent) {
        info!("digest: {} recipients were told of held mail", sent.letters);
        for (one, why) in sent.refused.iter().take(10) {
            warn!("digest: the letter to {one} is tried again: {why}");
        }
        for (one, why) in &sent.doubtful {
            warn!("digest: nobody knows whether the letter to {one} was sent; it is not repeated: {why}");
        }
        self.retry_at = (!sent.refused.is_empty()).then(|| Instant::now() + RETRY_EVERY);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letters_are_those_of_the_next_day() {
        let state = tempfile::tempdir().expect("a directory");
        let mut settings = Settings::default();
        settings.quarantine.digest.at_utc = "05:30".to_owned();
        let in_force = InForce::of(&settings);
        let mut teller = Telling { state: state.path().to_owned(), retry_at: None };
        let at = |text: &str| Moment::parse(text).expect("RFC 3339");
        let key = SealKey::open(state.path()).expect("a key");
        let folder = Folder::of(state.path());
        let (quarantine, organisation) = (&settings.quarantine, &settings.organisation);
        let digests = Digests { folder: &folder, key: &key, settings: quarantine, organisation };
        for (now, sent_for) in [
            ("2026-11-25T12:00:00Z", "2026-11-25T05:30:00Z"),
            ("2026-11-26T05:00:00Z", "2026-11-25T05:30:00Z"),
            ("2026-11-28T05:31:00Z", "2026-11-28T05:30:00Z"),
        ] {
            teller.look(&in_force, at(now)).expect("writable");
            assert_eq!(digests.sent_for().expect("readable"), Some(at(sent_for)), "{now}");
        }
        let off = InForce::of(&Settings::default());
        teller.look(&off, at("2026-12-01T05:31:00Z")).expect("nothing to do");
        assert_eq!(digests.sent_for().expect("readable"), Some(at("2026-11-28T05:30:00Z")));
    }
}

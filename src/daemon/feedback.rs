//! The thread that reads what recipients report and move, and tells the baselines what was labelled.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use log::{info, warn};

use crate::feedback::{self, flow, look_into_junk, look_into_reports};
use crate::filter::Filter;
use crate::mail::{Moment, Organisation};
use crate::settings::Settings;

/// Labels that the baselines are told of at one time: each reads all facts twice, and nothing is learned meanwhile.
const LABELS_MAX: usize = 20;
/// The longest pause after that.
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// What it keeps to.
#[derive(Clone)]
struct InForce {
    feedback: feedback::Settings,
    organisation: Organisation,
}

impl InForce {
    fn of(settings: &Settings) -> Self {
        Self { feedback: settings.feedback.clone(), organisation: settings.organisation.clone() }
    }
}

/// Reads feedback for as long as the process lives. It is never waited for: what is cut short is taken up by the next.
pub(super) struct Feedback(Arc<Mutex<InForce>>);

impl Feedback {
    /// Begins; the baselines are those of the filter, whatever is reloaded.
    pub(super) fn start(settings: &Settings, filter: &Arc<Filter>) -> std::io::Result<Self> {
        let in_force = Arc::new(Mutex::new(InForce::of(settings)));
        let (state, seen, filter) = (settings.state_directory.clone(), Arc::clone(&in_force), Arc::clone(filter));
        thread::Builder::new().name("kith-feedback".to_owned()).spawn(move || run(&state, &seen, &filter))?;
        Ok(Self(in_force))
    }

    /// Keeps to other settings from now on.
    pub(super) fn keep_to(&self, settings: &Settings) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = InForce::of(settings);
    }
}

fn run(state: &Path, in_force: &Mutex<InForce>, filter: &Filter) {
    loop {
        let InForce { feedback, organisation } = in_force.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let now = Moment::now();
        for labelled in [
            look_into_reports(state, &feedback, &organisation, now),
            look_into_junk(state, &feedback, &organisation, now),
        ] {
            match labelled {
                Ok(0) => {}
                Ok(count) => info!("feedback: {count} decisions labelled by recipients"),
                Err(error) => warn!("feedback: {error}; it is tried again"),
            }
        }
        tell_baselines(state, filter);
        thread::sleep(Duration::from_secs(feedback.look_seconds));
    }
}

/// Tells the baselines of all labels that they do not know, with pauses in which mail is learned.
fn tell_baselines(state: &Path, filter: &Filter) {
    let Some(baselines) = filter.remembering_baselines() else { return };
    loop {
        let began = Instant::now();
        match flow(state, baselines, LABELS_MAX) {
            Ok(flowed) => {
                if flowed.taken + flowed.given > 0 {
                    info!("feedback: trust of {} messages taken back, of {} given back", flowed.taken, flowed.given);
                }
                if !flowed.is_more {
                    return;
                }
            }
            Err(error) => return warn!("feedback: labels do not reach the baselines: {error}; it is tried again"),
        }
        thread::sleep(began.elapsed().min(PAUSE_MAX));
    }
}

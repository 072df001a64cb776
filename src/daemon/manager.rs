//! What the service manager is told (sd_notify); nothing where there is none.

use std::time::Duration;

use log::debug;
use sd_notify::NotifyState;
use tokio::time::{Interval, MissedTickBehavior, interval};

fn tell(states: &[NotifyState<'_>]) {
    // A manager that cannot be told is no reason to stop filtering; the watchdog will say so if it matters.
    if let Err(error) = sd_notify::notify(states) {
        debug!("the service manager could not be told: {error}");
    }
}

/// Mail is filtered from now on.
pub(super) fn tell_ready() {
    tell(&[NotifyState::Ready]);
}

/// The settings are being read again.
pub(super) fn tell_reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => debug!("the monotonic clock could not be read: {error}"),
    }
}

/// The daemon is draining.
pub(super) fn tell_stopping() {
    tell(&[NotifyState::Stopping]);
}

/// A line for the manager's status display.
pub(super) fn tell_status(text: &str) {
    tell(&[NotifyState::Status(text)]);
}

/// The event loop turns.
pub(super) fn tell_alive() {
    tell(&[NotifyState::Watchdog]);
}

/// When the manager wants a sign of life.
pub(super) struct Beat(Option<Interval>);

impl Beat {
    /// Twice as often as the manager's watchdog asks for, so that one late beat is not the end.
    pub(super) fn start() -> Self {
        Self(sd_notify::watchdog_enabled().map(|patience| {
            let mut beat = interval((patience / 2).max(Duration::from_millis(10)));
            beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
            beat
        }))
    }

    /// Waits for the next beat; for ever where there is no watchdog.
    pub(super) async fn next(&mut self) {
        match &mut self.0 {
            Some(beat) => {
                beat.tick().await;
            }
            None => std::future::pending().await,
        }
    }
}

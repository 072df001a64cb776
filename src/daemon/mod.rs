//! The daemon: start, reload, drain, stop.

mod feedback;
mod logger;
mod manager;
mod packer;
mod teller;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use log::{error, info, warn};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinError;
use tokio::time::Instant;

use crate::admin::Admin;
use crate::filter::{Filter, OpenError};
use crate::milter::{BindError, Drained, Handle, Server};
use crate::settings::{Settings, SettingsError};

/// Why the daemon could not start.
#[derive(Debug)]
pub enum StartError {
    /// The settings are wrong.
    Settings(SettingsError),
    /// A part of the path could not be made.
    Filter(OpenError),
    /// A socket could not be had.
    Bind(BindError),
    /// The system refused something that every process needs.
    System(std::io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Filter(error) => error.fmt(f),
            Self::Bind(error) => error.fmt(f),
            Self::System(error) => write!(f, "the system refused to start the daemon: {error}"),
        }
    }
}

impl std::error::Error for StartError {}

/// Where the settings come from: read again at each reload.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The settings file, where one was named.
    pub file: Option<PathBuf>,
    /// The state directory, where it was named on the command line.
    pub state: Option<PathBuf>,
}

impl Origin {
    fn load(&self) -> Result<Settings, SettingsError> {
        let mut settings = Settings::load(self.file.as_deref())?;
        if let Some(state) = &self.state {
            settings.state_directory.clone_from(state);
        }
        Ok(settings)
    }
}

/// Has what a command logs written to syslog, where the daemon's own words go there, and nowhere else.
pub fn log_of_command(settings: &crate::settings::Log) {
    if settings.syslog {
        logger::start_silent(settings);
    }
}

/// Serves until SIGTERM or SIGINT; SIGHUP reads the settings again.
pub fn run(origin: &Origin) -> Result<(), StartError> {
    let settings = origin.load().map_err(StartError::Settings)?;
    logger::start(&settings.log);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers())
        .enable_all()
        .build()
        .map_err(StartError::System)?;
    let result = runtime.block_on(serve(origin, settings));
    // What runs on is a look-up whose message was answered long ago.
    runtime.shutdown_background();
    if let Err(error) = &result {
        manager::tell_status(&error.to_string());
    }
    result
}

/// Threads that filter: one a processor, but at least four, so that a message that keeps one busy for long does not keep
/// timers and other connections waiting.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(4, |processors| processors.get().max(4))
}

async fn serve(origin: &Origin, mut settings: Settings) -> Result<(), StartError> {
    let mut hang_up = signal(SignalKind::hangup()).map_err(StartError::System)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(StartError::System)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(StartError::System)?;
    let state: &Path = &settings.state_directory;
    let filter = Filter::open(&settings.filter(), Some(state)).map_err(StartError::Filter)?;
    filter.share();
    let mut filter = Arc::new(filter);
    let packer = packer::Packer::start(state, &settings.tables).map_err(StartError::System)?;
    let teller = teller::Teller::start(&settings).map_err(StartError::System)?;
    let feedback = feedback::Feedback::start(&settings, &filter).map_err(StartError::System)?;
    let server = Server::bind(settings.milter.clone(), Arc::clone(&filter)).map_err(StartError::Bind)?;
    for endpoint in server.endpoints() {
        info!("listening on {endpoint}");
    }
    let handle = server.handle();
    let admin = console(&settings, &filter, &handle);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut serving = tokio::spawn(server.serve(async {
        // The sender is dropped only after it has spoken, or with the runtime.
        let _ = stopped.await;
    }));
    info!("kith {} is ready; policy mode: {}", env!("CARGO_PKG_VERSION"), settings.policy.mode.name());
    manager::tell_ready();
    let answering = tokio::spawn(filter.answer_requests());
    let tending = tokio::spawn(filter.tend_detectors());
    let mut expiring = tokio::spawn(filter.expire_kept());
    let mut beat = manager::Beat::start();
    let mut looked = Instant::now();
    loop {
        tokio::select! {
            _ = hang_up.recv() => {
                manager::tell_reloading();
                reload(origin, &mut settings, &mut filter, &handle);
                expiring.abort();
                expiring = tokio::spawn(filter.expire_kept());
                packer.keep_to(&settings.tables);
                teller.keep_to(&settings);
                feedback.keep_to(&settings);
                admin.iter().for_each(|admin| admin.replace(Arc::clone(&filter), settings.shown()));
                manager::tell_ready();
            }
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            () = look(looked, filter.looks_every()) => {
                if let Some(anew) = changed_rules(&filter).await {
                    filter = Arc::new(anew);
                    server_takes(&handle, &settings, &filter);
                    admin.iter().for_each(|admin| admin.replace(Arc::clone(&filter), settings.shown()));
                }
                looked = Instant::now();
            }
            () = beat.next() => manager::tell_alive(),
        }
    }
    info!("stopping: messages under way are finished first");
    manager::tell_stopping();
    answering.abort();
    tending.abort();
    expiring.abort();
    drop(admin);
    // The server is gone already if nobody hears.
    let _ = stop.send(());
    let drained = (&mut serving).await;
    filter.close();
    say_stopped(drained);
    Ok(())
}

fn say_stopped(drained: Result<Drained, JoinError>) {
    match drained {
        Ok(Drained { unfinished: 0 }) => info!("stopped"),
        Ok(Drained { unfinished }) => warn!("stopped; {unfinished} messages were cut off and will be brought again"),
        Err(error) => error!("the server broke off: {error}"),
    }
}

/// The rules anew, where they have changed. They are read beside the mail.
async fn changed_rules(filter: &Arc<Filter>) -> Option<Filter> {
    let filter = Arc::clone(filter);
    tokio::task::spawn_blocking(move || filter.renewed()).await.unwrap_or_else(|error| {
        error!("rules: reading them anew failed: {error}");
        None
    })
}

/// Waits until it is time to look whether the rules have changed; for ever where it is not to be looked.
async fn look(since: Instant, every: Option<Duration>) {
    match every {
        Some(every) => tokio::time::sleep_until(since + every).await,
        None => std::future::pending().await,
    }
}

/// Lets new sessions begin with another filter by the same settings.
fn server_takes(server: &Handle<Filter>, settings: &Settings, filter: &Arc<Filter>) {
    for key in server.reload(settings.milter.clone(), Arc::clone(filter)) {
        warn!("milter.{key} cannot change while the daemon runs; restart it for that");
    }
}

/// Serves the console where the settings say so. Mail does not wait for it, nor does it end where it cannot be had.
fn console(settings: &Settings, filter: &Arc<Filter>, server: &Handle<Filter>) -> Option<Admin> {
    let (state, handle) = (&settings.state_directory, server.clone());
    let in_force = (Arc::clone(filter), settings.shown());
    match Admin::start(&settings.admin, state, in_force, Box::new(move || handle.counts())) {
        Ok(admin) => {
            admin.iter().for_each(|admin| info!("console: http://{}/", admin.address()));
            admin
        }
        Err(why) => {
            error!("degraded: the console is not served: {why}");
            None
        }
    }
}

/// Reads the settings again. A bad file changes nothing, and the log says what is wrong with it.
fn reload(origin: &Origin, settings: &mut Settings, filter: &mut Arc<Filter>, server: &Handle<Filter>) {
    let mut fresh = match origin.load() {
        Ok(fresh) => fresh,
        Err(error) => {
            error!("reload refused, the old settings stay in force: {error}");
            return;
        }
    };
    for key in keep_fixed(settings, &mut fresh) {
        warn!("{key} cannot change while the daemon runs; restart it for that");
    }
    match filter.with(&fresh.filter()) {
        Ok(next) => {
            *filter = Arc::new(next);
            server_takes(server, &fresh, filter);
            log::set_max_level(logger::level(&fresh.log.level));
            *settings = fresh;
            info!("settings reloaded; policy mode: {}", settings.policy.mode.name());
        }
        Err(error) => error!("reload refused, the old settings stay in force: {error}"),
    }
}

/// Keeps what cannot change in a running daemon, and names the keys that would have changed.
fn keep_fixed(old: &Settings, fresh: &mut Settings) -> Vec<String> {
    let wanted = fresh.clone();
    fresh.state_directory.clone_from(&old.state_directory);
    fresh.baseline = old.baseline.clone();
    fresh.admin = old.admin.clone();
    fresh.journal.queued_max = old.journal.queued_max;
    (fresh.log.syslog, fresh.log.stdout) = (old.log.syslog, old.log.stdout);
    wanted.differing(fresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_change_is_kept_and_named() {
        let old = Settings::default();
        let mut fresh = Settings::default();
        assert_eq!(keep_fixed(&old, &mut fresh), [""; 0]);
        fresh.state_directory = PathBuf::from("/elsewhere");
        fresh.baseline.half_life_days = 1.0;
        (fresh.journal.queued_max, fresh.journal.files_max) = (1, 1);
        fresh.log.level = "debug".to_owned();
        let kept = keep_fixed(&old, &mut fresh);
        assert_eq!(kept, ["baseline.half_life_days", "journal.queued_max", "state_directory"]);
        assert_eq!((fresh.state_directory, fresh.journal.queued_max), (old.state_directory, old.journal.queued_max));
        assert_eq!((fresh.log.level.as_str(), fresh.journal.files_max), ("debug", 1));
    }
}

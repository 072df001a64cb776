//! Where the daemon's own words go: standard output, syslog, or both.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use log::{Level, LevelFilter, Log, Metadata, Record};
use syslog::{Facility, Formatter3164, LoggerBackend};

use crate::settings;

/// Where syslog listens, in the order in which the systems of this world place it.
const SOCKETS: [&str; 3] = ["/dev/log", "/var/run/syslog", "/var/run/log"];

/// Begins logging. A second call in one process changes nothing but the level.
pub(super) fn start(settings: &settings::Log) {
    let sockets = SOCKETS.map(PathBuf::from).to_vec();
    let syslog = settings.syslog.then(|| Mutex::new(Syslog { sockets, open: None }));
    begin(Logger { stdout: settings.stdout, silent: false, syslog }, settings);
}

/// Begins logging to syslog alone: standard output is for what a command has to say.
pub(super) fn start_silent(settings: &settings::Log) {
    let syslog = Mutex::new(Syslog { sockets: SOCKETS.map(PathBuf::from).to_vec(), open: None });
    begin(Logger { stdout: false, silent: true, syslog: Some(syslog) }, settings);
}

fn begin(logger: Logger, settings: &settings::Log) {
    log::set_max_level(level(&settings.level));
    if log::set_boxed_logger(Box::new(logger)).is_err() {
        log::debug!("logging was begun before");
    }
}

/// The least weight that is written, by its name in the settings.
pub(super) fn level(name: &str) -> LevelFilter {
    name.parse().unwrap_or(LevelFilter::Info)
}

struct Logger {
    stdout: bool,
    /// Whether nothing is said where there is no syslog.
    silent: bool,
    syslog: Option<Mutex<Syslog>>,
}

/// The connection to syslog. It is made anew when a message cannot be sent, since the syslog daemon is restarted more
/// often than this one.
struct Syslog {
    sockets: Vec<PathBuf>,
    open: Option<syslog::Logger<LoggerBackend, Formatter3164>>,
}

impl Syslog {
    /// Sends a line; `false` where nobody takes it.
    fn send(&mut self, level: Level, line: &str) -> bool {
        for _ in 0..2 {
            if self.open.is_none() {
                self.open = self.sockets.iter().find_map(|path| connect(path));
            }
            let Some(logger) = &mut self.open else { return false };
            let sent = match level {
                Level::Error => logger.err(line),
                Level::Warn => logger.warning(line),
                Level::Info => logger.info(line),
                Level::Debug | Level::Trace => logger.debug(line),
            };
            if sent.is_ok() {
                return true;
            }
            self.open = None;
        }
        false
    }
}

fn connect(path: &Path) -> Option<syslog::Logger<LoggerBackend, Formatter3164>> {
    let formatter = Formatter3164 {
        facility: Facility::LOG_MAIL,
        hostname: None,
        process: "kith".to_owned(),
        pid: std::process::id(),
    };
    syslog::unix_custom(formatter, path).ok()
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        // The libraries' own chatter is not for the administrator, their warnings are.
        metadata.target().starts_with("kith") || metadata.level() <= Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let line = record.args().to_string();
        let taken = self
            .syslog
            .as_ref()
            .is_some_and(|syslog| syslog.lock().is_ok_and(|mut syslog| syslog.send(record.level(), &line)));
        // Without syslog the words must not be lost: standard output is then the only place left.
        if self.stdout || !taken && !self.silent {
            let weight = match record.level() {
                Level::Error => "error: ",
                Level::Warn => "warning: ",
                _ => "",
            };
            // A log that nobody reads must not stop the mail.
            let _ = writeln!(std::io::stdout().lock(), "{weight}{line}");
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    #[test]
    fn syslog_gets_lines_of_facility_mail_and_survives_a_restart() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("log");
        let mut syslog = Syslog { sockets: vec![path.clone()], open: None };
        assert!(!syslog.send(Level::Info, "nobody listens"));
        for (round, (level, priority)) in [(Level::Info, 22), (Level::Error, 19)].into_iter().enumerate() {
            let daemon = UnixDatagram::bind(&path).expect("bindable");
            assert!(syslog.send(level, &format!("ABC: round={round}")));
            let mut buffer = [0; 256];
            let length = daemon.recv(&mut buffer).expect("a line");
            let line = String::from_utf8_lossy(&buffer[..length]).into_owned();
            assert!(line.starts_with(&format!("<{priority}>")), "{line}");
            assert!(line.contains("kith[") && line.contains(&format!("ABC: round={round}")), "{line}");
            std::fs::remove_file(&path).expect("removable");
        }
    }

    #[test]
    fn libraries_are_heard_only_when_they_warn() {
        let logger = Logger { stdout: false, silent: false, syslog: None };
        let enabled = |target, level| logger.enabled(&Metadata::builder().target(target).level(level).build());
        assert!(enabled("kith::filter", Level::Info));
        assert!(enabled("fjall", Level::Warn));
        assert!(!enabled("fjall", Level::Info));
    }
}

//! Who did what in the console: one JSON object a line, appended and never changed.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::mail::Moment;

/// Name of the file below the console's folder.
const FILE: &str = "activity.jsonl";
/// Bytes read from the end for the page: some thousand lines.
const READ_BYTES_MAX: u64 = 524_288;

/// One thing that somebody did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Deed {
    /// When, by RFC 3339.
    pub(super) at: String,
    /// Who: a name, or a token's name behind `token `.
    pub(super) who: String,
    /// The address he came from.
    pub(super) from: String,
    /// What was done: `signed_in`, `sign_in_refused`, `signed_out`, `labelled`, `looked_at`, `released`, `deleted`,
    /// `drew_audit_sample`.
    pub(super) did: String,
    /// To what, in which way.
    pub(super) what: String,
}

/// The file, open for appending.
#[derive(Debug)]
pub(super) struct Activity {
    path: PathBuf,
    file: Mutex<File>,
}

impl Activity {
    /// Opens the file of the console's folder, which is made where it is missing.
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        let file = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
        Ok(Self { path, file: Mutex::new(file) })
    }

    /// Writes a deed down, durably. What cannot be written down goes to the daemon's own log.
    pub(super) fn note(&self, who: &str, from: &str, did: &str, what: &str) {
        let (who, from, did, what) = (who.to_owned(), from.to_owned(), did.to_owned(), what.to_owned());
        let deed = Deed { at: Moment::now().rfc3339(), who, from, did, what };
        let written = serde_json::to_vec(&deed).map_err(io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(&line)?;
            file.sync_data()
        });
        if let Err(error) = written {
            log::error!("console: {} cannot be written: {error}; {deed:?}", self.path.display());
        }
    }

    /// The last deeds, newest first.
    pub(super) fn last(&self, deeds: usize) -> io::Result<Vec<Deed>> {
        let mut file = File::open(&self.path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(READ_BYTES_MAX)))?;
        let mut bytes = Vec::new();
        file.take(READ_BYTES_MAX).read_to_end(&mut bytes)?;
        let lines = bytes.rsplit(|byte| *byte == b'\n');
        Ok(lines.filter_map(|line| serde_json::from_slice(line).ok()).take(deeds).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_deeds_come_first_and_survive() {
        let folder = tempfile::tempdir().expect("a directory");
        let activity = Activity::open(folder.path()).expect("opened");
        activity.note("ann", "127.0.0.1", "signed_in", "");
        activity.note("bob", "127.0.0.1", "labelled", "01\r\n{\"who\":\"eve\"}");
        drop(activity);
        let activity = Activity::open(folder.path()).expect("opened again");
        let deeds = activity.last(10).expect("read");
        assert_eq!(deeds.iter().map(|deed| deed.who.as_str()).collect::<Vec<_>>(), ["bob", "ann"]);
        assert_eq!(deeds[0].what, "01\r\n{\"who\":\"eve\"}", "nobody can forge a line");
        assert_eq!(activity.last(1).expect("read").len(), 1);
    }
}

//! Reports that Kith itself received by milter, kept until they are looked at.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::seen::FOLDER;

/// Reports that wait: more come only from machines.
const WAITING_MAX: usize = 1_000;
/// Longest report that is kept: one message with an attached one.
const BYTES_MAX: usize = 16 << 20;

/// The folder of reports that wait.
#[derive(Clone, Debug)]
pub struct Inbox(PathBuf);

impl Inbox {
    /// The one below a state directory.
    pub fn of(state: &Path) -> Self {
        Self(state.join(FOLDER).join("inbox"))
    }

    /// Keeps a report whose author was proved; it is on disk when this returns.
    ///
    /// # Errors
    /// It cannot be written, is too long, or too many wait.
    pub fn put(&self, raw: &[u8]) -> io::Result<()> {
        if raw.len() > BYTES_MAX {
            return Err(io::Error::other(format!("it has more than {BYTES_MAX} bytes")));
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0)?;
        if fs::read_dir(&self.0)?.count() >= WAITING_MAX {
            return Err(io::Error::other(format!("{WAITING_MAX} reports wait already")));
        }
        let mut file = tempfile::Builder::new().prefix(".report-").tempfile_in(&self.0)?;
        file.write_all(raw)?;
        file.as_file().sync_all()?;
        let name = file.path().file_name().unwrap_or_default().to_string_lossy().trim_start_matches('.').to_owned();
        file.persist_noclobber(self.0.join(name)).map_err(|error| error.error)?;
        File::open(&self.0)?.sync_all()
    }

    /// The reports that wait.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub(super) fn waiting(&self) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        paths.retain(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
        paths.sort();
        Ok(paths)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_waits_whole_or_not_at_all() {
        let state = tempfile::tempdir().expect("a directory");
        let inbox = Inbox::of(state.path());
        assert!(inbox.waiting().expect("none").is_empty());
        inbox.put(b"one").expect("room");
        inbox.put(b"two").expect("room");
        let waiting = inbox.waiting().expect("readable");
        let mut texts: Vec<_> = waiting.iter().map(|path| fs::read(path).expect("whole")).collect();
        texts.sort();
        assert_eq!(texts, [b"one".to_vec(), b"two".to_vec()]);
        inbox.put(&vec![0; BYTES_MAX]).expect("as long as may be");
        assert!(inbox.put(&vec![0; BYTES_MAX + 1]).is_err());
    }
}

//! The folder of the archive as its writer sees it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::hour;
use crate::lines::give_to_owner;

/// Locked while a process writes here.
const LOCK: &str = "lock";

/// What a writer asks of the disk; a test's may fail.
pub(super) trait Disk: Send {
    /// Appends a record to the file of an hour: whole, or not at all.
    fn append(&mut self, hour: &str, record: &[u8]) -> io::Result<()>;
    /// Makes durable what was appended.
    fn sync(&mut self) -> io::Result<()>;
    /// All files with their bytes, oldest first.
    fn files(&self) -> io::Result<Vec<(String, u64)>>;
    /// Removes a file.
    fn remove(&mut self, name: &str) -> io::Result<()>;
}

/// The folder itself.
pub(super) struct Directory {
    path: PathBuf,
    open: Option<Open>,
    /// Held for as long as this lives.
    _lock: File,
}

/// The file that is written.
struct Open {
    hour: String,
    name: String,
    file: File,
    bytes: u64,
}

impl Directory {
    /// Opens the folder for writing; it is made where it is missing, and only its owner may look into it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if !path.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(path)?;
            give_to_owner(path.parent().unwrap_or(Path::new(".")), path)?;
        }
        let lock = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path.join(LOCK))?;
        lock.try_lock().map_err(|refused| match refused {
            TryLockError::WouldBlock => io::Error::other("another process writes to this archive"),
            TryLockError::Error(error) => error,
        })?;
        Ok(Self { path: path.to_owned(), open: None, _lock: lock })
    }

    /// The file of an hour, ready to be appended to. One whose end is torn is left as it is, and another begun.
    fn file(&mut self, hour: &str) -> io::Result<&mut Open> {
        if self.open.as_ref().is_none_or(|open| open.hour != hour) {
            self.sync()?;
            self.open = None;
            let files = self.files()?;
            let of_hour = files.iter().filter_map(|(name, _)| hour::parts(name)).filter(|(known, _)| *known == hour);
            let mut part = of_hour.map(|(_, part)| part).max().unwrap_or(0);
            loop {
                let name = hour::name(hour, part);
                let path = self.path.join(&name);
                let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
                let bytes = file.metadata()?.len();
                if hour::records(&file, |_, _| ())? == bytes {
                    if bytes == 0 {
                        File::open(&self.path)?.sync_all()?;
                    }
                    self.open = Some(Open { hour: hour.to_owned(), name, file, bytes });
                    break;
                }
                part += 1;
            }
        }
        self.open.as_mut().ok_or_else(|| io::Error::other("no file is open"))
    }
}

impl Disk for Directory {
    fn append(&mut self, hour: &str, record: &[u8]) -> io::Result<()> {
        let open = self.file(hour)?;
        let written = open.file.write_all(record);
        if written.is_ok() {
            open.bytes += record.len() as u64;
        } else if open.file.set_len(open.bytes).is_err() {
            // Half a record stays at the end: what comes next is written to another file.
            self.open = None;
        }
        written
    }

    fn sync(&mut self) -> io::Result<()> {
        self.open.as_ref().map_or(Ok(()), |open| open.file.sync_data())
    }

    fn files(&self) -> io::Result<Vec<(String, u64)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if let Ok(name) = entry.file_name().into_string()
                && hour::parts(&name).is_some()
            {
                files.push((name, entry.metadata()?.len()));
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        if self.open.as_ref().is_some_and(|open| open.name == name) {
            self.open = None;
        }
        fs::remove_file(self.path.join(name))
    }
}

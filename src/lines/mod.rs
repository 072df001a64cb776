//! Files of JSON lines that several processes append to: each line is there whole or not at all, whatever ends a process.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Reads all lines of a file in their order; none where there is no file. A last line without its end was promised to
/// nobody, and lines that cannot be read as what they should be are passed over.
///
/// # Errors
/// The file cannot be read.
pub fn read<T: DeserializeOwned>(path: &Path) -> io::Result<Vec<T>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        file => file?,
    };
    let (mut lines, mut line, mut read) = (BufReader::new(file), Vec::new(), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line.ends_with(b"\n") {
            read.extend(serde_json::from_slice(&line).ok());
        }
        line.clear();
    }
    Ok(read)
}

/// A file of lines, locked against other processes for as long as this lives.
pub struct Lines {
    file: File,
}

impl Lines {
    /// Opens a file and waits for its lock; makes it where it is missing, for the owner of its folder.
    ///
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        let is_new = !path.exists();
        let options = || OpenOptions::new().read(true).append(true).create(true).mode(0o600).clone();
        let file = options().open(path)?;
        let folder = path.parent().unwrap_or(Path::new("."));
        if is_new {
            give_to_owner(folder, path)?;
            File::open(folder)?.sync_all()?;
        }
        file.lock()?;
        Ok(Self { file })
    }

    /// Writes a line durably. What a process that died left of one is ended first, so that this stands alone.
    ///
    /// # Errors
    /// It is not written.
    pub fn append(&mut self, value: &impl Serialize) -> io::Result<()> {
        let before = self.file.metadata()?.len();
        let mut line = Vec::new();
        if before > 0 && !self.ends_whole(before)? {
            line.push(b'\n');
        }
        serde_json::to_writer(&mut line, value)?;
        line.push(b'\n');
        let written = self.file.write_all(&line).and_then(|()| self.file.sync_data());
        if written.is_err() {
            // Half a line on a full disk would be read by nobody; what cannot be cut off is ended by the next.
            let _ = self.file.set_len(before);
        }
        written
    }

    fn ends_whole(&self, length: u64) -> io::Result<bool> {
        let mut last = [0];
        self.file.read_exact_at(&mut last, length - 1)?;
        Ok(last == [b'\n'])
    }
}

/// Gives what root made to who owns the folder, so that a daemon of his can write on.
///
/// # Errors
/// The system refuses.
pub fn give_to_owner(folder: &Path, path: &Path) -> io::Result<()> {
    let (theirs, ours) = (fs::metadata(folder)?, fs::metadata(path)?);
    if ours.uid() == 0 && theirs.uid() != 0 {
        std::os::unix::fs::chown(path, Some(theirs.uid()), Some(theirs.gid()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_short_spoils_no_other() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("lines");
        assert_eq!(read::<String>(&path).expect("none"), [""; 0]);
        Lines::open(&path).expect("made").append(&"first").expect("written");
        let whole = fs::read(&path).expect("there");
        fs::write(&path, [&whole[..], &whole[..whole.len() - 3]].concat()).expect("writable");
        assert_eq!(read::<String>(&path).expect("readable"), ["first"]);
        Lines::open(&path).expect("there").append(&"second").expect("written");
        assert_eq!(read::<String>(&path).expect("readable"), ["first", "second"]);
        fs::write(&path, "7\n\"x\"\n\"torn").expect("writable");
        assert_eq!(read::<String>(&path).expect("readable"), ["x"]);
    }

    #[test]
    fn many_may_write_at_once() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("lines");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    (0..20).for_each(|n| Lines::open(&path).expect("there").append(&n).expect("room"));
                });
            }
        });
        assert_eq!(read::<u32>(&path).expect("readable").len(), 160);
    }
}

//! The seam between the journal and the disk: few operations, so that tests can lose, fail and fill up each of them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::segments::segments;

/// A directory, and the one file in it that is open for writing at its end.
pub(super) trait Disk: Send + 'static {
    /// Opens a file instead of the one that is open, or creates it; its length in bytes.
    fn open(&mut self, name: &str) -> io::Result<u64>;
    /// Reads bytes of the open file into the buffer, as many as there are.
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes at the end of the open file; may write less than was asked.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Cuts the open file to a length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Makes the open file's content survive a loss of power.
    fn sync(&mut self) -> io::Result<()>;
    /// Renames a file, open or not.
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;
    /// Makes names survive a loss of power.
    fn sync_names(&mut self) -> io::Result<()>;
    /// Files put aside, oldest first.
    fn segments(&mut self) -> io::Result<Vec<String>>;
    /// Removes a file.
    fn remove(&mut self, name: &str) -> io::Result<()>;
}

/// A directory of the file system.
pub(super) struct Directory {
    path: PathBuf,
    open: Option<File>,
}

impl Directory {
    /// The directory of that path, which must be there.
    pub(super) fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), open: None }
    }

    fn file(&mut self) -> io::Result<&mut File> {
        self.open.as_mut().ok_or_else(|| io::Error::other("no journal file is open"))
    }
}

impl Disk for Directory {
    fn open(&mut self, name: &str) -> io::Result<u64> {
        self.open = None;
        let path = self.path.join(name);
        // Entries hold addresses and subjects: not for everybody to read.
        let options = || OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o640).clone();
        let mut file = options().open(path)?;
        let length = file.seek(SeekFrom::End(0))?;
        self.open = Some(file);
        Ok(length)
    }

    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.file()?.read_at(buffer, at)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let file = self.file()?;
        file.set_len(length)?;
        file.seek(SeekFrom::Start(length)).map(drop)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file()?.sync_data()
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn sync_names(&mut self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }

    fn segments(&mut self) -> io::Result<Vec<String>> {
        segments(&self.path)
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_keeps_the_seams_promises() {
        let directory = tempfile::tempdir().expect("a directory");
        let mut disk = Directory::new(directory.path());
        assert!(disk.write(b"lost").is_err());
        assert_eq!(disk.open("a").expect("made"), 0);
        assert_eq!(disk.write(b"one\ntwo\n").expect("written"), 8);
        disk.cut(4).expect("cut");
        assert_eq!(disk.write(b"three\n").expect("written"), 6);
        disk.sync().expect("synced");
        assert_eq!(disk.open("a").expect("there"), 10);
        let mut buffer = [0; 16];
        assert_eq!(disk.read_at(4, &mut buffer).expect("read"), 6);
        assert_eq!(&buffer[..6], b"three\n");
        disk.rename("a", "journal-1Z.jsonl").expect("renamed");
        disk.sync_names().expect("synced");
        assert_eq!(disk.segments().expect("listed"), ["journal-1Z.jsonl"]);
        disk.remove("journal-1Z.jsonl").expect("removed");
        assert!(disk.segments().expect("listed").is_empty());
    }
}

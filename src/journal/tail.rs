//! Following a journal while it is written, across rotations.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::segments::{CURRENT, segments};

/// Bytes read at once.
const CHUNK_BYTES: usize = 65_536;

/// The end of a journal: its last entries, then those that are written afterwards. It holds no lock.
pub struct Tail {
    directory: PathBuf,
    /// The file that is read; `None` before there is one.
    file: Option<File>,
    /// The beginning of a line whose end is not written yet.
    partial: Vec<u8>,
}

impl Tail {
    /// Begins before the last `entries` of the newest files.
    pub fn open(directory: &Path, entries: usize) -> io::Result<Self> {
        let mut this = Self { directory: directory.to_owned(), file: None, partial: Vec::new() };
        let mut names = segments(directory)?;
        names.push(CURRENT.to_owned());
        let mut wanted = entries;
        for name in names.into_iter().rev() {
            let Some(mut file) = this.open_file(&name)? else { continue };
            wanted -= seek_before_last(&mut file, wanted)?;
            this.file = Some(file);
            if wanted == 0 {
                break;
            }
        }
        Ok(this)
    }

    fn open_file(&self, name: &str) -> io::Result<Option<File>> {
        match File::open(self.directory.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            file => file.map(Some),
        }
    }

    /// The whole lines that were written since the last call, without waiting; empty when there is nothing new.
    pub fn lines(&mut self) -> io::Result<Vec<String>> {
        let mut lines = Vec::new();
        loop {
            // Asked before reading: what was written before a file was put aside is read before the next is opened.
            let next = self.next_file()?;
            self.read(&mut lines)?;
            let Some(next) = next else { return Ok(lines) };
            self.partial.clear();
            self.file = Some(next);
        }
    }

    /// The file after the one that is read; `None` while that is still written.
    fn next_file(&self) -> io::Result<Option<File>> {
        let current = self.open_file(CURRENT)?;
        let Some(file) = &self.file else { return Ok(current) };
        let inode = file.metadata()?.ino();
        let is_ours = |other: &File| other.metadata().map(|m| m.ino() == inode);
        if current.as_ref().map(is_ours).transpose()?.unwrap_or(false) {
            return Ok(None);
        }
        let names = segments(&self.directory)?;
        let ours = names
            .iter()
            .position(|name| fs::metadata(self.directory.join(name)).is_ok_and(|metadata| metadata.ino() == inode));
        // A file that is not listed any more has expired, and all that are listed came after it.
        let after = ours.map_or(0, |at| at + 1);
        match names.get(after) {
            Some(name) => self.open_file(name),
            None => Ok(current),
        }
    }

    /// Reads to the end of the file.
    fn read(&mut self, lines: &mut Vec<String>) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        // Lines that an error cut back are not there any more.
        let length = file.metadata()?.len();
        if file.stream_position()? > length {
            file.seek(SeekFrom::Start(length))?;
            self.partial.clear();
        }
        let mut buffer = vec![0; CHUNK_BYTES];
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                return Ok(());
            }
            let mut rest = &buffer[..read];
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                self.partial.extend_from_slice(&rest[..end]);
                lines.push(String::from_utf8_lossy(&std::mem::take(&mut self.partial)).into_owned());
                rest = &rest[end + 1..];
            }
            self.partial.extend_from_slice(rest);
        }
    }
}

/// Puts the position before the last lines of a file; how many lines follow it, at most as many as were wanted.
fn seek_before_last(file: &mut File, wanted: usize) -> io::Result<usize> {
    let mut end = file.metadata()?.len();
    let mut seen = 0;
    let mut buffer = vec![0; CHUNK_BYTES];
    while end > 0 {
        let start = end.saturating_sub(CHUNK_BYTES as u64);
        // At most a chunk, which fits.
        let chunk = &mut buffer[..(end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(chunk)?;
        for at in (0..chunk.len()).rev().filter(|at| chunk[*at] == b'\n') {
            if seen == wanted {
                file.seek(SeekFrom::Start(start + at as u64 + 1))?;
                return Ok(wanted);
            }
            seen += 1;
        }
        end = start;
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::io::Write;

    use super::*;
    use crate::journal::segments::segment_name;
    use crate::mail::Moment;

    struct Place(tempfile::TempDir);

    impl Place {
        fn new() -> Self {
            Self(tempfile::tempdir().expect("a directory"))
        }

        fn write(&self, text: &str) {
            let file = OpenOptions::new().append(true).create(true).open(self.0.path().join(CURRENT));
            file.expect("opened").write_all(text.as_bytes()).expect("written");
        }

        fn rotate(&self, ms: i64) {
            let path = |name: &str| self.0.path().join(name);
            fs::rename(path(CURRENT), path(&segment_name(Moment(ms)))).expect("renamed");
        }

        fn tail(&self, entries: usize) -> Tail {
            Tail::open(self.0.path(), entries).expect("opened")
        }
    }

    fn check(tail: &mut Tail, expected: &[&str]) {
        assert_eq!(tail.lines().expect("readable"), expected);
    }

    #[test]
    fn the_last_entries_come_first() {
        let place = Place::new();
        check(&mut place.tail(3), &[]);
        place.write("a\nb\n");
        place.rotate(1);
        place.write("c\nd\n");
        for (entries, expected) in
            [(0, &[][..]), (1, &["d"]), (2, &["c", "d"]), (3, &["b", "c", "d"]), (9, &["a", "b", "c", "d"])]
        {
            check(&mut place.tail(entries), expected);
        }
    }

    #[test]
    fn a_line_comes_once_it_is_whole() {
        let place = Place::new();
        let mut tail = place.tail(0);
        check(&mut tail, &[]);
        place.write("on");
        check(&mut tail, &[]);
        place.write("e\ntwo\nthr");
        check(&mut tail, &["one", "two"]);
        check(&mut tail, &[]);
    }

    #[test]
    fn rotations_lose_nothing() {
        let place = Place::new();
        place.write("a\n");
        let mut tail = place.tail(1);
        check(&mut tail, &["a"]);
        place.write("b\n");
        place.rotate(1);
        place.write("c\n");
        place.rotate(2);
        place.write("d\n");
        check(&mut tail, &["b", "c", "d"]);
        place.rotate(3);
        check(&mut tail, &[]);
        place.write("e\n");
        check(&mut tail, &["e"]);
    }

    #[test]
    fn a_file_that_expired_does_not_stop_the_reading() {
        let place = Place::new();
        place.write("a\n");
        let mut tail = place.tail(0);
        place.rotate(1);
        place.write("b\n");
        fs::remove_file(place.0.path().join(segment_name(Moment(1)))).expect("removed");
        check(&mut tail, &["b"]);
    }

    #[test]
    fn a_file_that_was_cut_back_is_read_on() {
        let place = Place::new();
        place.write("a\nb\n");
        let mut tail = place.tail(2);
        check(&mut tail, &["a", "b"]);
        let file = OpenOptions::new().write(true).open(place.0.path().join(CURRENT)).expect("opened");
        file.set_len(2).expect("cut");
        check(&mut tail, &[]);
        place.write("c\n");
        check(&mut tail, &["c"]);
    }

    #[test]
    fn long_files_are_searched_backwards() {
        let place = Place::new();
        let long = "x".repeat(CHUNK_BYTES);
        place.write(&format!("{long}\n{long}\n{long}\n"));
        check(&mut place.tail(2), &[&long, &long]);
        check(&mut place.tail(4), &[&long, &long, &long]);
    }
}

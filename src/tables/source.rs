//! The journal's files as the packing reads them: whole lines from a byte on.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::progress::Reached;
use crate::journal;

/// Bytes by which a line is known: its id is among them.
const BEGINNING_BYTES: usize = 40;
/// Longest line: twice the longest entry that is written.
const LINE_BYTES_MAX: usize = 2_097_152;

/// A file of the journal.
pub(super) struct Source {
    file: File,
    /// How it begins, by which it is known.
    pub(super) beginning: String,
}

impl Source {
    /// The files of a journal that hold at least one line, oldest first.
    pub(super) fn all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut sources: Vec<Self> = Vec::new();
        for file in journal::files(folder)? {
            let mut start = vec![0; BEGINNING_BYTES];
            let read = read_at(&file, 0, &mut start)?;
            if read < BEGINNING_BYTES {
                // No entry is as short.
                continue;
            }
            let beginning = String::from_utf8_lossy(&start).into_owned();
            // A file that was put aside while the others were listed stands there twice.
            if sources.iter().all(|source| source.beginning != beginning) {
                sources.push(Self { file, beginning });
            }
        }
        Ok(sources)
    }

    /// From where on it is to be read: where the last packing ended, or its beginning where that is not there any more.
    pub(super) fn resume(&self, reached: Option<&Reached>) -> io::Result<u64> {
        let Some(reached) = reached else { return Ok(0) };
        let is_there = reached.bytes <= self.file.metadata()?.len() && self.ending(reached.bytes)? == reached.ending;
        Ok(if is_there { reached.bytes } else { 0 })
    }

    /// The place as it is remembered.
    pub(super) fn reached(&self, bytes: u64) -> io::Result<Reached> {
        Ok(Reached { bytes, ending: self.ending(bytes)? })
    }

    /// How the last line before a byte begins, with its id.
    fn ending(&self, bytes: u64) -> io::Result<String> {
        let from = bytes.saturating_sub(LINE_BYTES_MAX as u64);
        let mut text = vec![0; usize::try_from(bytes - from).unwrap_or(0)];
        let read = read_at(&self.file, from, &mut text)?;
        let whole = text[..read].strip_suffix(b"\n").unwrap_or(&text[..read]);
        let last = whole.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        Ok(String::from_utf8_lossy(&last[..last.len().min(BEGINNING_BYTES)]).into_owned())
    }

    /// Whole lines from a byte on, at most up to another, with line ends; empty where there are none. A line that is longer
    /// than any entry comes in pieces, none of which can be read.
    pub(super) fn lines(&self, from: u64, to: Option<u64>, bytes_max: usize) -> io::Result<Vec<u8>> {
        let wanted =
            to.map_or(bytes_max, |to| usize::try_from(to.saturating_sub(from)).unwrap_or(bytes_max).min(bytes_max));
        let length = self.file.metadata()?.len().saturating_sub(from);
        let mut text = vec![0; wanted.min(usize::try_from(length).unwrap_or(wanted))];
        let read = read_at(&self.file, from, &mut text)?;
        text.truncate(read);
        match text.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => text.truncate(end + 1),
            None if text.len() < bytes_max.min(LINE_BYTES_MAX) => text.clear(),
            None => {}
        }
        Ok(text)
    }
}

fn read_at(file: &File, from: u64, buffer: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < buffer.len() {
        match file.read_at(&mut buffer[read..], from + read as u64) {
            Ok(0) => break,
            Ok(bytes) => read += bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn source(text: &str) -> (tempfile::TempDir, Source) {
        let folder = tempfile::tempdir().expect("a directory");
        fs::write(folder.path().join("journal.jsonl"), text).expect("written");
        let source = Source::all(folder.path()).expect("listed").pop().expect("one");
        (folder, source)
    }

    #[test]
    fn lines_come_whole() {
        let (folder, source) = source(&format!("{{\"id\":\"{}\"}}\nsecond\nthi", "0".repeat(40)));
        let first = 40 + 10;
        assert_eq!(source.lines(first, None, 1_000).expect("read"), b"second\n");
        assert_eq!(source.lines(first + 7, None, 1_000).expect("read"), b"");
        assert_eq!(source.lines(0, Some(first), 1_000).expect("read").len() as u64, first);
        assert_eq!(source.lines(first, None, 3).expect("read"), b"sec");
        drop(folder);
    }

    #[test]
    fn a_file_that_was_cut_back_is_read_anew() {
        let (folder, source) = source(&format!("{{\"id\":\"{}\"}}\nsecond\n", "0".repeat(40)));
        let reached = source.reached(57).expect("read");
        assert_eq!(source.resume(Some(&reached)).expect("read"), 57);
        assert_eq!(source.resume(None).expect("read"), 0);
        let path = folder.path().join("journal.jsonl");
        let text = fs::read_to_string(&path).expect("read").replace("second", "SECOND");
        fs::write(&path, text).expect("written");
        assert_eq!(source.resume(Some(&reached)).expect("read"), 0);
    }
}

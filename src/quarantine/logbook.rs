//! The log of the quarantine: who did what to which message, in files that are put aside when they are long.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::SystemTime;

use super::event::Event;
use super::folder::Folder;
use crate::lines::{self, Lines};

/// The file that is written.
pub const LOG: &str = "log.jsonl";

/// Bytes of one file; a longer one is put aside. About 50,000 lines: quick to read and to copy.
const LOG_BYTES_MAX: u64 = 16_777_216;

impl Folder {
    /// Writes a line into the log.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn log(&self, event: &Event) -> io::Result<()> {
        log::info!("quarantine: {}", event.line());
        self.make()?;
        let path = self.path().join(LOG);
        if fs::metadata(&path).is_ok_and(|file| file.len() > LOG_BYTES_MAX) {
            let aside = event.at.replace([':', '-'], "");
            fs::rename(&path, self.path().join(format!("log-{aside}.jsonl")))?;
        }
        Lines::open(&path)?.append(event)
    }

    /// The events of the log, oldest first, from the files put aside too.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn read_log(&self) -> io::Result<Vec<Event>> {
        let mut events = Vec::new();
        for path in self.logs_aside()?.into_iter().chain([self.path().join(LOG)]) {
            events.extend(lines::read(&path)?);
        }
        Ok(events)
    }

    /// The files put aside, oldest first.
    fn logs_aside(&self) -> io::Result<Vec<PathBuf>> {
        let listing = match fs::read_dir(self.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            listing => listing?,
        };
        let is_aside = |name: &str| name.starts_with("log-") && name.ends_with(".jsonl");
        let names = listing.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut paths: Vec<_> = names.filter(|name| is_aside(name)).map(|name| self.path().join(name)).collect();
        paths.sort();
        Ok(paths)
    }

    /// Removes files that were put aside longer ago than so many days; 0 keeps all.
    pub(super) fn expire_log(&self, days: u32) -> io::Result<()> {
        for path in self.logs_aside()? {
            let written = fs::metadata(&path)?.modified()?;
            let age = SystemTime::now().duration_since(written).unwrap_or_default();
            if days > 0 && age.as_secs() > u64::from(days) * 86_400 {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// The last events of the log, then those that are written afterwards.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn follow(&self, last: usize) -> io::Result<Follow> {
        let mut follow = Follow { path: self.path().join(LOG), file: None, partial: Vec::new(), waiting: Vec::new() };
        let mut events = Vec::new();
        for path in self.logs_aside()? {
            events.extend(lines::read(&path)?);
        }
        events.extend(follow.events()?);
        follow.waiting = events.split_off(events.len().saturating_sub(last));
        Ok(follow)
    }
}

/// The log while it is written.
pub struct Follow {
    path: PathBuf,
    file: Option<File>,
    partial: Vec<u8>,
    waiting: Vec<Event>,
}

impl Follow {
    /// The events since the last call, without waiting.
    ///
    /// # Errors
    /// The log cannot be read.
    pub fn events(&mut self) -> io::Result<Vec<Event>> {
        let mut events = std::mem::take(&mut self.waiting);
        loop {
            // Asked before reading: what was written before a file was put aside is read before the next is opened.
            let next = self.next_file()?;
            if let Some(file) = &mut self.file {
                file.read_to_end(&mut self.partial)?;
            }
            let whole = self.partial.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            let lines: Vec<u8> = self.partial.drain(..whole).collect();
            events.extend(lines.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()));
            let Some(next) = next else { return Ok(events) };
            self.partial.clear();
            self.file = Some(next);
        }
    }

    /// The file that is written, where it is another than the one that is read.
    fn next_file(&self) -> io::Result<Option<File>> {
        let written = match File::open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            written => written?,
        };
        let inode = |file: &File| file.metadata().map(|metadata| metadata.ino());
        match &self.file {
            Some(read) if inode(read)? == inode(&written)? => Ok(None),
            _ => Ok(Some(written)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::What;
    use super::*;
    use crate::decision::DecisionId;
    use crate::mail::Moment;

    fn event(ms: i64) -> Event {
        Event::new(DecisionId::new(Moment(ms), 1), "ann", Moment(ms), What::Deleted)
    }

    #[test]
    fn a_log_is_followed_across_files() {
        let state = tempfile::tempdir().expect("a directory");
        let folder = Folder::of(state.path());
        let mut empty = folder.follow(5).expect("none");
        assert_eq!(empty.events().expect("none"), []);
        (1..=3).for_each(|ms| folder.log(&event(ms)).expect("written"));
        assert_eq!(empty.events().expect("read"), [event(1), event(2), event(3)]);
        let mut log = folder.follow(2).expect("read");
        assert_eq!(log.events().expect("read"), [event(2), event(3)]);
        assert_eq!(log.events().expect("read"), []);
        let path = folder.path().join(LOG);
        folder.log(&event(4)).expect("written");
        File::options().write(true).open(&path).expect("there").set_len(LOG_BYTES_MAX + 1).expect("room");
        folder.log(&event(5)).expect("written");
        assert_eq!(log.events().expect("read"), [event(4), event(5)]);
        assert_eq!(folder.read_log().expect("read").len(), 5);
        assert_eq!(folder.follow(9).expect("read").events().expect("read").len(), 5);
        folder.expire_log(1).expect("listed");
        assert_eq!(folder.read_log().expect("read").len(), 5, "young yet");
    }
}

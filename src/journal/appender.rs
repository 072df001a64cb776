//! Whole lines at the end of a file that is rotated: what an error leaves half written is cut back before anything else.

use std::io;

use crate::mail::Moment;

use super::Settings;
use super::disk::Disk;
use super::segments::{CURRENT, segment_name};

/// Bytes read at once when the last line end is searched.
const CHUNK_BYTES: usize = 65_536;

/// What is known of the file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// It is open and ends with the last whole line.
    Whole,
    /// It is open, but may hold bytes beyond the last whole line.
    Torn,
    /// None is open.
    Closed,
}

/// Writes whole lines. Invariant: nothing is written to a file that is not [`State::Whole`].
pub(super) struct Appender<D> {
    disk: D,
    file_bytes_max: u64,
    files_max: usize,
    state: State,
    /// Bytes of whole lines in the file.
    length: u64,
    /// As many of them survive a loss of power.
    synced: u64,
}

impl<D: Disk> Appender<D> {
    /// Opens the journal of a disk, and cuts off a last line that is not whole.
    pub(super) fn open(disk: D, settings: &Settings) -> io::Result<Self> {
        let (file_bytes_max, files_max) = (settings.file_bytes_max, settings.files_max);
        let mut this = Self { disk, file_bytes_max, files_max, state: State::Closed, length: 0, synced: 0 };
        this.mend()?;
        Ok(this)
    }

    /// Keeps to other limits from now on.
    pub(super) fn keep_to(&mut self, settings: &Settings) {
        (self.file_bytes_max, self.files_max) = (settings.file_bytes_max, settings.files_max);
    }

    /// Whether all lines survive a loss of power.
    pub(super) fn is_synced(&self) -> bool {
        self.synced == self.length
    }

    /// Whether the file would grow too long by so many bytes, so that it will be put aside before they are written.
    pub(super) fn would_overflow(&self, bytes: usize) -> bool {
        self.length > 0 && self.length + bytes as u64 > self.file_bytes_max
    }

    /// Writes whole lines and hands them to the kernel, so that they survive the end of this process. After an error
    /// none of them is in the file, or the next call cuts them off first.
    pub(super) fn append(&mut self, lines: &[u8], now: Moment) -> io::Result<()> {
        self.mend()?;
        if self.would_overflow(lines.len()) {
            self.rotate(now)?;
        }
        self.state = State::Torn;
        let mut rest = lines;
        while !rest.is_empty() {
            match self.disk.write(rest) {
                Ok(0) => return self.cut_back(self.length, io::ErrorKind::WriteZero.into()),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.cut_back(self.length, error),
            }
        }
        self.state = State::Whole;
        self.length += lines.len() as u64;
        Ok(())
    }

    /// Makes all lines survive a loss of power. After an error those since the last success are cut off, for the kernel
    /// forgets what it could not write and would report success the next time.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        if self.is_synced() {
            return Ok(());
        }
        self.mend()?;
        if let Err(error) = self.disk.sync() {
            self.length = self.synced;
            return self.cut_back(self.synced, error);
        }
        self.synced = self.length;
        Ok(())
    }

    /// Cuts the file to its whole lines after an error, which is given back.
    fn cut_back(&mut self, length: u64, error: io::Error) -> io::Result<()> {
        self.state = if self.disk.cut(length).is_ok() { State::Whole } else { State::Torn };
        Err(error)
    }

    /// Makes the file ready to be written.
    fn mend(&mut self) -> io::Result<()> {
        match self.state {
            State::Whole => return Ok(()),
            State::Torn => self.disk.cut(self.length)?,
            State::Closed => {
                let length = self.disk.open(CURRENT)?;
                // The name must be durable before anything under it is called so.
                self.disk.sync_names()?;
                let whole = self.last_line_end(length)?;
                if whole < length {
                    let torn = length - whole;
                    log::warn!("journal: {CURRENT} ended in the middle of a line; {torn} bytes were cut off");
                    self.disk.cut(whole)?;
                }
                // Lines of a process that was killed may still wait in the kernel.
                self.disk.sync()?;
                (self.length, self.synced) = (whole, whole);
            }
        }
        self.state = State::Whole;
        Ok(())
    }

    /// Position after the last line end.
    fn last_line_end(&mut self, length: u64) -> io::Result<u64> {
        let mut buffer = vec![0; CHUNK_BYTES];
        let mut end = length;
        while end > 0 {
            let start = end.saturating_sub(CHUNK_BYTES as u64);
            // At most a chunk, which fits.
            let chunk = &mut buffer[..(end - start) as usize];
            let mut filled = 0;
            while filled < chunk.len() {
                match self.disk.read_at(start + filled as u64, &mut chunk[filled..])? {
                    0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                    read => filled += read,
                }
            }
            if let Some(at) = chunk.iter().rposition(|byte| *byte == b'\n') {
                return Ok(start + at as u64 + 1);
            }
            end = start;
        }
        Ok(0)
    }

    /// Puts the file aside and begins another. A file that cannot be put aside grows on: better long than lost.
    fn rotate(&mut self, now: Moment) -> io::Result<()> {
        self.sync()?;
        let aside = self.disk.segments().and_then(|taken| {
            let mut at = now;
            while taken.contains(&segment_name(at)) {
                at = Moment(at.0 + 1);
            }
            self.disk.rename(CURRENT, &segment_name(at))
        });
        if let Err(error) = aside {
            log::warn!("journal: {CURRENT} cannot be put aside and grows on: {error}");
            return Ok(());
        }
        self.state = State::Closed;
        self.mend()?;
        self.expire();
        Ok(())
    }

    /// Removes the oldest files beyond the number to keep.
    fn expire(&mut self) {
        let removed = self.disk.segments().and_then(|names| {
            let surplus = if self.files_max == 0 { 0 } else { names.len().saturating_sub(self.files_max) };
            names[..surplus].iter().try_for_each(|name| self.disk.remove(name))
        });
        if let Err(error) = removed {
            log::warn!("journal: old files cannot be removed: {error}");
        }
    }
}

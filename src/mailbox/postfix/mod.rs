//! Postfix's log: who wrote to whom and when, without content.

mod clock;
mod journey;
mod line;

use std::io::{self, BufRead, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::walk::open;
use super::{Cause, ReadError};
use crate::mail::Moment;
use clock::{Clock, Stamp, Survey};
use journey::Journeys;
pub use journey::Passed;

/// Longest line that is read, in bytes; rsyslog's own bound is 8 KiB. What is longer is passed over.
const LINE_BYTES_MAX: usize = 65_536;

/// Postfix logs to be read, surveyed once: in the order of their first lines, with the years that their lines omit.
#[derive(Debug)]
pub struct Logs {
    files: Vec<LogFile>,
    /// What could not be read.
    pub errors: Vec<ReadError>,
}

#[derive(Debug)]
struct LogFile {
    path: PathBuf,
    name: String,
    survey: Survey,
    /// The year of the first line.
    year: i32,
}

/// One message that left the queue.
#[derive(Debug)]
pub struct Logged<'a> {
    /// What is known of it.
    pub passed: Passed,
    /// The name of the file that stays the same when the log is rotated, compressed or grows.
    pub source: &'a str,
    /// The number of its last line in that file, from 1.
    pub line: u64,
    /// Lines read of all files so far.
    pub done: u64,
}

impl Logs {
    /// Looks through the files once. Lines of traditional syslog bear no year and no zone: a file's last line is taken
    /// to be no later than the file's own time, and all are at `offset` seconds east of UTC.
    pub fn survey(paths: &[PathBuf], offset: i64) -> Self {
        let mut logs = Self { files: Vec::new(), errors: Vec::new() };
        for path in paths {
            match LogFile::survey(path, offset) {
                Ok(file) => logs.files.push(file),
                Err(error) => logs.errors.push(ReadError { path: path.clone(), cause: Cause::Io(error) }),
            }
        }
        let start = |file: &LogFile| file.survey.first.map(|first| Clock::new(file.year, offset).moment(first));
        logs.files.sort_by_key(start);
        logs
    }

    /// Lines of all files.
    pub fn lines(&self) -> u64 {
        self.files.iter().map(|file| file.survey.lines).sum()
    }

    /// Reads all messages that left the queue, file after file, a message that spans two as one.
    ///
    /// # Errors
    /// What `each` said; a file that cannot be read any more is among `errors`.
    pub fn read(&mut self, offset: i64, mut each: impl FnMut(Logged<'_>) -> Result<(), String>) -> Result<(), String> {
        let (mut journeys, mut done) = (Journeys::default(), 0);
        for file in &self.files {
            let mut clock = Clock::new(file.year, offset);
            let mut failure = None;
            let mut number = 0;
            let read = each_line(&file.path, &mut |text| {
                number += 1;
                done += 1;
                let Some(line) = line::parse(text) else { return true };
                let Some(passed) = journeys.follow(clock.moment(line.stamp), &line) else { return true };
                failure = each(Logged { passed, source: &file.name, line: number, done }).err();
                failure.is_none()
            });
            if let Some(failure) = failure {
                return Err(failure);
            }
            if let Err(error) = read {
                self.errors.push(ReadError { path: file.path.clone(), cause: Cause::Io(error) });
            }
        }
        Ok(())
    }
}

impl LogFile {
    fn survey(path: &Path, offset: i64) -> io::Result<Self> {
        let (mut survey, mut digest) = (Survey::default(), None);
        each_line(path, &mut |text| {
            let stamp = Stamp::parse(text).map(|(stamp, _)| stamp);
            if stamp.is_some() {
                digest.get_or_insert_with(|| Sha256::digest(text.as_bytes()));
            }
            survey.count(stamp);
            true
        })?;
        let written = std::fs::metadata(path)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let year = survey.first_year(Moment::from_secs(written.as_secs().cast_signed()), offset);
        let name = digest.unwrap_or_default().iter().fold("postfix:".to_owned(), |n, byte| format!("{n}{byte:02x}"));
        Ok(Self { path: path.to_owned(), name, survey, year })
    }
}

/// Gives each line to `each` until it says that it is enough.
fn each_line(path: &Path, each: &mut dyn FnMut(&str) -> bool) -> io::Result<()> {
    let mut reader = open(path)?;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = (&mut reader).take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(());
        }
        let mut ended = bytes.last() == Some(&b'\n');
        let whole = ended || read < LINE_BYTES_MAX;
        while !ended && read == LINE_BYTES_MAX {
            let rest = reader.fill_buf()?;
            let end = rest.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(rest.len(), |end| end + 1);
            ended = end.is_some() || used == 0;
            reader.consume(used);
        }
        let text = if whole { String::from_utf8_lossy(&bytes) } else { "".into() };
        if !each(text.trim_end()) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::Write;

    use super::*;

    const LOG: &str = "\
Dec 31 23:59:58 mx postfix/smtpd[1]: 3AB12CD: client=mx.x.example[192.0.2.7]
Dec 31 23:59:58 mx postfix/cleanup[1]: 3AB12CD: message-id=<1@x.example>
Dec 31 23:59:59 mx postfix/qmgr[1]: 3AB12CD: from=<a@x.example>, size=1, nrcpt=1 (queue active)
Jan  1 00:00:00 mx postfix/lmtp[1]: 3AB12CD: to=<b@own.example>, relay=d[d], delay=1, dsn=2.0.0, status=sent (250 ok)
Jan  1 00:00:00 mx postfix/qmgr[1]: 3AB12CD: removed
";

    fn touched(path: &Path, text: &[u8], written: &str) {
        fs::write(path, text).expect("writable");
        let at = Moment::parse(written).expect("valid").secs();
        let time = UNIX_EPOCH + std::time::Duration::from_secs(at.unsigned_abs());
        File::options().write(true).open(path).and_then(|file| file.set_modified(time)).expect("ours");
    }

    fn read(logs: &mut Logs) -> Vec<(String, u64, String)> {
        let mut found = Vec::new();
        let each = |logged: Logged<'_>| {
            found.push((logged.passed.message_id.clone(), logged.line, logged.passed.at.rfc3339()));
            Ok(())
        };
        logs.read(0, each).expect("nothing fails");
        found
    }

    #[test]
    fn the_year_is_that_of_the_file_and_changes_with_the_year() {
        let folder = tempfile::tempdir().expect("writable");
        let path = folder.path().join("mail.log");
        let check = |written: &str, expected: &str| {
            touched(&path, LOG.as_bytes(), written);
            let mut logs = Logs::survey(std::slice::from_ref(&path), 0);
            assert_eq!((logs.lines(), logs.errors.len()), (5, 0));
            assert_eq!(read(&mut logs), [("1@x.example".to_owned(), 5, expected.to_owned())], "{written}");
        };
        check("2026-01-01T00:00:01Z", "2025-12-31T23:59:58Z");
        check("2026-11-01T00:00:00Z", "2025-12-31T23:59:58Z");
        check("2025-12-30T00:00:00Z", "2024-12-31T23:59:58Z");
    }

    #[test]
    fn a_message_may_span_two_files_of_any_packing() {
        let folder = tempfile::tempdir().expect("writable");
        let (before, after) = LOG.split_at(LOG.find("Jan").expect("there"));
        let old = folder.path().join("mail.log.1.zst");
        touched(&old, &zstd::encode_all(before.as_bytes(), 0).expect("packs"), "2026-01-01T00:00:00Z");
        let new = folder.path().join("mail.log.gz");
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(after.as_bytes()).expect("packs");
        touched(&new, &packer.finish().expect("packs"), "2026-01-01T00:00:01Z");
        let mut logs = Logs::survey(&[new, old], 0);
        assert_eq!(read(&mut logs), [("1@x.example".to_owned(), 2, "2025-12-31T23:59:58Z".to_owned())]);
    }

    #[test]
    fn the_name_of_a_log_outlives_its_rotation() {
        let folder = tempfile::tempdir().expect("writable");
        let paths = [folder.path().join("mail.log"), folder.path().join("mail.log.1")];
        touched(&paths[0], LOG.as_bytes(), "2026-01-01T00:00:01Z");
        touched(&paths[1], [LOG, LOG].concat().as_bytes(), "2026-01-02T00:00:01Z");
        let name = |path: &PathBuf| Logs::survey(std::slice::from_ref(path), 0).files[0].name.clone();
        assert_eq!(name(&paths[0]), name(&paths[1]));
    }

    #[test]
    fn lines_without_end_and_without_text_are_passed_over() {
        let folder = tempfile::tempdir().expect("writable");
        let path = folder.path().join("mail.log");
        let long = [vec![b'x'; 3 * LINE_BYTES_MAX], b"\n\xff\xfe\n\n".to_vec(), LOG.as_bytes().to_vec()].concat();
        touched(&path, &long, "2026-01-01T00:00:01Z");
        let mut logs = Logs::survey(&[path, folder.path().join("missing")], 0);
        assert_eq!((logs.lines(), logs.errors.len()), (8, 1));
        assert_eq!(read(&mut logs)[0].1, 8);
    }
}

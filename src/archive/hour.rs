//! The files of an hour: their names, and the records in them.

use std::fs::File;
use std::io::{self, BufReader, Read};

use super::record::{HEAD_BYTES, Head};
use crate::mail::Moment;

/// How files of the archive end.
const ENDING: &str = ".kar";

/// The hour of a moment, as files are named by it: `2026-11-25T21`, in UTC.
pub(super) fn hour_of(at: Moment) -> String {
    at.rfc3339().chars().take(13).collect()
}

/// The name of a file of an hour: the first one, or one begun where the end of those before is torn.
pub(super) fn name(hour: &str, part: usize) -> String {
    if part == 0 { format!("{hour}{ENDING}") } else { format!("{hour}.{part}{ENDING}") }
}

/// The hour and part of a file of this name; `None` for other files.
pub(super) fn parts(name: &str) -> Option<(&str, usize)> {
    let stem = name.strip_suffix(ENDING)?;
    let (hour, part) = stem.split_once('.').map_or((stem, Some(0)), |(hour, part)| (hour, part.parse().ok()));
    let is_hour = hour.len() == 13 && hour.bytes().all(|byte| byte.is_ascii_digit() || b"-T".contains(&byte));
    part.filter(|_| is_hour).map(|part| (hour, part))
}

/// The records of a file in their order, each with where it begins, and where the last whole one ends. What follows a
/// torn record is not found: it lies in another file.
pub(super) fn records(file: &File, mut each: impl FnMut(u64, Head)) -> io::Result<u64> {
    let length = file.metadata()?.len();
    let mut reader = BufReader::with_capacity(65_536, file);
    let mut at = 0;
    loop {
        let mut bytes = [0; HEAD_BYTES];
        match reader.read_exact(&mut bytes) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(at),
            read => read?,
        }
        let Some(head) = Head::decode(&bytes).filter(|head| at + head.bytes() as u64 <= length) else { return Ok(at) };
        each(at, head);
        at += head.bytes() as u64;
        reader.seek_relative((head.bytes() - HEAD_BYTES) as i64)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_by_their_hour() {
        let hour = hour_of(Moment(1_700_000_000_123));
        assert_eq!(hour, "2023-11-14T22");
        for part in [0, 1, 17] {
            assert_eq!(parts(&name(&hour, part)), Some((hour.as_str(), part)));
        }
        for other in ["lock", "2023-11-14T22", "2023-11-14T22.x.kar", "a.kar", ".kar"] {
            assert_eq!(parts(other), None, "{other}");
        }
    }
}

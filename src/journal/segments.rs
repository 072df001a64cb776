//! The files of a journal: the one that is written, and those put aside, whose names say when.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use crate::mail::Moment;

/// The file that is written.
pub(super) const CURRENT: &str = "journal.jsonl";

/// The name of a file that is put aside at that moment: `journal-20231114T221320.123Z.jsonl`. Names sort by time.
pub(super) fn segment_name(at: Moment) -> String {
    let compact: String = Moment::from_secs(at.secs()).rfc3339().replace(['-', ':', 'Z'], "");
    format!("journal-{compact}.{:03}Z.jsonl", at.0.rem_euclid(1000))
}

/// Whether the file was put aside.
pub(super) fn is_segment(name: &str) -> bool {
    name.starts_with("journal-") && name.ends_with("Z.jsonl")
}

/// Files put aside in a directory, oldest first. An unknown directory has none.
pub(super) fn segments(directory: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    let listing = match fs::read_dir(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        listing => listing?,
    };
    for file in listing {
        names.extend(file?.file_name().into_string().ok().filter(|name| is_segment(name)));
    }
    names.sort_unstable();
    Ok(names)
}

/// The files of a journal, open for reading: those put aside, oldest first, then the one that is written. A file that is
/// put aside meanwhile may stand there twice.
pub fn files(directory: &Path) -> io::Result<Vec<File>> {
    let open = |name: &str| match File::open(directory.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        file => file.map(Some),
    };
    // Opened before the others are listed: a file that is put aside meanwhile is read here, or stands in the list.
    let current = open(CURRENT)?;
    let mut files = Vec::new();
    for name in segments(directory)? {
        files.extend(open(&name)?);
    }
    files.extend(current);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ms: i64, expected: &str) {
        assert_eq!(segment_name(Moment(ms)), expected);
        assert!(is_segment(expected));
    }

    #[test]
    fn names_tell_the_time_and_sort_by_it() {
        check(1_700_000_000_123, "journal-20231114T221320.123Z.jsonl");
        check(1_700_000_000_000, "journal-20231114T221320.000Z.jsonl");
        check(0, "journal-19700101T000000.000Z.jsonl");
        assert!(segment_name(Moment(1_700_000_000_999)) < segment_name(Moment(1_700_000_001_000)));
        assert!(!is_segment(CURRENT) && !is_segment("journal.lock"));
    }

    #[test]
    fn a_directory_that_is_not_there_has_no_files() {
        assert!(segments(Path::new("/nonexistent/kith")).expect("none").is_empty());
    }
}

//! Finding an entry by its id.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::decision::DecisionId;

use super::Entry;
use super::segments::{CURRENT, segment_name, segments};

/// Finds the entry of a decision; the newest, should there be several. The id's time tells the file: the first that was
/// put aside after it, or one soon after that. The others are looked through last, newest first, in case the clock was
/// set. Lines that cannot be read are passed over.
pub fn find(directory: &Path, id: DecisionId) -> io::Result<Option<Entry>> {
    // Opened before the others are listed: a file that is put aside meanwhile is read here, or stands in the list.
    let current = open(directory, CURRENT)?;
    let mut earlier = segments(directory)?;
    let likely = earlier.split_off(earlier.partition_point(|name| *name < segment_name(id.moment())));
    for name in likely {
        if let Some(entry) = find_in(open(directory, &name)?, id)? {
            return Ok(Some(entry));
        }
    }
    if let Some(entry) = find_in(current, id)? {
        return Ok(Some(entry));
    }
    for name in earlier.into_iter().rev() {
        if let Some(entry) = find_in(open(directory, &name)?, id)? {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

/// Opens a file; `None` where it has expired since it was listed, or was never begun.
fn open(directory: &Path, name: &str) -> io::Result<Option<File>> {
    match File::open(directory.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        file => file.map(Some),
    }
}

fn find_in(file: Option<File>, id: DecisionId) -> io::Result<Option<Entry>> {
    let Some(file) = file else { return Ok(None) };
    let start = format!("{{\"id\":\"{id}\"");
    let mut lines = BufReader::with_capacity(65_536, file);
    let (mut line, mut found) = (Vec::new(), None);
    while lines.read_until(b'\n', &mut line)? > 0 {
        if line.starts_with(start.as_bytes()) {
            found = serde_json::from_slice(&line).ok().or(found);
        }
        line.clear();
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::decision::Verdict;
    use crate::mail::Moment;

    fn id(ms: i64) -> DecisionId {
        DecisionId::new(Moment(ms), 1)
    }

    fn line(ms: i64, bytes: usize) -> String {
        format!("{{\"id\":\"{}\",\"bytes\":{bytes},\"verdict\":\"hold\"}}\n", id(ms))
    }

    /// Files put aside at 1 s and 2 s and the current one.
    fn journal() -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, text: String| fs::write(directory.path().join(name), text).expect("written");
        write(&segment_name(Moment(1_000)), line(500, 1) + "garbled {\n\0\0\n" + &line(700, 1) + &line(700, 2));
        write(&segment_name(Moment(2_000)), line(999, 3) + &line(1_500, 4));
        write(CURRENT, line(2_500, 5) + &line(9_000, 6).replace("}\n", ",\"x\":\n") + "{\"id\":\"torn");
        directory
    }

    fn check(ms: i64, expected: Option<usize>) {
        let found = find(journal().path(), id(ms)).expect("readable");
        assert_eq!(found.as_ref().map(|entry| entry.bytes), expected, "{ms}");
        assert!(found.is_none_or(|entry| entry.verdict == Verdict::Hold));
    }

    #[test]
    fn entries_are_found_in_every_file() {
        check(500, Some(1));
        check(1_500, Some(4));
        check(2_500, Some(5));
        check(3_000, None);
    }

    #[test]
    fn an_entry_written_after_a_rotation_is_found() {
        check(999, Some(3));
    }

    #[test]
    fn the_newest_of_several_counts_and_garbage_is_passed_over() {
        check(700, Some(2));
        check(9_000, None);
    }

    #[test]
    fn a_clock_that_was_set_back_hides_nothing() {
        let directory = journal();
        fs::write(directory.path().join(segment_name(Moment(100))), line(8_000, 7)).expect("written");
        assert_eq!(find(directory.path(), id(8_000)).expect("readable").map(|entry| entry.bytes), Some(7));
    }

    #[test]
    fn an_empty_place_has_no_entries() {
        assert_eq!(find(Path::new("/nonexistent/kith"), id(1)).expect("readable"), None);
    }
}

//! Going through the entries of a journal since a moment.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::mail::Moment;

use super::Entry;
use super::segments::{CURRENT, segment_name, segments};

/// Hands over every entry of a decision made since a moment, in the order in which they were written. `wanted` sees a line
/// before it is read as an entry, which takes longer than to look for a word in it. Lines that cannot be read are passed
/// over.
pub fn each(
    directory: &Path,
    since: Moment,
    wanted: impl Fn(&[u8]) -> bool,
    mut take: impl FnMut(Entry),
) -> io::Result<()> {
    // Opened before the others are listed: a file that is put aside meanwhile is read here, or stands in the list.
    let current = open(directory, CURRENT)?;
    let mut names = segments(directory)?;
    // What was put aside before that moment holds nothing later.
    names.retain(|name| since <= Moment(0) || *name >= segment_name(since));
    let mut files = Vec::new();
    for name in names {
        files.extend(open(directory, &name)?);
    }
    // It was put aside between the two, and stands in the list under its new name.
    let put_aside = match (&current, files.last()) {
        (Some(current), Some(last)) => identity(current)? == identity(last)?,
        _ => false,
    };
    files.extend(current.filter(|_| !put_aside));
    for file in files {
        let (mut lines, mut line) = (BufReader::with_capacity(65_536, file), Vec::new());
        while lines.read_until(b'\n', &mut line)? > 0 {
            if wanted(&line) {
                let entry = serde_json::from_slice(&line).ok();
                entry.into_iter().filter(|entry: &Entry| entry.id.moment() >= since).for_each(&mut take);
            }
            line.clear();
        }
    }
    Ok(())
}

/// What makes a file that one, whatever it is called.
fn identity(file: &File) -> io::Result<(u64, u64)> {
    let metadata = file.metadata()?;
    Ok((metadata.dev(), metadata.ino()))
}

/// Opens a file; `None` where it has expired since it was listed, or was never begun.
fn open(directory: &Path, name: &str) -> io::Result<Option<File>> {
    match File::open(directory.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        file => file.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::decision::DecisionId;

    #[test]
    fn entries_since_a_moment_are_handed_over_in_their_order() {
        let directory = tempfile::tempdir().expect("a directory");
        let line = |ms: i64, action: &str| {
            format!("{{\"id\":\"{}\",\"bytes\":{ms},\"action\":\"{action}\"}}\n", DecisionId::new(Moment(ms), 1))
        };
        let write = |name: &str, text: String| fs::write(directory.path().join(name), text).expect("written");
        write(&segment_name(Moment(1_000)), line(500, "hold") + &line(900, "hold"));
        write(&segment_name(Moment(2_000)), line(1_200, "hold") + "garbled hold {\n" + &line(1_700, "accept"));
        write(CURRENT, line(2_500, "hold") + "{\"id\":\"torn");
        let check = |since: i64, expected: &[usize]| {
            let is_hold = |line: &[u8]| line.windows(4).any(|word| word == b"hold");
            let mut found = Vec::new();
            each(directory.path(), Moment(since), is_hold, |entry| found.push(entry.bytes)).expect("readable");
            assert_eq!(found, expected, "{since}");
        };
        check(i64::MIN, &[500, 900, 1_200, 2_500]);
        check(0, &[500, 900, 1_200, 2_500]);
        check(900, &[900, 1_200, 2_500]);
        check(1_300, &[2_500]);
        check(9_000, &[]);
        each(Path::new("/nonexistent/kith"), Moment(0), |_| true, |_| ()).expect("an empty place has no entries");
    }
}

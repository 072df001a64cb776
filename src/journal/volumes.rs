//! The files of a journal for who reads by place: which there are, the lines of one from a place on, the entry at a place.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::Entry;
use super::segments::{CURRENT, segments};

/// Longest line that is read at a place: as much as an entry may have.
const LINE_BYTES_MAX: u64 = 1_048_576;

/// A file of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// Its name in the journal's folder.
    pub name: String,
    /// Its bytes when it was looked at.
    pub bytes: u64,
    /// By this it is known when it is put aside under another name.
    pub inode: u64,
    /// Whether it is the one that is written.
    pub is_current: bool,
}

/// All files, oldest first. One that is put aside meanwhile may be missing until the next call.
pub fn volumes(directory: &Path) -> io::Result<Vec<Volume>> {
    let mut names = segments(directory)?;
    names.push(CURRENT.to_owned());
    let mut found = Vec::with_capacity(names.len());
    for name in names {
        match fs::metadata(directory.join(&name)) {
            Ok(metadata) => {
                found.push(Volume { is_current: name == CURRENT, bytes: metadata.len(), inode: metadata.ino(), name })
            }
            // It has expired, or none was begun.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Opens a file at a place. Another file that has got its name since is not found.
fn open_at(directory: &Path, volume: &Volume, position: u64) -> io::Result<File> {
    let mut file = File::open(directory.join(&volume.name))?;
    if file.metadata()?.ino() != volume.inode {
        return Err(io::ErrorKind::NotFound.into());
    }
    file.seek(SeekFrom::Start(position))?;
    Ok(file)
}

/// Hands over each whole line from a place on, with its place; where the next one will begin.
pub fn each_line(directory: &Path, volume: &Volume, from: u64, mut take: impl FnMut(u64, &[u8])) -> io::Result<u64> {
    let mut lines = BufReader::with_capacity(65_536, open_at(directory, volume, from)?);
    let (mut line, mut position) = (Vec::new(), from);
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line)?;
        if read == 0 || !line.ends_with(b"\n") {
            return Ok(position);
        }
        take(position, &line[..read - 1]);
        position += read as u64;
    }
}

/// The entry that begins at a place; `None` where none does.
pub fn entry_at(directory: &Path, volume: &Volume, position: u64) -> io::Result<Option<Entry>> {
    let file = open_at(directory, volume, position)?;
    let mut line = Vec::new();
    BufReader::new(file.take(LINE_BYTES_MAX)).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::DecisionId;
    use crate::journal::segments::segment_name;
    use crate::mail::Moment;

    fn line(ms: i64) -> String {
        format!("{{\"id\":\"{}\",\"bytes\":{ms}}}\n", DecisionId::new(Moment(ms), 1))
    }

    fn journal() -> tempfile::TempDir {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |name: &str, text: String| fs::write(directory.path().join(name), text).expect("written");
        write(&segment_name(Moment(1_000)), line(1) + "garbled\n" + &line(2));
        write(CURRENT, line(3) + "{\"id\":\"torn");
        directory
    }

    fn places(directory: &Path, volume: &Volume, from: u64) -> (Vec<u64>, u64) {
        let mut places = Vec::new();
        let next = each_line(directory, volume, from, |position, _| places.push(position)).expect("readable");
        (places, next)
    }

    #[test]
    fn lines_are_found_again_by_their_place() {
        let journal = journal();
        let volumes = volumes(journal.path()).expect("listed");
        assert_eq!(volumes.iter().map(|volume| volume.is_current).collect::<Vec<_>>(), [false, true]);
        let (places, next) = places(journal.path(), &volumes[0], 0);
        assert_eq!((places.len(), next), (3, volumes[0].bytes));
        let bytes = |at: u64| entry_at(journal.path(), &volumes[0], at).expect("readable").map(|entry| entry.bytes);
        assert_eq!([bytes(places[0]), bytes(places[1]), bytes(places[2]), bytes(5)], [Some(1), None, Some(2), None]);
    }

    #[test]
    fn a_line_that_is_not_whole_yet_waits() {
        let journal = journal();
        let current = volumes(journal.path()).expect("listed").remove(1);
        let (first, next) = places(journal.path(), &current, 0);
        assert_eq!((first, next), (vec![0], line(3).len() as u64));
        assert_eq!(places(journal.path(), &current, next), (Vec::new(), next));
    }

    #[test]
    fn another_file_of_the_same_name_is_not_read() {
        let journal = journal();
        let current = volumes(journal.path()).expect("listed").remove(1);
        fs::rename(journal.path().join(CURRENT), journal.path().join(segment_name(Moment(2_000)))).expect("renamed");
        fs::write(journal.path().join(CURRENT), line(4)).expect("written");
        let refused = each_line(journal.path(), &current, 0, |_, _| {}).map_err(|error| error.kind());
        assert_eq!(refused, Err(io::ErrorKind::NotFound));
    }

    #[test]
    fn an_empty_place_has_no_files() {
        assert_eq!(volumes(Path::new("/nonexistent/kith")).expect("none"), []);
    }
}

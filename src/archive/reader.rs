//! Finding a kept message by the id of its decision.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::hour::{hour_of, parts, records};
use super::record::{self, Facts, HEAD_BYTES, Head};
use crate::decision::DecisionId;

/// Hours whose records are remembered: who goes through mail in its order comes back to the last one at most.
const HOURS_MAX: usize = 3;

/// Where a kept message lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What its head says.
    pub head: Head,
    file: String,
    at: u64,
}

/// Reads an archive, whether or not somebody writes to it.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    hours: Vec<(String, HashMap<DecisionId, Place>)>,
}

impl Reader {
    /// A reader of the archive in a folder, whether or not there is one.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned(), hours: Vec::new() }
    }

    /// Where the message of a decision is kept; `None` where it is not. What is written after its hour was first looked
    /// at is not seen.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn find(&mut self, id: DecisionId) -> io::Result<Option<Place>> {
        let hour = hour_of(id.moment());
        if !self.hours.iter().any(|(known, _)| *known == hour) {
            let places = self.places(&hour)?;
            self.hours.truncate(HOURS_MAX - 1);
            self.hours.insert(0, (hour.clone(), places));
        }
        let known = self.hours.iter().find(|(known, _)| *known == hour);
        Ok(known.and_then(|(_, places)| places.get(&id)).cloned())
    }

    fn places(&self, hour: &str) -> io::Result<HashMap<DecisionId, Place>> {
        let mut places = HashMap::new();
        let entries = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(places),
            entries => entries?,
        };
        for entry in entries {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            if parts(&name).is_none_or(|(known, _)| known != hour) {
                continue;
            }
            let Some(file) = self.open(&name)? else { continue };
            records(&file, |at, head| {
                places.insert(head.id, Place { head, file: name.clone(), at });
            })?;
        }
        Ok(places)
    }

    /// Opens a file; `None` where it was removed since it was listed.
    fn open(&self, name: &str) -> io::Result<Option<File>> {
        match File::open(self.path.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            file => file.map(Some),
        }
    }

    /// What was known of a message.
    ///
    /// # Errors
    /// It cannot be read, or is damaged.
    pub fn facts(&self, place: &Place) -> io::Result<Facts> {
        record::facts(&self.part(place, HEAD_BYTES, place.head.facts)?)
    }

    /// A message; `near` is the copy that it differs from, where its head says that it differs from one.
    ///
    /// # Errors
    /// It cannot be read, is damaged, or `near` is not what it was.
    pub fn message(&self, place: &Place, near: Option<&[u8]>) -> io::Result<Vec<u8>> {
        let bytes = self.part(place, HEAD_BYTES + place.head.facts, place.head.message)?;
        record::message(&bytes, near.filter(|_| place.head.differs))
    }

    fn part(&self, place: &Place, from: usize, bytes: usize) -> io::Result<Vec<u8>> {
        let file = File::open(self.path.join(&place.file))?;
        let mut part = vec![0; bytes];
        file.read_exact_at(&mut part, place.at + from as u64)?;
        Ok(part)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::archive::{Archive, Item, Settings};
    use crate::mail::Moment;

    fn keep(path: &Path, ids: &[DecisionId]) {
        let archive = Archive::new(path, &Settings { on: true, days_max: 0, ..Settings::default() });
        for id in ids {
            let (facts, message) = (Facts { at: id.moment(), ..Facts::default() }, id.to_string().into_bytes());
            archive.keep(Item { id: *id, reached: None, facts, message, near: None });
        }
        archive.flush();
        assert_eq!(archive.counts().lost, 0);
    }

    fn ids(hours: std::ops::Range<i64>) -> Vec<DecisionId> {
        let at = |n: i64| Moment(1_700_000_000_000 + n * 1_800_000);
        hours.flat_map(|hour| [2 * hour, 2 * hour + 1]).map(|n| DecisionId::new(at(n), n as u128)).collect()
    }

    fn found(path: &Path, ids: &[DecisionId]) -> usize {
        let mut reader = Reader::new(path);
        let found = ids.iter().filter(|id| {
            let Some(place) = reader.find(**id).expect("readable") else { return false };
            assert_eq!(reader.message(&place, None).expect("whole"), id.to_string().as_bytes());
            assert_eq!(reader.facts(&place).expect("whole").at, id.moment());
            true
        });
        found.count()
    }

    #[test]
    fn messages_of_all_hours_are_found_in_any_order() {
        let folder = tempfile::tempdir().expect("writable");
        let mut ids = ids(0..10);
        keep(folder.path(), &ids);
        assert_eq!(found(folder.path(), &ids), 20);
        ids.reverse();
        assert_eq!(found(folder.path(), &ids), 20);
        assert_eq!(found(&folder.path().join("none"), &ids), 0);
    }

    #[test]
    fn a_torn_end_hides_nothing_else() {
        let folder = tempfile::tempdir().expect("writable");
        let ids = ids(0..1);
        keep(folder.path(), &ids[..1]);
        let name = super::super::hour::name(&hour_of(ids[0].moment()), 0);
        let mut file = fs::OpenOptions::new().append(true).open(folder.path().join(name)).expect("there");
        file.write_all(b"KAR\x01 half a head").expect("room");
        keep(folder.path(), &ids[1..]);
        assert_eq!(found(folder.path(), &ids), 2);
        keep(folder.path(), &[DecisionId::new(ids[0].moment(), 77)]);
        assert_eq!(found(folder.path(), &ids), 2);
    }
}

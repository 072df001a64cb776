//! How far the packing is, and what of it was under way: written before files change, so that it can be taken up again.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::catalog;
use super::disk::Disk;
use super::schema::TABLES;

/// The file of the progress.
const PROGRESS: &str = "progress.json";
const DRAFT: &str = ".progress.draft";

/// How far one file of the journal is packed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Reached {
    /// Bytes that are packed.
    pub(super) bytes: u64,
    /// How the last line of them begins, by which a file that was cut back meanwhile is known.
    pub(super) ending: String,
}

/// Lines that are being packed. Until that is done, files of this number do not count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Packing {
    /// How the file of the journal begins.
    pub(super) source: String,
    /// From which byte.
    pub(super) from: u64,
    /// To which.
    pub(super) to: u64,
}

/// Files that are being replaced by one. Until that is done, only the draft counts, or what it was renamed to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Merging {
    /// What goes.
    pub(super) remove: Vec<String>,
    /// The file that comes instead; it is whole.
    pub(super) draft: String,
    /// Its name.
    pub(super) name: String,
}

/// How far the packing is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    /// The number of the next files.
    pub(super) sequence: u64,
    /// How far each file of the journal is packed, by how it begins, since its name changes.
    pub(super) sources: BTreeMap<String, Reached>,
    /// What is being packed.
    pub(super) packing: Option<Packing>,
    /// What is being merged.
    pub(super) merging: Option<Merging>,
    /// Bytes of the labels that are packed.
    pub(super) label_bytes: u64,
}

impl Progress {
    /// Reads it. Where there is none, the numbers go on after those of the files that are there.
    pub(super) fn load(disk: &Disk) -> io::Result<Self> {
        match fs::read(disk.path(PROGRESS)) {
            Ok(text) => serde_json::from_slice(&text).map_err(|error| {
                let path = disk.path(PROGRESS);
                let help = "remove it, and the journal is packed anew without doubling what is packed already";
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("{} cannot be read: {error}; {help}", path.display()),
                )
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut sequence = 0;
                for table in TABLES {
                    let last = catalog::parts(disk.root(), table)?.into_iter().map(|part| part.sequence).max();
                    sequence = last.map_or(sequence, |last| sequence.max(last));
                }
                Ok(Self { sequence: sequence + 1, ..Self::default() })
            }
            Err(error) => Err(error),
        }
    }

    /// Writes it, durably.
    pub(super) fn save(&self, disk: &Disk) -> io::Result<()> {
        let mut file = disk.create(DRAFT)?;
        serde_json::to_writer(&mut file, self)?;
        file.write_all(b"\n")?;
        disk.sync(&file)?;
        disk.rename(DRAFT, PROGRESS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_comes_back_and_goes_on_without_it() {
        let root = tempfile::tempdir().expect("a directory");
        let disk = Disk::open(root.path()).expect("made");
        assert_eq!(Progress::load(&disk).expect("none yet").sequence, 1);
        let mut progress = Progress { sequence: 5, ..Progress::default() };
        progress.packing = Some(Packing { source: "{".to_owned(), from: 1, to: 2 });
        progress.save(&disk).expect("written");
        assert_eq!(Progress::load(&disk).expect("readable"), progress);
        disk.create("decisions/date=2026-11-25/hour=01/00000041.parquet").expect("made");
        disk.remove(PROGRESS).expect("removed");
        assert_eq!(Progress::load(&disk).expect("none").sequence, 42);
        fs::write(root.path().join(PROGRESS), "{").expect("written");
        assert!(Progress::load(&disk).expect_err("garbled").to_string().contains("remove it"));
    }
}

//! An index of the journal by file and place, so that lists and searches read a few packed bytes of each decision.
//!
//! Each journal file has a sheet: 48 bytes and some 250 bytes of text a decision instead of some 6,000 bytes of JSON. A
//! file that is put aside changes no more: its sheet is made once, in the background, newest file first, and kept below
//! the console's folder. That of the file being written stays in memory and is read on before each search. Memory holds
//! this one and a summary of each other.

mod search;
mod sheet;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::decision::{DecisionId, Verdict};
use crate::journal::{self, Entry, Volume};
use crate::mail::Category;

pub(super) use search::{Cursor, Hit, Page, Wanted};
pub(super) use sheet::{Field, Row, Sheet};

/// What the name of a kept sheet ends with.
const ENDING: &str = ".sheet";

/// What is known of a sheet that lies on disk.
#[derive(Clone, Debug, Default, PartialEq)]
struct Summary {
    /// Bytes of the journal file that it covers.
    covered: u64,
    /// Its first decision, by which cursors know it; `None` where it has none.
    first: Option<DecisionId>,
    rows: usize,
    /// The verdicts and categories that it has, a bit for each.
    verdicts: u32,
    categories: u32,
}

/// The index of one journal.
#[derive(Debug)]
pub(super) struct Index {
    journal: PathBuf,
    folder: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Of the files put aside, by their names: those whose sheet is made.
    aside: BTreeMap<String, Summary>,
    /// Of the file that is written.
    current: Option<(Volume, Arc<Sheet>)>,
    /// All files as they were last seen, oldest first.
    volumes: Vec<Volume>,
}

impl Index {
    /// The index of a journal, whose sheets are kept in a folder, which is made where it is missing.
    pub(super) fn open(journal: &Path, folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { journal: journal.to_owned(), folder: folder.to_owned(), known: Mutex::default() })
    }

    /// Reads what was written since the last call: only the file being written.
    fn refresh(&self) -> io::Result<()> {
        let volumes = journal::volumes(&self.journal)?;
        let mut known = self.known();
        if let Some((volume, sheet)) = known.current.take() {
            match volumes.iter().find(|other| other.inode == volume.inode) {
                Some(same) if same.is_current && same.bytes >= sheet.covered => {
                    known.current = Some((same.clone(), sheet))
                }
                // Put aside: its last lines are read, and it is kept as the others are.
                Some(same) if same.bytes >= sheet.covered => {
                    let sheet = self.read_on(same, sheet)?;
                    let summary = self.keep(&same.name, &sheet)?;
                    known.aside.insert(same.name.clone(), summary);
                }
                // Cut back after an error, or expired.
                _ => {}
            }
        }
        if let Some(volume) = volumes.iter().find(|volume| volume.is_current) {
            let sheet = known.current.take().map(|(_, sheet)| sheet).unwrap_or_default();
            known.current = Some((volume.clone(), self.read_on(volume, sheet)?));
        }
        known.aside.retain(|name, _| volumes.iter().any(|volume| volume.name == *name));
        known.volumes = volumes;
        Ok(())
    }

    fn read_on(&self, volume: &Volume, mut sheet: Arc<Sheet>) -> io::Result<Arc<Sheet>> {
        if volume.bytes > sheet.covered {
            let fresh = Arc::make_mut(&mut sheet);
            let from = fresh.covered;
            fresh.covered = journal::each_line(&self.journal, volume, from, |at, line| fresh.add(at, line))?;
        }
        Ok(sheet)
    }

    /// Makes the sheet of the newest file that has none; whether there was one to make.
    pub(super) fn build_one(&self) -> io::Result<bool> {
        self.refresh()?;
        let volume = {
            let known = self.known();
            let lacks = |volume: &&Volume| !volume.is_current && !known.aside.contains_key(&volume.name);
            known.volumes.iter().rev().find(lacks).cloned()
        };
        let Some(volume) = volume else {
            self.sweep()?;
            return Ok(false);
        };
        let kept = self.load(&volume.name).filter(|sheet| sheet.covered == volume.bytes);
        let summary = match kept {
            Some(sheet) => summary(&sheet),
            None => match self.read_on(&volume, Arc::default()) {
                Ok(sheet) => self.keep(&volume.name, &sheet)?,
                // Expired meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
                Err(error) => return Err(error),
            },
        };
        self.known().aside.insert(volume.name, summary);
        Ok(true)
    }

    /// Writes a sheet in one step. It can be made again, so that a loss of power costs only time.
    fn keep(&self, name: &str, sheet: &Sheet) -> io::Result<Summary> {
        let mut draft = tempfile::Builder::new().prefix(".sheet-").tempfile_in(&self.folder)?;
        draft.write_all(&sheet.pack())?;
        draft.persist(self.folder.join(format!("{name}{ENDING}"))).map_err(|error| error.error)?;
        Ok(summary(sheet))
    }

    fn load(&self, name: &str) -> Option<Sheet> {
        Sheet::unpack(fs::read(self.folder.join(format!("{name}{ENDING}"))).ok()?)
    }

    /// Removes the sheets of files that have expired.
    fn sweep(&self) -> io::Result<()> {
        for file in fs::read_dir(&self.folder)? {
            let file = file?;
            let name = file.file_name().to_string_lossy().into_owned();
            let is_kept = name.strip_suffix(ENDING).is_some_and(|name| self.known().aside.contains_key(name));
            match if is_kept { Ok(()) } else { fs::remove_file(file.path()) } {
                // It was a draft, and has got its name meanwhile.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                removed => removed?,
            }
        }
        Ok(())
    }

    /// The entry of a decision, read at its place; by a search through the journal where the index does not know it.
    pub(super) fn entry(&self, id: DecisionId) -> io::Result<Option<Entry>> {
        self.refresh()?;
        for (volume, sheet) in self.likely(id) {
            let Some(row) = sheet.find(id).and_then(|number| sheet.row(number)) else { continue };
            match journal::entry_at(&self.journal, &volume, row.position) {
                Ok(Some(entry)) if entry.id == id => return Ok(Some(entry)),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        journal::find(&self.journal, id)
    }

    /// The sheets in which a decision stands if its clock was right: that of the last file that began before it, and of
    /// the ones beside, since entries are written a little out of order.
    fn likely(&self, id: DecisionId) -> Vec<(Volume, Arc<Sheet>)> {
        let (volumes, current) = {
            let known = self.known();
            let began = |volume: &&Volume| {
                known.aside.get(&volume.name).and_then(|summary| summary.first).is_some_and(|first| first <= id)
            };
            let last = known.volumes.iter().rposition(|volume| began(&volume)).unwrap_or(0);
            let beside = known.volumes.iter().skip(last.saturating_sub(1)).take(3).cloned().collect::<Vec<_>>();
            (beside, known.current.clone())
        };
        let mut sheets: Vec<_> = current.into_iter().collect();
        for volume in volumes.into_iter().filter(|volume| !volume.is_current) {
            sheets.extend(self.load(&volume.name).map(|sheet| (volume, Arc::new(sheet))));
        }
        sheets
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // What a panic left is whole: each file is put in at once.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn summary(sheet: &Sheet) -> Summary {
    let mut summary = Summary {
        covered: sheet.covered,
        first: sheet.row(0).map(|row| row.id),
        rows: sheet.len(),
        ..Summary::default()
    };
    for (verdict, category) in (0..sheet.len()).filter_map(|number| sheet.outcome(number)) {
        summary.verdicts |= verdict_bit(verdict);
        summary.categories |= category_bit(category);
    }
    summary
}

fn verdict_bit(verdict: Verdict) -> u32 {
    1 << verdict as u32
}

/// The lowest bit is for no category.
fn category_bit(category: Option<Category>) -> u32 {
    category.map_or(1, |category| 2 << category as u32)
}

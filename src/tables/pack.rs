//! The packing: lines of the journal into files of the tables, each decision once, whatever happens in between.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use super::cells::{Cell, Cells};
use super::disk::Disk;
use super::file::{Reader, Writer};
use super::line::Line;
use super::partition::{Partition, draft_name, file_name};
use super::progress::{Packing, Progress};
use super::schema::{self, Column, TABLES};
use super::source::Source;
use super::{FOLDER, Settings, catalog, labels, merge};
use crate::journal;
use crate::mail::Moment;

/// Bytes of lines that become files together: some 2,000 decisions, so that packing takes less memory than the mail does.
const BATCH_BYTES_MAX: usize = 33_554_432;
/// Lines after which the packing pauses, if it is to.
const PAUSE_LINES: usize = 100;
/// Held by the process that packs.
const PACK_LOCK: &str = "pack.lock";
/// Held by those who read, and by who renames or removes files.
pub(super) const READ_LOCK: &str = "read.lock";
/// The one file of the labels.
pub(super) const LABELS_FILE: &str = "labels/labels.parquet";

/// Why the journal could not be packed.
#[derive(Debug)]
pub enum PackError {
    /// Another process packs.
    Busy,
    /// A file cannot be read or written.
    Io(io::Error),
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy => f.write_str("another process packs the journal right now"),
            Self::Io(error) => write!(f, "the journal cannot be packed into tables: {error}"),
        }
    }
}

impl std::error::Error for PackError {}

impl From<io::Error> for PackError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// What a packing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// Decisions that are in the tables now.
    pub decisions: u64,
    /// Lines that hold none that can be read.
    pub unread: u64,
    /// Decisions that were there already.
    pub known: u64,
    /// Files that were merged into others.
    pub merged: u64,
    /// Days that were too old to be kept.
    pub dropped: u64,
}

/// Packs what the journal of a state directory has gained since the last time into its tables, merges small files and
/// drops old days. `pause` is called every hundred lines: who shares the machine with mail sleeps there.
pub fn pack(state: &Path, settings: &Settings, now: Moment, pause: &mut dyn FnMut()) -> Result<Packed, PackError> {
    let disk = Disk::open(&state.join(FOLDER))?;
    pack_on(&disk, state, settings, now, pause)
}

pub(super) fn pack_on(
    disk: &Disk,
    state: &Path,
    settings: &Settings,
    now: Moment,
    pause: &mut dyn FnMut(),
) -> Result<Packed, PackError> {
    let lock = open_lock(disk.root(), PACK_LOCK)?;
    lock.try_lock().map_err(|refused| match refused {
        TryLockError::WouldBlock => PackError::Busy,
        TryLockError::Error(error) => PackError::Io(error),
    })?;
    let readers = open_lock(disk.root(), READ_LOCK)?;
    let progress = Progress::load(disk)?;
    let mut packer = Packer { disk, readers, progress, packed: Packed::default(), pause };
    merge::resume(packer.disk, &packer.readers, &mut packer.progress)?;
    for table in TABLES {
        // What was being written when a packing ended early is written again.
        catalog::drafts(disk.root(), table)?.iter().try_for_each(|draft| disk.remove(draft))?;
    }
    packer.take_up(&state.join(journal::FOLDER))?;
    packer.labels(state)?;
    packer.packed.merged = merge::merge(disk, &packer.readers, &mut packer.progress, now, packer.pause)?;
    packer.packed.dropped = merge::drop_old(disk, &packer.readers, settings.days_max, now)?;
    Ok(packer.packed)
}

pub(super) fn open_lock(root: &Path, name: &str) -> io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(root.join(name))
}

/// Rows of one table on their way into a file.
struct Sheet {
    columns: Vec<Column>,
    cells: Vec<Cells>,
}

impl Sheet {
    fn new(table: &str) -> Self {
        let columns = schema::columns(table);
        Self { cells: columns.iter().map(|column| Cells::new(column.kind)).collect(), columns }
    }

    /// Puts cells where they belong, row after row.
    fn fill(&mut self, give: impl FnOnce(&mut dyn FnMut(Cell<'_>))) {
        let mut at = 0;
        let width = self.cells.len();
        give(&mut |cell| {
            self.cells[at].push(cell);
            at = (at + 1) % width;
        });
    }

    fn rows(&self) -> usize {
        self.cells.first().map_or(0, Cells::len)
    }

    /// Writes a draft of the file, durably.
    fn write(&self, disk: &Disk, name: &str) -> io::Result<()> {
        let mut writer = Writer::begin(disk.create(name)?, &self.columns, &self.cells)?;
        writer.add(&self.cells)?;
        disk.sync(&writer.end()?)
    }
}

/// The sheets of one hour, in the order of [`TABLES`].
type Sheets = BTreeMap<&'static str, Sheet>;

struct Packer<'p> {
    disk: &'p Disk,
    readers: File,
    progress: Progress,
    packed: Packed,
    pause: &'p mut dyn FnMut(),
}

impl Packer<'_> {
    /// Packs what every file of the journal has gained; first what was under way when a packing ended early.
    fn take_up(&mut self, folder: &Path) -> Result<(), PackError> {
        let sources = Source::all(folder)?;
        if let Some(packing) = self.progress.packing.clone() {
            match sources.iter().find(|source| source.beginning == packing.source) {
                Some(source) => self.batch(source, packing.from, Some(packing.to)).map(drop)?,
                None => {
                    log::warn!("tables: a file of the journal is gone whose packing was interrupted");
                    self.progress.packing = None;
                    self.progress.sequence += 1;
                    self.progress.save(self.disk)?;
                }
            }
        }
        for source in &sources {
            let mut from = source.resume(self.progress.sources.get(&source.beginning))?;
            while let Some(to) = self.batch(source, from, None)? {
                from = to;
            }
        }
        // Files of the journal that are gone need not be known any more.
        self.progress.sources.retain(|beginning, _| sources.iter().any(|source| source.beginning == *beginning));
        Ok(())
    }

    /// Packs lines from a byte on; where they end, or `None` when there are none.
    fn batch(&mut self, source: &Source, from: u64, to: Option<u64>) -> Result<Option<u64>, PackError> {
        let text = source.lines(from, to, BATCH_BYTES_MAX)?;
        if text.is_empty() {
            return Ok(None);
        }
        let to = from + text.len() as u64;
        self.progress.packing = Some(Packing { source: source.beginning.clone(), from, to });
        self.progress.save(self.disk)?;
        let hours = self.read(&text)?;
        let mut names = Vec::new();
        for (partition, sheets) in &hours {
            // Decisions come last: who finds one finds all its parts.
            for table in TABLES.iter().rev() {
                let Some(sheet) = sheets.get(table).filter(|sheet| sheet.rows() > 0) else { continue };
                let draft = draft_name(table, partition, self.progress.sequence);
                sheet.write(self.disk, &draft)?;
                names.push((draft, file_name(table, partition, self.progress.sequence)));
                (self.pause)();
            }
        }
        self.readers.lock()?;
        let renamed = names.iter().try_for_each(|(draft, name)| self.disk.rename(draft, name));
        let saved = renamed.and_then(|()| {
            self.progress.packing = None;
            self.progress.sequence += 1;
            self.progress.sources.insert(source.beginning.clone(), source.reached(to)?);
            self.progress.save(self.disk)
        });
        self.readers.unlock()?;
        saved?;
        Ok(Some(to))
    }

    /// Reads lines into sheets by hour, without those that the tables hold already.
    fn read(&mut self, text: &[u8]) -> Result<BTreeMap<Partition, Sheets>, PackError> {
        let mut known = Known::default();
        let mut hours: BTreeMap<Partition, Sheets> = BTreeMap::new();
        for (number, text) in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).enumerate() {
            if number % PAUSE_LINES == PAUSE_LINES - 1 {
                (self.pause)();
            }
            let Some(line) = Line::read(text) else {
                self.packed.unread += 1;
                continue;
            };
            let partition = Partition::of(line.moment());
            if !known.is_new(self.disk, &partition, self.progress.sequence, &line.id)? {
                self.packed.known += 1;
                continue;
            }
            let sheets = hours.entry(partition).or_insert_with(|| {
                TABLES.iter().filter(|table| **table != "labels").map(|table| (*table, Sheet::new(table))).collect()
            });
            for (table, sheet) in sheets {
                sheet.fill(|put| schema::rows(table, &line, put));
            }
            self.packed.decisions += 1;
        }
        Ok(hours)
    }

    /// Writes the table of labels anew where there are more than it has.
    fn labels(&mut self, state: &Path) -> Result<(), PackError> {
        let (labels, bytes) = labels::read(state)?;
        if bytes == self.progress.label_bytes {
            return Ok(());
        }
        let mut sheet = Sheet::new("labels");
        for label in &labels {
            sheet.fill(|put| schema::label_row(label, put));
        }
        let draft = "labels/.labels.draft";
        sheet.write(self.disk, draft)?;
        self.disk.rename(draft, LABELS_FILE)?;
        self.progress.label_bytes = bytes;
        self.progress.save(self.disk)?;
        Ok(())
    }
}

/// The ids that the tables hold, as far as they could be among those that come.
#[derive(Default)]
struct Known {
    /// The files of each day that were looked at: their ids, once they are needed.
    days: BTreeMap<String, Vec<Group>>,
    /// Those of this packing.
    new: HashSet<String>,
}

/// A group of rows in a file of decisions.
struct Group {
    name: String,
    number: usize,
    bounds: Option<(String, String)>,
    ids: Option<HashSet<String>>,
}

impl Known {
    /// Whether a decision is not in the tables yet. Files of `sequence` do not count: they are being written.
    fn is_new(&mut self, disk: &Disk, partition: &Partition, sequence: u64, id: &str) -> io::Result<bool> {
        if !self.days.contains_key(&partition.date) {
            let mut groups = Vec::new();
            for part in catalog::parts(disk.root(), "decisions")? {
                let is_of_day = part.partition.as_ref().is_some_and(|other| other.date == partition.date);
                if !is_of_day || part.sequence == sequence {
                    continue;
                }
                let reader = Reader::open(&disk.path(&part.name))?;
                groups.extend((0..reader.groups()).map(|number| Group {
                    name: part.name.clone(),
                    number,
                    bounds: reader.bounds(number, "id"),
                    ids: None,
                }));
            }
            self.days.insert(partition.date.clone(), groups);
        }
        for group in self.days.get_mut(&partition.date).into_iter().flatten() {
            let may_hold = |(least, most): &(String, String)| (least.as_str()..=most.as_str()).contains(&id);
            if group.bounds.as_ref().is_none_or(may_hold) && group.holds(disk, id)? {
                return Ok(false);
            }
        }
        Ok(self.new.insert(id.to_owned()))
    }
}

impl Group {
    fn holds(&mut self, disk: &Disk, id: &str) -> io::Result<bool> {
        let ids = match &mut self.ids {
            Some(ids) => ids,
            None => {
                let columns = &schema::columns("decisions")[..1];
                let cells = Reader::open(&disk.path(&self.name))?.read(self.number, columns)?.pop();
                let Some(Cells::Text(ids)) = cells else { return Ok(false) };
                self.ids.insert(ids.into_iter().flatten().collect())
            }
        };
        Ok(ids.contains(id))
    }
}

//! Reading tables: which files hold the days that are asked for, and the columns of them, whatever their age.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::cells::Cells;
use super::disk::Disk;
use super::file::Reader;
use super::merge::union;
use super::pack::{LABELS_FILE, READ_LOCK, open_lock};
use super::partition::Part;
use super::progress::Progress;
use super::schema::{self, Column};
use super::{FOLDER, Kind, catalog};

/// The days that are asked for, both included, as `2026-11-25` in UTC. Labels are always read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// The first day; `None` from the beginning.
    pub since: Option<String>,
    /// The last day; `None` to the end.
    pub until: Option<String>,
}

impl Period {
    /// Whether a day, as `2026-11-25`, lies in it.
    pub fn holds(&self, date: &str) -> bool {
        self.since.as_deref().is_none_or(|since| since <= date)
            && self.until.as_deref().is_none_or(|until| date <= until)
    }
}

/// Some rows of a table.
pub struct Rows {
    /// The day of their partition; empty for a table without.
    pub date: String,
    /// The hour of it, or `all` where the file holds the whole day.
    pub hour: String,
    /// The values of the columns asked for.
    pub cells: Vec<Cells>,
    /// How many rows these are.
    pub count: usize,
}

/// The tables of a state directory, which change nothing while this is there.
pub struct Tables {
    root: PathBuf,
    progress: Progress,
    /// Held so that no file is renamed or removed meanwhile.
    _lock: File,
}

impl Tables {
    /// Opens the tables of a state directory.
    pub fn open(state: &Path) -> io::Result<Self> {
        let disk = Disk::open(&state.join(FOLDER))?;
        let lock = open_lock(disk.root(), READ_LOCK)?;
        lock.lock_shared()?;
        Ok(Self { progress: Progress::load(&disk)?, root: disk.root().to_owned(), _lock: lock })
    }

    /// The columns of a table: those written now, and those that only older files have.
    pub fn columns(&self, table: &str, period: &Period) -> io::Result<Vec<Column>> {
        let parts = self.parts(table, period)?;
        let readers =
            parts.iter().map(|part| Reader::open(&self.root.join(&part.name))).collect::<io::Result<Vec<_>>>()?;
        let mut columns = union(schema::columns(table), &readers);
        if table != "labels" {
            for name in ["date", "hour"] {
                columns.push(Column { name: name.into(), kind: Kind::Text });
            }
        }
        Ok(columns)
    }

    /// Gives the rows of a table in a period, group by group, with the columns asked for (not `date` and `hour`, which come
    /// with each group); until `take` says `false`.
    pub fn scan(
        &self,
        table: &str,
        columns: &[Column],
        period: &Period,
        take: &mut dyn FnMut(Rows) -> bool,
    ) -> io::Result<()> {
        for part in self.parts(table, period)? {
            let reader = Reader::open(&self.root.join(&part.name))?;
            let (date, hour) = part.partition.map(|partition| (partition.date, partition.hour)).unwrap_or_default();
            for group in 0..reader.groups() {
                let cells = reader.read(group, columns)?;
                let rows = Rows { date: date.clone(), hour: hour.clone(), cells, count: reader.rows(group) };
                if !take(rows) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The files of a table that count, in a period.
    fn parts(&self, table: &str, period: &Period) -> io::Result<Vec<Part>> {
        if table == "labels" {
            let is_there = self.root.join(LABELS_FILE).exists();
            let part = Part { partition: None, name: LABELS_FILE.to_owned(), sequence: 0 };
            return Ok(is_there.then_some(part).into_iter().collect());
        }
        let mut parts = catalog::parts(&self.root, table)?;
        // What was under way when a packing ended early does not count.
        if self.progress.packing.is_some() {
            parts.retain(|part| part.sequence != self.progress.sequence);
        }
        if let Some(merging) = &self.progress.merging {
            let draft_stands = self.root.join(&merging.draft).exists();
            let of_table = merging.name.starts_with(&format!("{table}/"));
            if of_table && draft_stands {
                let replaced = parts.iter().find(|part| merging.remove.contains(&part.name)).cloned();
                let date = merging.name.split('/').find_map(|step| step.strip_prefix("date="));
                let partition = replaced.and_then(|part| part.partition).or_else(|| {
                    date.map(|date| super::partition::Partition { date: date.to_owned(), hour: String::new() })
                });
                parts.push(Part { partition, name: merging.draft.clone(), sequence: self.progress.sequence });
            }
            parts.retain(|part| !merging.remove.contains(&part.name));
        }
        parts.retain(|part| part.partition.as_ref().is_none_or(|partition| period.holds(&partition.date)));
        Ok(parts)
    }
}

//! Many small files become one: those of an hour that is over, and those of a day that is; old days are dropped.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;

use super::catalog;
use super::cells::Cells;
use super::disk::Disk;
use super::file::{Reader, Writer};
use super::partition::{Part, Partition, draft_name, file_name};
use super::progress::{Merging, Progress};
use super::schema::{self, Column, TABLES};
use crate::mail::Moment;

/// Rows of a day up to which it becomes one file; the hours of busier days stay apart, which keeps reading some hours cheap.
const DAY_ROWS_MAX: usize = 200_000;
/// Rows of a group: few enough to hold hundreds of columns of them in memory (30 MB), enough for good compression.
const GROUP_ROWS: usize = 8_192;
/// An hour or a day is over for so long before its files are merged, so that late lines come before.
const SETTLED_MS: i64 = 600_000;

/// Ends a merging that was interrupted after its draft was whole.
pub(super) fn resume(disk: &Disk, readers: &File, progress: &mut Progress) -> io::Result<()> {
    if progress.merging.is_none() {
        return Ok(());
    }
    readers.lock()?;
    let swapped = swap(disk, progress);
    readers.unlock()?;
    swapped
}

/// Puts the draft of a merging in the place of the files that went into it.
fn swap(disk: &Disk, progress: &mut Progress) -> io::Result<()> {
    let Some(merging) = &progress.merging else { return Ok(()) };
    for name in &merging.remove {
        disk.remove(name)?;
    }
    if disk.path(&merging.draft).exists() {
        disk.rename(&merging.draft, &merging.name)?;
    }
    for name in &merging.remove {
        if let Some((folder, _)) = name.rsplit_once('/') {
            disk.prune(folder);
        }
    }
    progress.merging = None;
    progress.save(disk)
}

/// Merges the files of every hour and day that are over; how many files went into others. Where somebody reads, it is left
/// to the next time.
pub(super) fn merge(
    disk: &Disk,
    readers: &File,
    progress: &mut Progress,
    now: Moment,
    pause: &mut dyn FnMut(),
) -> io::Result<u64> {
    let present = Partition::of(Moment(now.0 - SETTLED_MS));
    let mut merged = 0;
    for table in TABLES {
        let mut days: BTreeMap<String, Vec<Part>> = BTreeMap::new();
        for part in catalog::parts(disk.root(), table)? {
            if let Some(partition) = &part.partition {
                days.entry(partition.date.clone()).or_default().push(part);
            }
        }
        for (date, parts) in days {
            for (target, parts) in jobs(disk, &date, parts, &present)? {
                match readers.try_lock() {
                    Ok(()) => readers.unlock()?,
                    Err(TryLockError::WouldBlock) => return Ok(merged),
                    Err(TryLockError::Error(error)) => return Err(error),
                }
                one(disk, readers, progress, table, &target, &parts, pause)?;
                merged += parts.len() as u64;
            }
        }
    }
    Ok(merged)
}

/// What is to be merged of the files of a day, and where to.
fn jobs(disk: &Disk, date: &str, parts: Vec<Part>, present: &Partition) -> io::Result<Vec<(Partition, Vec<Part>)>> {
    if parts.len() < 2 || date > present.date.as_str() {
        return Ok(Vec::new());
    }
    if date < present.date.as_str() {
        let mut rows = 0;
        for part in &parts {
            let reader = Reader::open(&disk.path(&part.name))?;
            rows += (0..reader.groups()).map(|group| reader.rows(group)).sum::<usize>();
        }
        if rows <= DAY_ROWS_MAX {
            let target = Partition::whole_day(date);
            return Ok(vec![(target, parts)]);
        }
    }
    let mut hours: BTreeMap<Partition, Vec<Part>> = BTreeMap::new();
    for part in parts {
        if let Some(partition) = part.partition.clone().filter(|partition| partition < present) {
            hours.entry(partition).or_default().push(part);
        }
    }
    Ok(hours.into_iter().filter(|(_, parts)| parts.len() > 1).collect())
}

/// Merges files into one.
fn one(
    disk: &Disk,
    readers: &File,
    progress: &mut Progress,
    table: &str,
    target: &Partition,
    parts: &[Part],
    pause: &mut dyn FnMut(),
) -> io::Result<()> {
    let sources = parts.iter().map(|part| Reader::open(&disk.path(&part.name))).collect::<io::Result<Vec<_>>>()?;
    let columns = union(schema::columns(table), &sources);
    let draft = draft_name(table, target, progress.sequence);
    let mut writer = None;
    let mut waiting: Vec<Cells> = columns.iter().map(|column| Cells::new(column.kind)).collect();
    for source in &sources {
        for group in 0..source.groups() {
            pause();
            for (waiting, more) in waiting.iter_mut().zip(source.read(group, &columns)?) {
                waiting.append(more);
            }
            if waiting[0].len() >= GROUP_ROWS {
                add(&mut writer, disk, &draft, &columns, &waiting)?;
                waiting = columns.iter().map(|column| Cells::new(column.kind)).collect();
            }
        }
    }
    if writer.is_none() || !waiting[0].is_empty() {
        add(&mut writer, disk, &draft, &columns, &waiting)?;
    }
    writer.map_or(Ok(()), |writer| disk.sync(&writer.end()?))?;
    let name = file_name(table, target, progress.sequence);
    let remove = parts.iter().map(|part| part.name.clone()).collect();
    progress.sequence += 1;
    progress.merging = Some(Merging { remove, draft, name });
    readers.lock()?;
    let swapped = progress.save(disk).and_then(|()| swap(disk, progress));
    readers.unlock()?;
    swapped
}

/// Adds a group of rows to a draft, which is begun with the first.
fn add(writer: &mut Option<Writer>, disk: &Disk, draft: &str, columns: &[Column], cells: &[Cells]) -> io::Result<()> {
    let begun = match writer {
        Some(writer) => writer,
        None => writer.insert(Writer::begin(disk.create(draft)?, columns, cells)?),
    };
    begun.add(cells)
}

/// The columns that are written now, and those that only older files have.
pub(super) fn union(mut columns: Vec<Column>, sources: &[Reader]) -> Vec<Column> {
    for source in sources {
        for column in source.columns() {
            if columns.iter().all(|known| known.name != column.name) {
                columns.push(column);
            }
        }
    }
    columns
}

/// Removes the days that are older than so many; how many that were.
pub(super) fn drop_old(disk: &Disk, readers: &File, days_max: u64, now: Moment) -> io::Result<u64> {
    let Some(kept_ms) = i64::try_from(days_max).ok().filter(|days| *days > 0).and_then(|d| d.checked_mul(86_400_000))
    else {
        return Ok(0);
    };
    let oldest = Partition::of(Moment(now.0.saturating_sub(kept_ms))).date;
    let mut dropped = std::collections::BTreeSet::new();
    let mut names = Vec::new();
    for table in TABLES {
        for part in catalog::parts(disk.root(), table)? {
            if let Some(partition) = part.partition.filter(|partition| partition.date < oldest) {
                dropped.insert(partition.date);
                names.push(part.name);
            }
        }
    }
    if names.is_empty() {
        return Ok(0);
    }
    readers.lock()?;
    let removed = names.iter().try_for_each(|name| disk.remove(name));
    readers.unlock()?;
    removed?;
    for folder in names.iter().filter_map(|name| name.rsplit_once('/')).map(|(folder, _)| folder) {
        disk.prune(folder);
        if let Some((above, _)) = folder.rsplit_once('/') {
            disk.prune(above);
        }
    }
    Ok(dropped.len() as u64)
}

//! The records on disk: the door to the store engine, a log-structured merge tree.

use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use fjall::CompressionType;
use fjall::compaction::Leveled;
use fjall::config::{CompressionPolicy, PartitioningPolicy};
use fjall::{Database, Error, Keyspace, KeyspaceCreateOptions, LsmError, PersistMode};

use super::key::{Key, Kind, PLACE_MARK, fact_key, from_disk, is_placed, to_disk};
use super::overlay::Bytes;
use super::settings::Settings;

/// The table of profiles; all kinds of records share it.
const TABLE: &str = "records";
/// The table of facts, apart since they are written in order and hardly read: merging them with the others would cost.
const FACTS: &str = "facts";
/// Size of a table file. A quarter of the engine's own choice: merging then takes 20 MiB less memory and a fifth less
/// processor time (measured at 400,000 relationships).
const TABLE_BYTES: u64 = 16 * 1024 * 1024;
/// Smallest write-ahead log and memory for writing that the engine takes.
const LOG_BYTES_MIN: u64 = 64 * 1024 * 1024;
const WRITE_BUFFER_BYTES_MIN: u64 = 1024 * 1024;

/// Why the engine would not open a folder, as far as it matters what to do next.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A group of the write-ahead log does not fit its checksum.
    Torn(String),
    /// The files do not make a store.
    Corrupt(String),
    /// Another process has it.
    Locked,
    /// The system refused: rights, room, the disk itself.
    System(String),
}

/// What is done with each fact, by its number and bytes.
pub(super) type EachFact<'a> = &'a mut dyn FnMut(u64, &[u8]) -> Result<(), String>;

/// What is done with each record, by its key and bytes.
pub(super) type EachRecord<'a> = &'a mut dyn FnMut(&Key, &[u8]) -> Result<(), String>;

pub(super) struct Store {
    database: Database,
    records: Keyspace,
    facts: Keyspace,
}

impl Store {
    /// Opens a folder; makes the store where there is none. The engine asserts some of what it finds in the files, so
    /// a panic is taken for a corrupt store.
    pub fn open(dir: &Path, settings: &Settings) -> Result<Self, Trouble> {
        let open = || {
            let database = Database::builder(dir)
                .cache_size(settings.cache_bytes_max)
                .worker_threads(settings.compaction_threads.max(1))
                .max_journaling_size(settings.log_bytes_max.max(LOG_BYTES_MIN))
                .open()?;
            let write_buffer = settings.write_buffer_bytes_max.max(WRITE_BUFFER_BYTES_MIN);
            let options = |compression| {
                let tables = Leveled::default().with_table_target_size(TABLE_BYTES);
                KeyspaceCreateOptions::default()
                    .max_memtable_size(write_buffer)
                    .compaction_strategy(Arc::new(tables))
                    // Whole, the filter and the index of one file take 250 KiB, which were read and checked anew for
                    // each record as soon as those of all files did not fit into the cache. In parts of 4 KiB, only a
                    // part is.
                    .filter_block_partitioning_policy(PartitioningPolicy::new([false, true]))
                    .index_block_partitioning_policy(PartitioningPolicy::new([false, true]))
                    .data_block_compression_policy(CompressionPolicy::all(compression))
            };
            // Profiles are dense: compressing them saved 3 % of the disk. Facts are text, written once and hardly read.
            let records = database.keyspace(TABLE, || options(CompressionType::None))?;
            let facts = database.keyspace(FACTS, || options(CompressionType::Lz4))?;
            Ok(Self { database, records, facts })
        };
        match catch_unwind(AssertUnwindSafe(open)) {
            Ok(opened) => opened.map_err(trouble),
            Err(_) => Err(Trouble::Corrupt("the store's files contradict each other".to_owned())),
        }
    }

    pub fn get(&self, key: &Key) -> Result<Option<Bytes>, String> {
        match self.table(key).get(to_disk(*key)) {
            Ok(value) => Ok(value.map(|v| Bytes::from(&*v))),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Writes a group, of which an empty value removes: all of it or none, and on disk when this returns. After an error the store takes no more writes
    /// until it is opened again.
    pub fn write<'a>(&self, group: impl Iterator<Item = (&'a Key, &'a Bytes)>) -> Result<(), String> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncData));
        for (key, value) in group {
            if value.is_empty() {
                batch.remove(self.table(key), to_disk(*key));
            } else {
                batch.insert(self.table(key), to_disk(*key), &**value);
            }
        }
        batch.commit().map_err(|error| error.to_string())
    }

    /// Each record of a kind in the order of their keys on disk, until `each` says stop. A kind whose records have a
    /// place is picked out of all that have one.
    pub fn each_record(&self, kind: Kind, each: EachRecord<'_>) -> Result<(), String> {
        let entries = match is_placed(kind as u8) {
            true => self.records.range([PLACE_MARK]..),
            false => self.records.prefix([kind as u8]),
        };
        for entry in entries {
            let (key, value) = entry.into_inner().map_err(|error| error.to_string())?;
            let key = from_disk((*key).try_into().map_err(|_| "a record has a damaged key")?);
            if key[0] == kind as u8 {
                each(&key, &value)?;
            }
        }
        Ok(())
    }

    /// The keys of records after this one on disk, at most so many.
    pub fn records_after(&self, key: &Key, max: usize) -> Result<Vec<Key>, String> {
        let after = (Bound::Excluded(to_disk(*key)), Bound::Unbounded);
        let keys = self.records.range(after).take(max).map(|entry| {
            let key = entry.key().map_err(|error| error.to_string())?;
            Ok(from_disk((*key).try_into().map_err(|_| "a record has a damaged key".to_owned())?))
        });
        keys.collect()
    }

    /// Facts from this number on, at most so many.
    pub fn facts_from(&self, number: u64, max: usize) -> Result<Vec<(u64, Bytes)>, String> {
        let facts = self.facts.range(fact_key(number)..).take(max).map(|entry| {
            let (key, value) = entry.into_inner().map_err(|error| error.to_string())?;
            let number = key.get(1..9).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
            Ok((number.ok_or("a fact has a damaged key")?, Bytes::from(&*value)))
        });
        facts.collect()
    }

    fn table(&self, key: &Key) -> &Keyspace {
        if key[0] == Kind::Fact as u8 { &self.facts } else { &self.records }
    }

    /// Each fact in the order of its number, until `each` says stop.
    pub fn each_fact(&self, each: EachFact<'_>) -> Result<(), String> {
        for entry in self.facts.iter() {
            let (key, value) = entry.into_inner().map_err(|error| error.to_string())?;
            let number = key.get(1..9).and_then(|bytes| bytes.try_into().ok()).map(u64::from_be_bytes);
            each(number.ok_or("a fact has a damaged key")?, &value)?;
        }
        Ok(())
    }
}

fn trouble(error: Error) -> Trouble {
    let why = error.to_string();
    match error {
        Error::JournalRecovery(_) => Trouble::Torn(why),
        Error::Locked => Trouble::Locked,
        Error::Io(io) | Error::Storage(LsmError::Io(io)) => by_kind(&io, why),
        Error::Poisoned => Trouble::System(why),
        _ => Trouble::Corrupt(why),
    }
}

/// What the system's error says about the files: those that end too soon, are missing, or hold
/// nonsense (such as an offset before the beginning) are corrupt.
fn by_kind(error: &std::io::Error, why: String) -> Trouble {
    use std::io::ErrorKind::{AlreadyExists, InvalidData, InvalidInput, NotFound, UnexpectedEof};
    match error.kind() {
        UnexpectedEof | InvalidData | InvalidInput | NotFound | AlreadyExists => Trouble::Corrupt(why),
        _ => Trouble::System(why),
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::Keyring;
    use super::*;

    /// Records enough that a table has its filter and its index in many parts.
    const RECORDS: u32 = 40_000;

    #[test]
    fn every_record_is_found_again_in_parts_of_tables() {
        let folder = tempfile::tempdir().expect("writable");
        let settings = Settings { write_buffer_bytes_max: WRITE_BUFFER_BYTES_MIN, ..Settings::default() };
        let keyring = Keyring::new([7; 16]);
        let key = |n: u32| {
            let kind = if n.is_multiple_of(2) { Kind::Pair } else { Kind::Name };
            keyring.key(kind, &[&(n / 4).to_string(), &n.to_string()])
        };
        let value = |n: u32| Bytes::from([n.to_le_bytes(); 20].concat());
        let store = Store::open(folder.path(), &settings).expect("made");
        for start in (0..RECORDS).step_by(4_000) {
            let group: Vec<_> = (start..start + 4_000).map(|n| (key(n), value(n))).collect();
            store.write(group.iter().map(|(key, value)| (key, value))).expect("room");
        }
        drop(store);
        let store = Store::open(folder.path(), &settings).expect("there");
        assert!(store.records.table_count() > 0, "much of it is in tables");
        for n in 0..RECORDS {
            assert_eq!(store.get(&key(n)), Ok(Some(value(n))), "{n}");
            assert_eq!(store.get(&key(RECORDS + n)), Ok(None), "{n}");
        }
    }
}

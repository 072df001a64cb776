//! Writes records, and removes what is too old or too much.

use std::io;
use std::time::{Duration, Instant};

use super::Settings;
use super::disk::Disk;
use super::hour::{hour_of, parts};
use super::keeper::Item;
use super::record;
use crate::mail::Moment;

/// How often it is looked whether something is older than it may be.
const EXPIRE_EVERY: Duration = Duration::from_secs(300);

pub(super) struct Writer<D> {
    disk: D,
    /// Bytes of all files.
    bytes: u64,
    expired: Option<Instant>,
    is_synced: bool,
}

impl<D: Disk> Writer<D> {
    pub(super) fn new(disk: D) -> io::Result<Self> {
        let bytes = disk.files()?.iter().map(|(_, bytes)| bytes).sum();
        Ok(Self { disk, bytes, expired: None, is_synced: true })
    }

    /// Bytes of all files.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(super) fn is_synced(&self) -> bool {
        self.is_synced
    }

    /// Writes a message down.
    pub(super) fn write(&mut self, item: &Item, settings: &Settings, now: Moment) -> io::Result<()> {
        if self.expired.is_none_or(|at| at.elapsed() >= EXPIRE_EVERY) {
            self.expired = Some(Instant::now());
            self.expire(settings, now)?;
        }
        let record = record::encode(item.id, item.reached, &item.facts, &item.message, item.near.as_deref())?;
        let hour = hour_of(item.id.moment());
        self.make_room(record.len() as u64, &hour, settings)?;
        self.disk.append(&hour, &record)?;
        self.bytes += record.len() as u64;
        self.is_synced = false;
        Ok(())
    }

    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.is_synced = true;
        self.disk.sync()
    }

    fn expire(&mut self, settings: &Settings, now: Moment) -> io::Result<()> {
        if settings.days_max == 0 {
            return Ok(());
        }
        let oldest = hour_of(Moment(now.0.saturating_sub(i64::from(settings.days_max) * 86_400_000)));
        for (name, bytes) in self.disk.files()? {
            if parts(&name).is_some_and(|(hour, _)| hour < oldest.as_str()) {
                self.remove(&name, bytes)?;
            }
        }
        Ok(())
    }

    /// Removes the oldest hours until there is room; that which is written stays.
    fn make_room(&mut self, wanted: u64, present: &str, settings: &Settings) -> io::Result<()> {
        if self.bytes + wanted <= settings.bytes_max {
            return Ok(());
        }
        for (name, bytes) in self.disk.files()? {
            if self.bytes + wanted <= settings.bytes_max {
                break;
            }
            if parts(&name).is_some_and(|(hour, _)| hour < present) {
                self.remove(&name, bytes)?;
            }
        }
        if self.bytes + wanted > settings.bytes_max {
            let why = "the mail of this hour alone fills archive.bytes_max; raise it, or keep a smaller share";
            return Err(io::Error::new(io::ErrorKind::QuotaExceeded, why));
        }
        Ok(())
    }

    fn remove(&mut self, name: &str, bytes: u64) -> io::Result<()> {
        self.disk.remove(name)?;
        self.bytes = self.bytes.saturating_sub(bytes);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::archive::Facts;
    use crate::decision::DecisionId;

    const HOUR: i64 = 3_600_000;

    /// A disk in memory with so much room.
    struct Small {
        files: BTreeMap<String, u64>,
        room: u64,
    }

    impl Disk for Small {
        fn append(&mut self, hour: &str, record: &[u8]) -> io::Result<()> {
            let bytes = record.len() as u64;
            if self.files.values().sum::<u64>() + bytes > self.room {
                return Err(io::ErrorKind::StorageFull.into());
            }
            *self.files.entry(format!("{hour}.kar")).or_default() += bytes;
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn files(&self) -> io::Result<Vec<(String, u64)>> {
            Ok(self.files.iter().map(|(name, bytes)| (name.clone(), *bytes)).collect())
        }

        fn remove(&mut self, name: &str) -> io::Result<()> {
            self.files.remove(name).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
        }
    }

    fn writer(room: u64) -> Writer<Small> {
        Writer::new(Small { files: BTreeMap::new(), room }).expect("empty")
    }

    fn item(at: i64) -> Item {
        let id = DecisionId::new(Moment(at), 1);
        Item { id, reached: None, facts: Facts::default(), message: b"text".to_vec(), near: None }
    }

    fn record_bytes() -> u64 {
        let mut writer = writer(u64::MAX);
        writer.write(&item(0), &Settings::default(), Moment(0)).expect("room");
        writer.bytes()
    }

    fn hours(writer: &Writer<Small>) -> Vec<&str> {
        writer.disk.files.keys().map(|name| &name[11..13]).collect()
    }

    #[test]
    fn the_oldest_hour_makes_room() {
        let one = record_bytes();
        let settings = Settings { bytes_max: 3 * one, days_max: 0, ..Settings::default() };
        let mut writer = writer(u64::MAX);
        for at in [0, 1, HOUR, 2 * HOUR, 3 * HOUR] {
            writer.write(&item(at), &settings, Moment(at)).expect("room");
        }
        assert_eq!((hours(&writer), writer.bytes()), (vec!["01", "02", "03"], 3 * one));
    }

    #[test]
    fn an_hour_that_is_too_much_alone_is_a_gap() {
        let one = record_bytes();
        let settings = Settings { bytes_max: 2 * one, days_max: 0, ..Settings::default() };
        let mut writer = writer(u64::MAX);
        let written: Vec<bool> = (0..3).map(|at| writer.write(&item(at), &settings, Moment(0)).is_ok()).collect();
        assert_eq!((written, writer.bytes()), (vec![true, true, false], 2 * one));
    }

    #[test]
    fn what_is_too_old_goes() {
        let settings = Settings { days_max: 1, ..Settings::default() };
        let mut writer = writer(u64::MAX);
        writer.write(&item(0), &settings, Moment(0)).expect("room");
        writer.write(&item(HOUR), &settings, Moment(HOUR)).expect("room");
        writer.expired = None;
        writer.write(&item(25 * HOUR), &settings, Moment(25 * HOUR)).expect("room");
        assert_eq!(writer.disk.files.len(), 2);
        writer.expired = None;
        writer.write(&item(26 * HOUR), &settings, Moment(26 * HOUR)).expect("room");
        assert_eq!(hours(&writer), ["01", "02"]);
    }

    #[test]
    fn a_full_disk_loses_what_does_not_fit_and_no_more() {
        let one = record_bytes();
        let mut writer = writer(2 * one);
        let settings = Settings::default();
        let written: Vec<bool> = (0..4).map(|at| writer.write(&item(at), &settings, Moment(0)).is_ok()).collect();
        assert_eq!((written, writer.bytes()), (vec![true, true, false, false], 2 * one));
        writer.disk.room = u64::MAX;
        writer.write(&item(9), &settings, Moment(0)).expect("room again");
    }
}

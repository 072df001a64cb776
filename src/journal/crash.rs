//! Crash physics: a disk that loses what was not synced, fails any operation, and is full; and what holds nevertheless.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};

use proptest::prelude::*;
use tokio::sync::oneshot;

use super::Settings;
use super::appender::Appender;
use super::disk::Disk;
use super::segments::{CURRENT, is_segment};
use super::writer::{InForce, Line, Losses, Unwritten, Writer};
use crate::mail::Moment;

/// A file: what programs read, and what the platters hold.
#[derive(Clone, Debug, Default)]
struct Content {
    volatile: Vec<u8>,
    durable: Vec<u8>,
}

#[derive(Debug, Default)]
struct World {
    files: BTreeMap<usize, Content>,
    names: BTreeMap<String, usize>,
    durable_names: BTreeMap<String, usize>,
    open: Option<usize>,
    /// Operations so far, and those that fail.
    operations: usize,
    failing: Vec<usize>,
    /// Bytes all files may have together.
    capacity: Option<usize>,
}

impl World {
    fn step(&mut self) -> io::Result<()> {
        self.operations += 1;
        if self.failing.contains(&self.operations) { Err(io::Error::other("the disk failed")) } else { Ok(()) }
    }

    fn file(&mut self) -> io::Result<&mut Content> {
        let open = self.open.ok_or_else(|| io::Error::other("no file is open"))?;
        self.files.get_mut(&open).ok_or_else(|| io::Error::other("the file is gone"))
    }
}

/// A disk that tests can break; clones are the same disk.
#[derive(Clone, Debug, Default)]
struct TestDisk(Arc<Mutex<World>>);

impl TestDisk {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().expect("not poisoned")
    }

    /// The power fails: names go back to the last sync where `names_too`, and of what was written to a file since its
    /// last sync only the first `kept` bytes stay.
    fn lose_power(&self, kept: usize, names_too: bool) {
        let mut world = self.world();
        if names_too {
            world.names = world.durable_names.clone();
        }
        for content in world.files.values_mut() {
            let synced = content.durable.len();
            if content.volatile.starts_with(&content.durable) {
                content.volatile.truncate((synced + kept).min(content.volatile.len()));
            } else {
                content.volatile = content.durable.clone();
            }
            content.durable = content.volatile.clone();
        }
        world.open = None;
        world.failing.clear();
    }

    /// All lines of all files; panics where one is not whole.
    fn lines(&self) -> Vec<String> {
        let world = self.world();
        let text: Vec<u8> = world.names.values().flat_map(|file| world.files[file].volatile.clone()).collect();
        let text = String::from_utf8(text).expect("text");
        assert!(text.is_empty() || text.ends_with('\n'), "{text:?}");
        text.lines().map(str::to_owned).collect()
    }
}

impl Disk for TestDisk {
    fn open(&mut self, name: &str) -> io::Result<u64> {
        let mut world = self.world();
        world.open = None;
        world.step()?;
        let fresh = world.files.len();
        let file = *world.names.entry(name.to_owned()).or_insert(fresh);
        world.open = Some(file);
        Ok(world.files.entry(file).or_default().volatile.len() as u64)
    }

    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut world = self.world();
        world.step()?;
        let rest = &world.file()?.volatile[at as usize..];
        // One byte less than asked for, since a read may give less.
        let read = buffer.len().min(rest.len()).clamp(0, buffer.len().max(2) - 1).max(1);
        buffer[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut world = self.world();
        let used: usize = world.files.values().map(|content| content.volatile.len()).sum();
        let room = world.capacity.map_or(usize::MAX, |capacity| capacity.saturating_sub(used));
        let outcome = world.step();
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        // A disk that fails has often written something; one that does not may take less than all.
        let taken = bytes.len().min(room).min(if outcome.is_ok() { 40 } else { 7 });
        world.file()?.volatile.extend_from_slice(&bytes[..taken]);
        outcome.map(|()| taken)
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        world.file()?.volatile.truncate(length as usize);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        let content = world.file()?;
        content.durable = content.volatile.clone();
        Ok(())
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        let file = world.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        assert!(world.names.insert(to.to_owned(), file).is_none(), "{to} was overwritten");
        Ok(())
    }

    fn sync_names(&mut self) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        world.durable_names = world.names.clone();
        Ok(())
    }

    fn segments(&mut self) -> io::Result<Vec<String>> {
        let mut world = self.world();
        world.step()?;
        Ok(world.names.keys().filter(|name| is_segment(name)).cloned().collect())
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        let mut world = self.world();
        world.step()?;
        world.names.remove(name).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// A writer with files of three lines or so.
fn writer(disk: &TestDisk, files_max: usize) -> io::Result<Writer<TestDisk>> {
    let settings = Settings { file_bytes_max: 100, files_max, fsync_milliseconds: 3_600_000, ..Settings::default() };
    let appender = Appender::open(disk.clone(), &settings)?;
    Ok(Writer::new(appender, Arc::new(InForce::new(&settings)), Arc::new(Losses::default())))
}

/// Writes one batch of numbered lines; the numbers of those that were promised to be durable.
fn batch(
    writer: &mut Writer<TestDisk>,
    numbers: std::ops::Range<usize>,
    awaited: bool,
) -> Result<Vec<usize>, Unwritten> {
    let (mut lines, mut answers) = (Vec::new(), Vec::new());
    for number in numbers {
        let (done, answer) = oneshot::channel();
        // Every second line of an awaited batch belongs to delivered mail.
        let done = (awaited && number % 2 == 0).then_some(done);
        if done.is_some() {
            answers.push((number, answer));
        }
        lines.push(Line { bytes: line(number).into_bytes(), done });
    }
    writer.write(lines, Moment(0));
    let mut promised = Vec::new();
    for (number, mut answer) in answers {
        answer.try_recv().expect("answered")?;
        promised.push(number);
    }
    Ok(promised)
}

fn line(number: usize) -> String {
    format!("{{\"entry\":{number},\"of\":\"delivered mail\"}}\n")
}

fn number(line: &str) -> usize {
    let number = line.split([':', ',']).nth(1).and_then(|n| n.parse().ok()).expect("a whole line");
    assert_eq!(format!("{line}\n"), self::line(number));
    number
}

#[derive(Clone, Debug)]
enum Step {
    Batch(usize, bool),
    Sync,
    Kill,
    PowerLoss(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (1usize..5, any::<bool>()).prop_map(|(lines, awaited)| Step::Batch(lines, awaited)),
        1 => Just(Step::Sync),
        1 => Just(Step::Kill),
        1 => (0usize..200, any::<bool>()).prop_map(|(kept, names)| Step::PowerLoss(kept, names)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever fails, and however often the process or the power ends: every line is whole, none stands twice, and
    /// every entry whose hold was promised to be durable is there.
    #[test]
    fn what_was_promised_is_there(
        steps in prop::collection::vec(step(), 1..25),
        failing in prop::collection::vec(1usize..70, 0..10),
    ) {
        let disk = TestDisk::default();
        disk.world().failing = failing;
        let (mut open, mut promised, mut next) = (writer(&disk, 0).ok(), Vec::new(), 0);
        for step in steps {
            match (step, &mut open) {
                (Step::Batch(lines, awaited), Some(writer)) => {
                    promised.extend(batch(writer, next..next + lines, awaited).unwrap_or_default());
                    next += lines;
                }
                (Step::Sync, Some(writer)) => drop(writer.sync()),
                (Step::PowerLoss(kept, names), _) => {
                    disk.lose_power(kept, names);
                    open = writer(&disk, 0).ok();
                }
                // A killed process takes nothing with it that the kernel has; half a line may stand there.
                _ => open = writer(&disk, 0).ok(),
            }
        }
        disk.lose_power(3, true);
        drop(writer(&disk, 0).expect("opens on a sound disk"));
        let mut found: Vec<_> = disk.lines().iter().map(|line| number(line)).collect();
        found.sort_unstable();
        prop_assert!(found.is_sorted_by(|a, b| a < b), "twice: {:?}", found);
        for number in promised {
            prop_assert!(found.binary_search(&number).is_ok(), "{} is lost", number);
        }
    }
}

#[test]
fn a_full_disk_refuses_and_a_cleared_one_goes_on() {
    let disk = TestDisk::default();
    let mut writer = writer(&disk, 0).expect("opens");
    assert_eq!(batch(&mut writer, 0..1, true), Ok(vec![0]));
    let used = line(0).len();
    disk.world().capacity = Some(used + 10);
    assert!(matches!(batch(&mut writer, 2..3, true), Err(Unwritten::Disk(_))));
    assert_eq!(disk.lines().len(), 1);
    disk.world().capacity = None;
    assert_eq!(batch(&mut writer, 4..5, true), Ok(vec![4]));
    assert_eq!(disk.lines().iter().map(|line| number(line)).collect::<Vec<_>>(), [0, 4]);
}

#[test]
fn what_is_lost_of_delivered_mail_is_counted() {
    let disk = TestDisk::default();
    let losses = Arc::new(Losses::default());
    let settings = Settings { fsync_milliseconds: 0, ..Settings::default() };
    let appender = Appender::open(disk.clone(), &settings).expect("opens");
    let mut writer = Writer::new(appender, Arc::new(InForce::new(&settings)), losses.clone());
    disk.world().capacity = Some(0);
    let _ = batch(&mut writer, 0..3, false);
    assert_eq!(losses.count(), 3);
    disk.world().capacity = None;
    let _ = batch(&mut writer, 3..5, false);
    let now = disk.world().operations;
    disk.world().failing = vec![now + 1];
    assert!(writer.sync().is_err());
    assert_eq!((losses.count(), disk.lines().len()), (5, 0));
}

#[test]
fn a_kill_in_the_middle_of_a_write_leaves_whole_lines() {
    let disk = TestDisk::default();
    let mut first = writer(&disk, 0).expect("opens");
    assert_eq!(batch(&mut first, 0..1, true), Ok(vec![0]));
    disk.world().file().expect("open").volatile.extend_from_slice(b"{\"entry\":1,\"o");
    let mut second = writer(&disk, 0).expect("opens");
    assert_eq!(batch(&mut second, 2..3, true), Ok(vec![2]));
    assert_eq!(disk.lines().iter().map(|line| number(line)).collect::<Vec<_>>(), [0, 2]);
}

#[test]
fn the_oldest_files_expire() {
    for (files_max, expected) in [(2, 2), (0, 9)] {
        let disk = TestDisk::default();
        let mut writer = writer(&disk, files_max).expect("opens");
        for number in 0..10 {
            assert!(batch(&mut writer, number * 3..number * 3 + 3, true).is_ok());
        }
        let names: Vec<_> = disk.world().names.keys().cloned().collect();
        assert_eq!(names.iter().filter(|name| is_segment(name)).count(), expected);
        assert!(names.contains(&CURRENT.to_owned()));
    }
}

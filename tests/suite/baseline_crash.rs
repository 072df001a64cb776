//! Crash physics of the baselines: killed at any moment, torn, garbled, without room.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kith::baseline::{Baselines, Learned, OpenError, Settings, Subject};
use kith::mail::{Address, Moment};

use super::baseline::Mail;

const SOURCE: &str = "crash";
const RECIPIENT: &str = "bob@own.example";
const AUTHORS: u64 = 7;

/// Small buffers, so that the store's own files are written and merged all the time.
fn settings() -> Settings {
    Settings {
        commit_milliseconds: 1,
        write_buffer_bytes_max: 1_048_576,
        remembered_messages_max: u32::MAX,
        reopen_seconds: 1,
        ..super::baseline::settings()
    }
}

/// Message number `n`, the same at each call.
fn mail(n: u64) -> Mail {
    let fan = format!("r{}@own.example", n % 1_000);
    let from = format!("a{}@x{}.example", n % AUTHORS, n % AUTHORS);
    Mail { at: Moment(n as i64 * 1_000), ..Mail::new(&format!("{n}@crash"), &from, &[RECIPIENT, &fan]) }
}

/// Whether the store holds exactly the messages below its import mark, each once and whole; says how many.
fn check_whole(baselines: &Baselines) -> u64 {
    let count = baselines.import_mark(SOURCE).unwrap_or(0);
    assert_eq!(baselines.state().learned, count);
    let seen = |subject| {
        let shown = baselines.show(&subject, Moment(0)).expect("readable");
        shown.map_or(0, |p| u64::from(p.seen))
    };
    let address = |text: &str| Address::parse(text).expect("valid");
    assert_eq!(seen(Subject::Recipient(address(RECIPIENT))), count);
    for author in 0..AUTHORS {
        let from = address(&format!("a{author}@x{author}.example"));
        let expected = (count + AUTHORS - 1 - author) / AUTHORS;
        assert_eq!(seen(Subject::Domain(from.domain().clone())), expected);
        assert_eq!(seen(Subject::Pair(from.clone(), address(RECIPIENT))), expected);
        assert_eq!(seen(Subject::Sender(from)), expected);
    }
    count
}

/// Whether the facts tell the same as the profiles: a store made anew of them is whole too, and holds as many messages.
fn check_facts(baselines: &Baselines, count: u64) {
    let folder = tempfile::tempdir().expect("writable");
    let copy = baselines.as_of(Moment(i64::MAX), &folder.path().join("copy"), |_, _| {}).expect("every fact is whole");
    copy.set_import_mark(SOURCE, count);
    assert_eq!(check_whole(&copy), count);
}

/// Starts this test program as a child that runs one of the ignored tests below, with a limit on file size in blocks
/// of 512 bytes where one is given.
fn child(test: &str, dir: &Path, file_blocks_max: Option<u32>) -> (Child, impl Iterator<Item = String>) {
    let limit = file_blocks_max.map(|n| format!("trap '' XFSZ; ulimit -S -f {n}; ")).unwrap_or_default();
    let mut child = Command::new("sh")
        .args(["-c", &format!("{limit}exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().expect("known"))
        .args(["--exact", &format!("baseline_crash::{test}"), "--include-ignored", "--nocapture"])
        .env("KITH_TEST_BASELINE", dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("sh and ourselves");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    (child, lines)
}

/// The folder given to a child; `None` when this is no child.
fn given() -> Option<PathBuf> {
    std::env::var_os("KITH_TEST_BASELINE").map(PathBuf::from)
}

#[test]
#[ignore = "the part of the child that is killed; run by the test below"]
fn child_that_learns() {
    let Some(dir) = given() else { return };
    let baselines = Baselines::open(&dir, &settings()).expect("opens after every kill");
    let mut n = check_whole(&baselines);
    println!("start {n}");
    loop {
        for _ in 0..40 {
            n += 1;
            assert_eq!(baselines.learn_import(&mail(n - 1).observation(), SOURCE, n), Learned::Counted);
        }
        baselines.sync().expect("room");
        println!("synced {n}");
    }
}

#[test]
fn kill_9_loses_at_most_what_was_not_yet_committed() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let mut promised = 0;
    for round in 0..10 {
        let (mut child, lines) = child("child_that_learns", &dir, None);
        // The first rounds are killed early, even while the store is being made; later ones deep in their work.
        let patience = [0, 1, 2, 3, 5, 8, 13, 21, 34, 55][round];
        for line in lines.filter(|l| l.starts_with("start") || l.starts_with("synced")).take(patience) {
            let count = line.split(' ').nth(1).and_then(|n| n.parse().ok()).expect("a number");
            assert!(count >= promised, "{line}, promised {promised}");
            promised = count;
        }
        child.kill().expect("ours");
        child.wait().expect("ours");
    }
    assert!(promised > 2_000, "the children got to work: {promised}");
    let baselines = Baselines::open(&dir, &settings()).expect("opens after every kill");
    let count = check_whole(&baselines);
    assert!(count >= promised);
    check_facts(&baselines, count);
    // The sender's host repeats what it got no answer for; none of it counts twice.
    for n in count.saturating_sub(100)..count {
        assert_eq!(baselines.learn_now(&mail(n).observation()), Learned::Known);
    }
    assert_eq!(baselines.learn_import(&mail(count).observation(), SOURCE, count + 1), Learned::Counted);
    assert_eq!(check_whole(&baselines), count + 1);
}

/// The files that hold the store's tables.
fn tables(dir: &Path) -> BTreeSet<PathBuf> {
    let inside = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let keyspaces = inside(&dir.join("keyspaces")).map(|keyspace| keyspace.join("tables")).collect::<Vec<_>>();
    keyspaces.iter().flat_map(|folder| inside(folder)).collect()
}

/// Where in a merge a child is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum InMerge {
    /// The merged table is being written.
    Writing,
    /// The merged table is in force, and those that it replaces are being removed.
    Removing,
}

/// Kills a child in the middle of a merge. Raises `promised` to what it promised, which the reopened store must hold, and
/// gives how many files that store gave up.
fn kill_in_merge(dir: &Path, moment: InMerge, promised: &mut u64) -> usize {
    /// The store merges from four tables on; besides them there is one of its own names.
    const MERGED_FROM: usize = 5;
    let (mut child, lines) = child("child_that_learns", dir, None);
    let mut before = tables(dir).len();
    until(&format!("a merge, {moment:?}"), || {
        let now = tables(dir).len();
        let is_there = match moment {
            InMerge::Writing => now > before && before > MERGED_FROM,
            InMerge::Removing => now < before && before > MERGED_FROM,
        };
        before = now;
        is_there
    });
    child.kill().expect("ours");
    child.wait().expect("ours");
    let counts = lines.filter_map(|line| line.strip_prefix("synced ")?.parse().ok());
    *promised = counts.last().unwrap_or(0).max(*promised);
    let left = tables(dir);
    let baselines = Baselines::open(dir, &settings()).expect("opens after every kill");
    assert!(check_whole(&baselines) >= *promised);
    drop(baselines);
    left.difference(&tables(dir)).count()
}

#[test]
fn kill_9_in_the_middle_of_a_merge_loses_nothing_that_was_committed() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let mut promised = 0;
    for moment in [InMerge::Writing, InMerge::Removing] {
        // A kill may come too late by an instant; one that was felt leaves files that nobody refers to.
        until(&format!("a kill that is felt, {moment:?}"), || kill_in_merge(&dir, moment, &mut promised) > 0);
    }
    assert!(promised > 2_000, "the children got to work: {promised}");
    let baselines = Baselines::open(&dir, &settings()).expect("opens after every kill");
    let count = check_whole(&baselines);
    check_facts(&baselines, count);
    assert_eq!(baselines.learn_import(&mail(count).observation(), SOURCE, count + 1), Learned::Counted);
    assert_eq!(check_whole(&baselines), count + 1);
}

/// Writes what the log says to the standard output, where the parent reads it.
struct Printed;

impl log::Log for Printed {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target().starts_with("kith")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            println!("log {}", record.args());
        }
    }

    fn flush(&self) {}
}

/// Waits until a condition holds that another process or thread brings about.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(120), "never came: {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}

#[test]
#[ignore = "the part of the child that has no room; run by the test below"]
fn child_without_room() {
    let Some(dir) = given() else { return };
    log::set_logger(&Printed).expect("the first");
    log::set_max_level(log::LevelFilter::Warn);
    let settings = Settings { pending_bytes_max: 200_000, commit_milliseconds: 3_600_000, ..settings() };
    let baselines = Baselines::open(&dir, &settings).expect("opens");
    let mut n = check_whole(&baselines);
    while baselines.state().writable {
        n += 1;
        assert_eq!(baselines.learn_import(&mail(n - 1).observation(), SOURCE, n), Learned::Counted);
        let _fails_when_there_is_no_more_room = baselines.sync();
    }
    // Nothing that was learned is forgotten, and recall goes on.
    assert_eq!(check_whole(&baselines), n);
    assert!(baselines.recall(&mail(0).query()).is_known());
    while baselines.learn_import(&mail(n).observation(), SOURCE, n + 1) == Learned::Counted {
        n += 1;
    }
    assert_eq!(baselines.learn(mail(n).observation()), Learned::Queued);
    assert_eq!(baselines.learn_now(&mail(n).observation()), Learned::Dropped);
    assert_eq!(check_whole(&baselines), n);
    let state = baselines.state();
    assert!(!state.writable && state.write_errors > 0 && state.dropped > 0, "{state:?}");
    println!("full {n}");
    until("room", || baselines.state().writable);
    baselines.sync().expect("room again");
    assert_eq!(check_whole(&baselines), n);
    println!("recovered {n}");
}

#[test]
fn without_room_learning_degrades_and_recovers() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let baselines = Baselines::open(&dir, &settings()).expect("writable");
    for n in 0..100 {
        baselines.learn_import(&mail(n).observation(), SOURCE, n + 1);
    }
    drop(baselines);
    // The child's log is cut to its length when it opens, then grows to this many blocks of 512 bytes.
    let (mut child, lines) = child("child_without_room", &dir, Some(600));
    let mut said = Vec::new();
    for line in lines {
        if line.starts_with("full") {
            let limit = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &child.id().to_string()]).status();
            assert!(limit.expect("util-linux").success());
        }
        said.push(line);
    }
    assert!(child.wait().expect("ours").success(), "{said:#?}");
    let complaints: Vec<_> = said.iter().filter(|l| l.starts_with("log")).collect();
    assert!(complaints.iter().any(|l| l.contains("cannot be written") && l.contains("room on the disk")), "{said:#?}");
    assert!(complaints.iter().any(|l| l.contains("was not learned")), "{said:#?}");
    assert!(complaints.len() <= 4, "once a minute: {said:#?}");
    let recovered = said.iter().find_map(|l| l.strip_prefix("recovered ")?.parse::<u64>().ok()).expect("recovered");
    let baselines = Baselines::open(&dir, &settings()).expect("opens");
    assert_eq!(check_whole(&baselines), recovered);
    check_facts(&baselines, recovered);
}

#[test]
#[ignore = "the part of the child that is killed while it makes the store anew; run by the test below"]
fn child_that_rebuilds() {
    let Some(dir) = given() else { return };
    for n in 0.. {
        let baselines = Baselines::open(&dir, &settings()).expect("opens after every kill");
        println!("rebuilding {n}");
        baselines.rebuild(None, |done, all| println!("done {done} of {all}")).expect("room");
        println!("rebuilt {n}");
    }
}

#[test]
fn a_rebuilding_that_is_cut_off_leaves_one_whole_store() {
    const MESSAGES: u64 = 1_500;
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let baselines = Baselines::open(&dir, &settings()).expect("writable");
    for n in 0..MESSAGES {
        assert_eq!(baselines.learn_import(&mail(n).observation(), SOURCE, n + 1), Learned::Counted);
    }
    drop(baselines);
    let mut left_over = 0;
    // Before the first fact, in the midst of them, and around the exchange of the folders at the end of one.
    for patience in [0, 1, 2, 4, 6, 7, 7, 8, 8, 9] {
        let (mut child, lines) = child("child_that_rebuilds", &dir, None);
        let said = lines.filter(|l| l.starts_with("rebuil") || l.starts_with("done")).take(patience).count();
        assert_eq!(said, patience);
        child.kill().expect("ours");
        child.wait().expect("ours");
        left_over += usize::from(folder.path().join("baseline.anew").exists());
        let baselines = Baselines::open(&dir, &settings()).expect("opens after every kill");
        assert_eq!(check_whole(&baselines), MESSAGES);
        assert!(!folder.path().join("baseline.replaced").exists());
    }
    assert!(left_over > 2, "the kills were felt: {left_over}");
    let baselines = Baselines::open(&dir, &settings()).expect("opens");
    check_facts(&baselines, MESSAGES);
    baselines.rebuild(None, |_, _| {}).expect("room");
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1, "what was cut off is gone");
}

#[test]
fn an_exchange_that_was_cut_off_is_finished_or_undone() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let (replaced, anew) = (folder.path().join("baseline.replaced"), folder.path().join("baseline.anew"));
    let store = |at: &Path, count: u64| {
        let baselines = Baselines::open(at, &settings()).expect("writable");
        for n in 0..count {
            baselines.learn_import(&mail(n).observation(), SOURCE, n + 1);
        }
    };
    let opened = || check_whole(&Baselines::open(&dir, &settings()).expect("opens"));
    // The old one had been moved away, and the new one was not yet in its place.
    store(&replaced, 20);
    store(&anew, 10);
    assert_eq!(opened(), 20);
    // The new one was in its place, and the old one not yet removed, or only in part.
    fs::rename(&dir, &replaced).expect("writable");
    fs::rename(&anew, &dir).expect("writable");
    fs::remove_file(replaced.join("version")).expect("there");
    assert_eq!(opened(), 10);
    assert!(!replaced.exists() && !anew.exists());
}

#[test]
fn a_rebuilding_without_room_leaves_the_old_store() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let baselines = Baselines::open(&dir, &settings()).expect("writable");
    for n in 0..300 {
        baselines.learn_import(&mail(n).observation(), SOURCE, n + 1);
    }
    drop(baselines);
    let (mut child, lines) = child("child_that_rebuilds_without_room", &dir, Some(100));
    let said: Vec<String> = lines.filter(|line| line.starts_with("refused")).collect();
    assert!(child.wait().expect("ours").success(), "{said:?}");
    assert_eq!(said.len(), 1);
    let beside: Vec<_> = fs::read_dir(folder.path()).expect("readable").flatten().map(|e| e.file_name()).collect();
    assert_eq!(beside, ["baseline"], "{said:?}");
    let baselines = Baselines::open(&dir, &settings()).expect("opens");
    assert_eq!(check_whole(&baselines), 300);
    check_facts(&baselines, 300);
}

#[test]
#[ignore = "the part of the child that has no room for another store; run by the test above"]
fn child_that_rebuilds_without_room() {
    let Some(dir) = given() else { return };
    // Little waits in memory, so that the disk is met early.
    let settings = Settings { pending_bytes_max: 50_000, ..settings() };
    let baselines = Baselines::open(&dir, &settings).expect("opens");
    println!("refused: {}", baselines.rebuild(None, |_, _| {}).expect_err("no room"));
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("writable");
    for entry in fs::read_dir(from).expect("readable") {
        let entry = entry.expect("readable");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target)
        } else {
            fs::copy(entry.path(), target).map(|_| ()).expect("room")
        }
    }
}

/// A store of several groups whose log is as long as what it holds, and that log.
fn groups(folder: &Path) -> (PathBuf, Vec<u8>) {
    let dir = folder.join("baseline");
    let baselines = Baselines::open(&dir, &settings()).expect("writable");
    for n in 0..30 {
        baselines.learn_import(&mail(n).observation(), SOURCE, n + 1);
        baselines.sync().expect("room");
    }
    drop(baselines);
    // Opening cuts the log to its length.
    drop(Baselines::open(&dir, &settings()).expect("opens"));
    let log = fs::read(dir.join("0.jnl")).expect("the first log");
    assert!(log.len() < 1_000_000);
    (dir, log)
}

/// Opens a copy of the store with another log: what it holds then, or that it is corrupt.
fn open_with(dir: &Path, log: &[u8]) -> Result<u64, OpenError> {
    let folder = tempfile::tempdir().expect("writable");
    let torn = folder.path().join("baseline");
    copy(dir, &torn);
    fs::write(torn.join("0.jnl"), log).expect("writable");
    let baselines = Baselines::open(&torn, &settings())?;
    let count = check_whole(&baselines);
    check_facts(&baselines, count);
    baselines.learn_import(&mail(count).observation(), SOURCE, count + 1);
    baselines.sync().expect("room");
    drop(baselines);
    Ok(check_whole(&Baselines::open(&torn, &settings())?) - 1)
}

#[test]
fn a_log_cut_anywhere_loses_only_its_last_groups() {
    let folder = tempfile::tempdir().expect("writable");
    let (dir, log) = groups(folder.path());
    let group = log.len() / 30;
    for cut in [1, 4, 13, 14, 100, group, group + 1, 3 * group] {
        let count = open_with(&dir, &log[..log.len() - cut]).expect("a cut log opens");
        assert!((30 - 1 - cut.div_ceil(group) as u64..30).contains(&count), "{cut} of {group}: {count}");
    }
    assert_eq!(open_with(&dir, &log), Ok(30));
}

#[test]
fn a_torn_last_group_is_given_up_alone() {
    let folder = tempfile::tempdir().expect("writable");
    let (dir, log) = groups(folder.path());
    let group = log.len() / 30;
    // In the last group: its checksum, its last values, and a page of zeros as a lost write leaves it.
    for at in [10, 20, 60, 200] {
        let mut torn = log.clone();
        let end = torn.len();
        torn[end - at] ^= 0x55;
        let count = open_with(&dir, &torn).expect("a torn log is mended");
        assert!((28..=30).contains(&count), "{at}: {count}");
    }
    let mut torn = log.clone();
    let end = torn.len();
    torn[end - group / 2..end - group / 4].fill(0);
    assert_eq!(open_with(&dir, &torn), Ok(29));
    let rubbish = [log.as_slice(), &[0xa5; 5_000]].concat();
    assert_eq!(open_with(&dir, &rubbish), Ok(30));
    let zeros = [log.as_slice(), &[0; 5_000]].concat();
    assert_eq!(open_with(&dir, &zeros), Ok(30));
}

#[test]
fn garbled_files_never_panic() {
    let folder = tempfile::tempdir().expect("writable");
    let (dir, log) = groups(folder.path());
    for step in 1..40 {
        let mut garbled = log.clone();
        let at = garbled.len() * step / 40;
        garbled[at] = garbled[at].wrapping_add(1 + step as u8);
        match open_with(&dir, &garbled) {
            Ok(count) => assert!(count <= 30),
            Err(error) => assert!(matches!(error, OpenError::Corrupt { .. }), "{error}"),
        }
    }
}

#[test]
fn every_file_may_be_missing_or_empty() {
    let folder = tempfile::tempdir().expect("writable");
    let (dir, _) = groups(folder.path());
    let mut files = Vec::new();
    let mut folders = vec![dir.clone()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.len() > 4);
    for file in files {
        for missing in [true, false] {
            let folder = tempfile::tempdir().expect("writable");
            let broken = folder.path().join("baseline");
            copy(&dir, &broken);
            let path = broken.join(file.strip_prefix(&dir).expect("inside"));
            if missing { fs::remove_file(&path) } else { fs::write(&path, "") }.expect("writable");
            let (baselines, aside) = Baselines::open_or_set_aside(&broken, &settings()).expect("mail must flow");
            let left = baselines.state().learned;
            assert!(aside.is_none() || left == 0, "{}", file.display());
            assert_eq!(baselines.learn_now(&mail(1_000).observation()), Learned::Counted);
            baselines.sync().expect("room");
        }
    }
}

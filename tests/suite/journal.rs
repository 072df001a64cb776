//! The journal on a real disk: written by one process, killed, reopened, searched and followed.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use kith::decision::{Decision, DecisionId, Reason, Verdict};
use kith::journal::{Durability, Entry, Ids, Journal, OpenFault, Settings, Tail, Unwritten, find};
use kith::mail::Moment;

/// Where the process that is to be killed writes.
const PLACE: &str = "KITH_TEST_JOURNAL";

fn entry(ids: &Ids) -> Entry {
    let reason =
        Reason { name: "reply_to_differs".into(), because: "the reply goes elsewhere".into(), contribution: 5.0 };
    let decision = Decision {
        verdict: Verdict::Hold,
        action: Verdict::Hold,
        category: None,
        score: Some(5.0),
        base: 0.0,
        threshold: 4.6,
        reasons: vec![reason],
        gaps: Vec::new(),
    };
    let now = Moment::now();
    Entry { subject: Some("Urgent".into()), ..Entry::new(ids.next(now), now, &decision) }
}

fn record(journal: &Journal, entry: &Entry, durability: Durability) -> Result<(), Unwritten> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(journal.record(entry, durability))
}

fn open(directory: &Path, settings: &Settings) -> Journal {
    Journal::open(directory, settings).expect("opens")
}

/// Small files, so that rotation happens.
fn small() -> Settings {
    Settings { file_bytes_max: 4_096, files_max: 0, ..Settings::default() }
}

#[test]
fn entries_are_found_in_all_files_once_written() {
    let directory = tempfile::tempdir().expect("a directory");
    let (journal, ids) = (open(directory.path(), &small()), Ids::default());
    let entries: Vec<_> = (0..40).map(|_| entry(&ids)).collect();
    for entry in &entries {
        assert_eq!(record(&journal, entry, Durability::Now), Ok(()));
        assert_eq!(find(directory.path(), entry.id).expect("readable").as_ref(), Some(entry));
    }
    assert!(std::fs::read_dir(directory.path()).expect("listed").count() > 5, "nothing was put aside");
    for entry in &entries {
        assert_eq!(find(directory.path(), entry.id).expect("readable").as_ref(), Some(entry));
    }
    assert_eq!(find(directory.path(), DecisionId::new(Moment::now(), 7)).expect("readable"), None);
}

#[test]
fn closing_writes_what_waits() {
    let directory = tempfile::tempdir().expect("a directory");
    let (journal, ids) = (open(directory.path(), &Settings::default()), Ids::default());
    let entries: Vec<_> = (0..100).map(|_| entry(&ids)).collect();
    for entry in &entries {
        assert_eq!(record(&journal, entry, Durability::Soon), Ok(()));
    }
    drop(journal);
    let lines = Tail::open(directory.path(), 1_000).expect("opens").lines().expect("readable");
    let read: Vec<Entry> = lines.iter().map(|line| serde_json::from_str(line).expect("an entry")).collect();
    assert_eq!(read, entries);
}

#[test]
fn many_may_wait_for_one_fsync() {
    let directory = tempfile::tempdir().expect("a directory");
    let (journal, ids) = (open(directory.path(), &small()), Ids::default());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..20 {
                    let entry = entry(&ids);
                    assert_eq!(record(&journal, &entry, Durability::Now), Ok(()));
                    assert!(find(directory.path(), entry.id).expect("readable").is_some());
                }
            });
        }
    });
    assert_eq!(journal.lost(), 0);
}

#[test]
fn one_process_writes() {
    let directory = tempfile::tempdir().expect("a directory");
    let first = open(directory.path(), &small());
    assert!(matches!(Journal::open(directory.path(), &small()), Err(OpenFault::Locked(_))));
    drop(first);
    open(directory.path(), &small());
}

#[test]
fn a_place_that_cannot_be_used_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let Err(fault) = Journal::open(file.path(), &small()) else { panic!("a file is no directory") };
    assert!(fault.to_string().contains(&file.path().display().to_string()), "{fault}");
}

#[test]
fn other_limits_hold_from_the_next_entry_on() {
    let directory = tempfile::tempdir().expect("a directory");
    let (journal, ids) = (open(directory.path(), &Settings::default()), Ids::default());
    let files = || {
        let names = std::fs::read_dir(directory.path()).expect("listed").map(|file| file.expect("listed").file_name());
        names.filter(|name| name.to_string_lossy().ends_with(".jsonl")).count()
    };
    let write = |count| (0..count).for_each(|_| assert_eq!(record(&journal, &entry(&ids), Durability::Now), Ok(())));
    write(20);
    assert_eq!(files(), 1);
    journal.keep_to(&small());
    write(20);
    let many = files();
    assert!(many > 4, "{many} files of 4,096 bytes");
    journal.keep_to(&Settings { files_max: 2, ..small() });
    write(20);
    assert_eq!(files(), 3, "two put aside, and the one that is written");
}

#[test]
fn entries_have_a_limit() {
    let directory = tempfile::tempdir().expect("a directory");
    let journal = open(directory.path(), &small());
    let long = |names: usize| {
        let mut entry = entry(&Ids::default());
        entry.signals.0 = (0..names).map(|n| (format!("signal_of_twenty_{n:06}").into(), Some(1.0))).collect();
        entry
    };
    assert_eq!(record(&journal, &long(25_000), Durability::Now), Ok(()));
    assert!(matches!(record(&journal, &long(50_000), Durability::Now), Err(Unwritten::TooLong(_))));
    assert!(matches!(record(&journal, &long(50_000), Durability::Soon), Err(Unwritten::TooLong(_))));
    assert_eq!(journal.lost(), 1);
}

#[test]
fn a_torn_line_is_cut_off_when_the_journal_opens() {
    let directory = tempfile::tempdir().expect("a directory");
    let entry = entry(&Ids::default());
    assert_eq!(record(&open(directory.path(), &small()), &entry, Durability::Now), Ok(()));
    let path = directory.path().join("journal.jsonl");
    let whole = std::fs::read(&path).expect("readable");
    std::fs::write(&path, [whole.as_slice(), &whole[..whole.len() / 2]].concat()).expect("written");
    drop(open(directory.path(), &small()));
    assert_eq!(std::fs::read(&path).expect("readable"), whole);
}

/// Not a test by itself: the process that the next test kills. Says each id once its entry is durable.
#[test]
#[ignore = "runs as the child of entries_survive_a_kill"]
fn child() {
    let Some(place) = std::env::var_os(PLACE).map(PathBuf::from) else { return };
    let (journal, ids) = (open(&place, &small()), Ids::default());
    loop {
        let entry = entry(&ids);
        let _ = record(&journal, &entry, Durability::Soon);
        let held = Entry { id: ids.next(Moment::now()), ..entry };
        assert_eq!(record(&journal, &held, Durability::Now), Ok(()));
        println!("held {}", held.id);
    }
}

#[test]
fn entries_survive_a_kill() {
    let directory = tempfile::tempdir().expect("a directory");
    for promises in [1, 7, 30] {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "journal::child", "--ignored", "--nocapture"]);
        let child = command.env(PLACE, directory.path()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.expect("started");
        let said = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let id = |line: String| line.rsplit_once("held ").and_then(|(_, id)| DecisionId::parse(id));
        let ids: Vec<_> = said.filter_map(id).take(promises).collect();
        child.kill().expect("killed");
        child.wait().expect("ended");
        assert_eq!(ids.len(), promises);
        drop(open(directory.path(), &small()));
        for id in ids {
            assert!(find(directory.path(), id).expect("readable").is_some(), "{id} is lost");
        }
        let lines = Tail::open(directory.path(), 10_000).expect("opens").lines().expect("readable");
        for line in lines {
            assert!(serde_json::from_str::<Entry>(&line).is_ok(), "{line}");
        }
    }
}

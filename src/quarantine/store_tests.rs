//! The store under repetition, crashes after each step, full disks and limits: one copy of all that was promised.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::decision::{Decision, Verdict};
use crate::mail::Envelope;
use crate::quarantine::Listing;

const NOW: Moment = Moment(1_700_000_000_000);
const MAIL_TEXT: &[u8] = b"Message-ID: <1@x.example>\r\nFrom: a@x.example\r\n\r\nText\r\n";
const BOTH: [&str; 2] = ["a@own.example", "b@own.example"];

fn to(texts: &[&str]) -> Vec<Address> {
    texts.iter().map(|text| Address::parse(text).expect("valid")).collect()
}

fn id(n: u128) -> DecisionId {
    DecisionId::new(NOW, n)
}

fn held(n: u128, recipients: &[&str], raw: &[u8]) -> Held {
    let decision = Decision {
        verdict: Verdict::Hold,
        action: Verdict::Hold,
        category: None,
        score: Some(5.0),
        base: 0.0,
        threshold: 4.6,
        reasons: Vec::new(),
        gaps: Vec::new(),
    };
    let envelope = Envelope { recipients: to(recipients), ..Envelope::default() };
    Held::new(id(n), &decision, &envelope, &Identity::new(None, raw), raw)
}

fn keep_in(store: &Arc<Store>, n: u128, recipients: &[&str], raw: &[u8], settings: &Settings) -> Result<Claim, Unkept> {
    store.keep(held(n, recipients, raw), &Identity::new(None, raw), raw, settings, NOW)
}

fn keep(store: &Arc<Store>, n: u128, recipients: &[&str]) -> Claim {
    keep_in(store, n, recipients, MAIL_TEXT, &Settings::default()).expect("kept")
}

fn hear(claim: Claim) {
    claim.heard();
    claim.write_down();
}

/// What is kept: the message's number, its recipients, and whether the MTA may not know.
fn listed(folder: &Folder) -> Vec<(DecisionId, usize, bool)> {
    let Listing { kept, unreadable } = folder.list().expect("readable");
    assert!(unreadable.is_empty(), "{unreadable:?}");
    for one in &kept {
        let (_, content) = folder.content(one.held.id).expect("whole").expect("there");
        assert_eq!(content.len() as u64, one.held.bytes);
    }
    kept.into_iter().map(|kept| (kept.held.id, kept.held.recipients.len(), kept.unheard)).collect()
}

fn open() -> (tempfile::TempDir, Arc<Store>) {
    let state = tempfile::tempdir().expect("a directory");
    let store = Arc::new(Store::open(state.path()).expect("opens"));
    (state, store)
}

#[test]
fn whatever_is_repeated_is_kept_once_for_each_recipient() {
    let (state, store) = open();
    let folder = Folder::of(state.path());
    let before = |recipients: &[&str]| store.kept_before(None, &to(recipients), MAIL_TEXT, NOW).expect("readable");
    assert_eq!(before(&BOTH), None);
    let first = keep(&store, 1, &BOTH[..1]);
    assert_eq!((first.repeats(), listed(&folder)), (None, vec![(id(1), 1, true)]));
    hear(first);
    assert_eq!(listed(&folder), [(id(1), 1, false)]);
    assert_eq!((before(&BOTH[..1]), before(&BOTH[1..])), (Some(id(1)), None));
    let second = keep(&store, 2, &BOTH);
    assert_eq!(second.repeats(), Some(id(1)));
    hear(second);
    assert_eq!(listed(&folder), [(id(1), 1, false), (id(2), 1, false)]);
    hear(keep(&store, 3, &BOTH));
    hear(keep_in(&store, 4, &BOTH, &MAIL_TEXT.repeat(2), &Settings::default()).expect("kept"));
    assert_eq!(listed(&folder).len(), 3, "another content is another message");
    drop((store, folder));
    let store = Arc::new(Store::open(state.path()).expect("opens again"));
    assert_eq!(keep(&store, 5, &BOTH).repeats(), Some(id(1)));
    let late = Moment(NOW.0 + 7 * 86_400_000);
    assert_eq!(store.kept_before(None, &to(&BOTH), MAIL_TEXT, late).expect("readable"), None);
}

#[test]
fn what_nobody_was_told_of_is_withdrawn() {
    let (state, store) = open();
    let folder = Folder::of(state.path());
    drop(keep(&store, 1, &BOTH));
    assert_eq!(listed(&folder), []);
    assert_eq!(store.kept_before(None, &to(&BOTH), MAIL_TEXT, NOW).expect("readable"), None);
    // Two answers under way rest on one copy: it goes with the last of them that was not heard.
    let (first, second) = (keep(&store, 2, &BOTH), keep(&store, 3, &BOTH));
    drop(first);
    assert_eq!(listed(&folder), [(id(2), 2, true)]);
    hear(second);
    assert_eq!(listed(&folder), [(id(2), 2, false)]);
    drop(keep(&store, 4, &BOTH));
    assert_eq!(listed(&folder), [(id(2), 2, false)], "it was heard of before");
}

#[test]
fn what_was_deleted_or_released_is_not_kept_again() {
    let (state, store) = open();
    let folder = Folder::of(state.path());
    hear(keep(&store, 1, &BOTH));
    assert!(folder.remove(id(1), "ann", What::Deleted, NOW).expect("removed"));
    assert!(!folder.remove(id(1), "ann", What::Deleted, NOW).expect("gone already"));
    assert_eq!(listed(&folder), []);
    hear(keep(&store, 2, &BOTH));
    assert_eq!(listed(&folder), []);
    drop(store);
    let store = Arc::new(Store::open(state.path()).expect("opens again"));
    hear(keep(&store, 3, &BOTH));
    assert_eq!((listed(&folder), store.index().bytes()), (vec![], 0));
    let words: Vec<_> = folder.read_log().expect("readable").iter().map(|event| event.what.clone()).collect();
    assert!(
        matches!(words[..], [What::Kept { .. }, What::Deleted, What::Repeated { .. }, What::Repeated { .. }]),
        "{words:?}"
    );
    let late = Moment(NOW.0 + 7 * 86_400_000);
    assert_eq!(store.expire(&Settings::default(), late).expect("readable"), 0);
    assert_eq!(folder.files().expect("readable").len(), 0, "a repetition is not expected any more");
}

#[test]
fn old_messages_expire() {
    let (state, store) = open();
    let folder = Folder::of(state.path());
    hear(keep(&store, 1, &BOTH));
    let expire = |days: u32, at: f64| {
        let settings = Settings { kept_days_max: days, ..Settings::default() };
        store.expire(&settings, Moment(NOW.0 + (at * 86_400_000.0) as i64)).expect("readable")
    };
    assert_eq!((expire(30, 30.0), expire(0, 900.0)), (0, 0));
    assert_eq!((expire(30, 30.01), listed(&folder).len(), store.index().bytes()), (1, 0, 0));
}

#[test]
fn the_store_has_limits_and_what_was_released_makes_room() {
    let (state, store) = open();
    let folder = Folder::of(state.path());
    let raw = |n: u128| [format!("Message-ID: <{n}@x>\r\n").as_bytes(), MAIL_TEXT].concat();
    let settings = Settings { kept_messages_max: 2, ..Settings::default() };
    for n in 1..=2 {
        hear(keep_in(&store, n, &BOTH, &raw(n), &settings).expect("room"));
    }
    let full = keep_in(&store, 3, &BOTH, &raw(3), &settings).map(drop);
    assert!(matches!(full, Err(Unkept::Full("kept_messages_max"))), "{full:?}");
    let bytes = Settings { kept_bytes_max: store.index().bytes(), ..Settings::default() };
    let full = keep_in(&store, 4, &BOTH, &raw(4), &bytes).map(drop);
    assert!(matches!(full, Err(Unkept::Full("kept_bytes_max"))), "{full:?}");
    let kept = folder.find(id(1)).expect("readable").expect("there");
    let released = What::Released { token: "t".into(), to: to(&BOTH), answer: String::new() };
    assert!(folder.note(&kept.held, &Event::new(id(1), "ann", NOW, released), |_| true).expect("written"));
    *store.searched.lock().expect("whole") = None;
    hear(keep_in(&store, 5, &BOTH, &raw(5), &settings).expect("what was released made room"));
    assert_eq!(listed(&folder).iter().map(|(id, ..)| *id).collect::<Vec<_>>(), [id(2), id(5)]);
    assert_eq!(listed(&folder).len(), store.index().messages());
}

/// A disk on which the process ends after so many steps, the last of which may be half done; or the disk is full then.
struct Mortal {
    disk: Directory,
    folder: Folder,
    left: Arc<AtomicUsize>,
    /// Whether it can go on after that step.
    mends: bool,
}

impl Mortal {
    fn step(&self) -> io::Result<()> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 && !self.mends {
            return Err(io::Error::other("the process has ended"));
        }
        self.left.store(left.wrapping_sub(1), Ordering::Relaxed);
        if left == 0 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Disk for Mortal {
    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.step().inspect_err(|_| {
            // Half of it is there all the same.
            if self.left.load(Ordering::Relaxed) == 0 {
                std::fs::write(self.folder.path().join(name), &bytes[..bytes.len() / 2]).expect("room");
                self.left.store(usize::from(self.mends) * usize::MAX, Ordering::Relaxed);
            }
        })?;
        self.disk.write(name, bytes)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.step()?;
        self.disk.sync(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.step()?;
        self.disk.rename(from, to)
    }

    fn sync_names(&self) -> io::Result<()> {
        self.step()?;
        self.disk.sync_names()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.step()?;
        self.disk.remove(name)
    }
}

/// A process that keeps a message and tells the MTA, and ends after so many steps. Whether the MTA heard it.
fn life(state: &Path, steps: usize, n: u128, mends: bool) -> bool {
    let folder = Folder::of(state);
    folder.make().expect("room");
    let left = Arc::new(AtomicUsize::new(usize::MAX));
    let disk = Mortal { disk: Directory::new(folder.path()), folder: folder.clone(), left: Arc::clone(&left), mends };
    let Ok(store) = Store::open_on(folder, Box::new(disk)).map(Arc::new) else { return false };
    left.store(steps, Ordering::Relaxed);
    match keep_in(&store, n, &BOTH, MAIL_TEXT, &Settings::default()) {
        Ok(claim) => {
            claim.heard();
            claim.write_down();
            true
        }
        Err(_) => false,
    }
}

#[test]
fn a_process_that_ends_after_any_step_loses_and_doubles_nothing() {
    for mends in [false, true] {
        for steps in 0..9 {
            let state = tempfile::tempdir().expect("a directory");
            let folder = Folder::of(state.path());
            let heard = life(state.path(), steps, 1, mends);
            assert!(!heard || listed(&folder).len() == 1, "after {steps} steps the MTA was told, and it is lost");
            // The MTA brings what it heard nothing of again, and sometimes what it did.
            assert!(life(state.path(), usize::MAX, 2, false));
            let kept = listed(&folder);
            assert_eq!(kept.len(), 1, "after {steps} steps: {kept:?}");
            assert!(!kept[0].2, "after {steps} steps nobody knows that the MTA knows");
            let drafts = folder.files().expect("readable").values().flatten().filter(|kind| *kind == DRAFT).count();
            assert_eq!(drafts, 0);
        }
    }
}

#[test]
fn a_second_process_keeps_nothing_in_the_same_store() {
    let (state, store) = open();
    assert!(matches!(Store::open(state.path()).map(drop), Err(Unkept::Locked)));
    drop(store);
    assert!(Store::open(state.path()).is_ok());
}

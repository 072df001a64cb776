//! A person is forgotten: no file of the store holds the address, the name, or any hash of them.

use std::fs;
use std::path::Path;

use kith::baseline::{Addresses, Baselines, Learned, Portrait, Settings, Shape, Subject};
use kith::mail::Moment;

use super::baseline::Mail;
use super::baseline_anew::{address, export, learn};

/// Of letters that occur nowhere else, so that a compressing store cannot hide them behind a repetition.
const WHO: &str = "zqxjwk7719@vfbgk.example";
const NAME: &str = "Yqhwzx Kvjpqd";
const NAME_AS_COUNTED: &str = "kvjpqd yqhwzx";

fn settings(addresses: Addresses) -> Settings {
    // The smallest buffers, so that much of the store is in its tables.
    Settings { addresses, write_buffer_bytes_max: 1, commit_milliseconds: 1, ..super::baseline::settings() }
}

/// Mail of, to and about the person, among mail of others.
fn mails() -> Vec<Mail> {
    let mut mails = Vec::new();
    for n in 0..900i64 {
        let other = format!("p{}@x{}.example", n % 40, n % 40);
        let (id, at) = (format!("{n}@mail"), Moment(n * 600_000));
        let mail = match n % 9 {
            0 => Mail::new(&id, WHO, &["own1@own.example"]).named(NAME),
            1 => Mail::new(&id, "own1@own.example", &[WHO]).logged_in().named("Own One"),
            2 => Mail { calls: NAME.to_owned(), ..Mail::new(&id, "own1@own.example", &[WHO, &other]).logged_in() },
            3 => Mail::new(&id, &other, &["own1@own.example", WHO]).named("Other").answering(&["0@mail"]),
            4 => Mail::new(&id, &other, &[WHO]).unproved(),
            _ => Mail::new(&id, &other, &["own2@own.example"]).named("Other"),
        };
        mails.push(Mail { at, ..mail });
    }
    mails
}

/// The bytes of all files below a folder, with their names.
fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("readable")));
        }
    }
    found
}

/// In how many files some bytes stand, also in the files' names.
fn grep(files: &[(String, Vec<u8>)], needle: &[u8]) -> usize {
    let holds = |bytes: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    files.iter().filter(|(name, bytes)| holds(bytes) || holds(name.as_bytes())).count()
}

/// A mark as facts hold it: seven bits a byte, the lowest first.
fn varint(mark: &[u8]) -> Vec<u8> {
    let mut rest = u32::from_le_bytes(mark.try_into().expect("four bytes"));
    let mut bytes = Vec::new();
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).expect("hex")).collect()
}

/// The marks of who takes part in threads, as the profiles of threads keep them.
fn participants(portraits: &[Portrait]) -> Vec<Vec<u8>> {
    let threads = portraits.iter().filter(|portrait| portrait.kind == "thread");
    let shown = threads.filter_map(|portrait| match &portrait.shape {
        Shape::Profile(_, customs) => customs.iter().find(|custom| custom.name == "participant"),
        Shape::Name(_) => None,
    });
    let marks = shown.flat_map(|custom| custom.values.iter().filter_map(|(value, _)| value.strip_prefix('#')));
    let mut marks: Vec<Vec<u8>> = marks.map(|mark| unhex(mark).into_iter().rev().collect()).collect();
    marks.sort();
    marks.dedup();
    marks
}

/// Everything by which the person could be found in the files: what is plain, and every hash.
fn needles(baselines: &Baselines, portraits: &[Portrait], addresses: Addresses) -> Vec<(String, Vec<u8>)> {
    let who = address(WHO);
    let mut needles = Vec::new();
    for subject in [
        Subject::Sender(who.clone()),
        Subject::Recipient(who.clone()),
        Subject::Domain(who.domain().clone()),
        Subject::Pair(who.clone(), address("own1@own.example")),
        Subject::Pair(address("own1@own.example"), who.clone()),
    ] {
        let portrait = baselines.portray(&subject, Moment(0)).expect("readable").expect("known");
        // Tables shorten what neighbouring keys share, which is their first bytes: the place, the kind, and of those of
        // one kind in one place a byte or so more.
        let key = unhex(&portrait.key);
        needles.push((format!("{subject:?}"), key[8..].to_vec()));
        if matches!(subject, Subject::Sender(_)) {
            needles.push(("the place of the address".to_owned(), key[1..6].to_vec()));
        }
    }
    let named: Vec<_> = portraits.iter().filter(|p| p.kind == "name").collect();
    assert!(named.len() >= 3);
    if addresses == Addresses::Plain {
        needles.push(("address".to_owned(), WHO.as_bytes().to_vec()));
        needles.push(("name".to_owned(), NAME_AS_COUNTED.as_bytes().to_vec()));
        let own: Vec<_> = named.iter().filter(|p| p.about == [NAME_AS_COUNTED]).collect();
        assert_eq!(own.len(), 1);
        needles.push(("name's key".to_owned(), unhex(&own[0].key)[5..].to_vec()));
    } else {
        let pair = portraits.iter().filter(|p| p.kind == "pair").flat_map(|p| &p.about).collect::<Vec<_>>();
        let sender = baselines.portray(&Subject::Sender(who), Moment(0)).expect("readable").expect("known");
        let hashed = portraits.iter().find(|p| p.kind == "sender" && p.key == sender.key).expect("exported");
        assert!(hashed.about[0].starts_with('#') && pair.contains(&&hashed.about[0]));
        needles.push(("pseudonym".to_owned(), hashed.about[0].clone().into_bytes()));
    }
    needles
}

fn check(addresses: Addresses) {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let baselines = Baselines::open(&dir, &settings(addresses)).expect("writable");
    let mails = mails();
    mails.iter().for_each(|mail| assert_eq!(learn(&baselines, mail), Learned::Counted));
    baselines.set_import_mark("a mailbox", 900);
    let portraits = export(&baselines, Moment(0));
    let mut needles = needles(&baselines, &portraits, addresses);
    let marks = participants(&portraits);
    let before = files(folder.path());
    assert!(before.iter().any(|(name, _)| name.contains("/tables/")), "some of it is in tables");
    let forgotten = baselines.forget(&[address(WHO)], |_, _| {}).expect("room");
    assert_eq!((forgotten.written, forgotten.received), (100, 400));
    let left = Baselines::open(&dir, &settings(addresses)).expect("there");
    let kept = participants(&export(&left, Moment(0)));
    let gone: Vec<_> = marks.into_iter().filter(|mark| !kept.contains(mark)).collect();
    assert!(!gone.is_empty() && !kept.is_empty(), "the person took part in a thread, and others did");
    for mark in gone {
        needles.push(("mark in facts".to_owned(), varint(&mark)));
        needles.push(("mark in profiles".to_owned(), mark));
    }
    for (what, needle) in &needles {
        assert!(grep(&before, needle) > 0, "{what} was there before");
    }
    // What was learned of others since must not bring it back either.
    learn(&left, &Mail::new("later", "p1@x1.example", &["own1@own.example"]).on(20));
    left.sync().expect("room");
    drop(left);
    drop(Baselines::open(&dir, &settings(addresses)).expect("there"));
    let after = files(folder.path());
    for (what, needle) in &needles {
        assert_eq!(grep(&after, needle), 0, "{what} is gone");
    }
    assert_eq!(fs::read_dir(folder.path()).expect("readable").count(), 1, "nothing is left beside the store");
    check_others(&Baselines::open(&dir, &settings(addresses)).expect("there"), &mails);
}

/// Whether what is known of others is what their mail among themselves tells.
fn check_others(left: &Baselines, mails: &[Mail]) {
    let seen = |subject| {
        left.portray(&subject, Moment(0)).expect("readable").map(|portrait| match portrait.shape {
            Shape::Profile(profile, _) => profile.seen as usize,
            Shape::Name(_) => 0,
        })
    };
    assert_eq!(seen(Subject::Sender(address(WHO))), None);
    assert_eq!(seen(Subject::Recipient(address(WHO))), None);
    let expected = mails.iter().filter(|mail| mail.from == "p7@x7.example").count();
    assert_eq!(seen(Subject::Sender(address("p7@x7.example"))), Some(expected));
    assert_eq!(left.import_mark("a mailbox"), Some(900), "the mailbox is not learned again");
}

#[test]
fn a_forgotten_person_is_in_no_file_of_the_store() {
    check(Addresses::Plain);
}

#[test]
fn a_forgotten_person_is_in_no_file_of_a_hashed_store() {
    check(Addresses::Hashed);
}

#[test]
fn somebody_unknown_is_forgotten_without_harm() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("baseline");
    let baselines = Baselines::open(&dir, &settings(Addresses::Plain)).expect("writable");
    mails().iter().take(50).for_each(|mail| assert_eq!(learn(&baselines, mail), Learned::Counted));
    let before = export(&baselines, Moment(0));
    let forgotten = baselines.forget(&[address("nobody@nowhere.example")], |_, _| {}).expect("room");
    assert_eq!((forgotten.written, forgotten.received), (0, 0));
    assert_eq!(export(&Baselines::open(&dir, &settings(Addresses::Plain)).expect("there"), Moment(0)), before);
}

//! The index over journals that grow, are put aside, expire and are large.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::journal::{Entry, Session};

const LONG: Duration = Duration::from_secs(60);

/// A journal that a test writes, and its index.
struct Place {
    root: tempfile::TempDir,
    index: Index,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a directory");
        fs::create_dir(root.path().join("journal")).expect("made");
        let index = Index::open(&root.path().join("journal"), &root.path().join("index")).expect("opened");
        Self { root, index }
    }

    fn current(&self) -> PathBuf {
        self.root.path().join("journal/journal.jsonl")
    }

    /// Writes decisions numbered so; each tenth is held, and the number stands in the subject.
    fn write(&self, numbers: std::ops::Range<i64>) {
        let mut text = String::new();
        for number in numbers {
            text.push_str(&serde_json::to_string(&entry(number)).expect("serialises"));
            text.push('\n');
        }
        let before = fs::read_to_string(self.current()).unwrap_or_default();
        let file = fs::OpenOptions::new().append(true).create(true).open(self.current());
        io::Write::write_all(&mut file.expect("opened"), text.as_bytes()).expect("written");
        assert!(fs::read_to_string(self.current()).expect("text").starts_with(&before));
    }

    fn put_aside(&self, number: i64) {
        let name = format!("journal/journal-{number:08}Z.jsonl");
        fs::rename(self.current(), self.root.path().join(name)).expect("renamed");
    }

    fn build(&self) {
        while self.index.build_one().expect("built") {}
    }

    fn page(&self, wanted: &Wanted, before: Option<Cursor>, hits_max: usize) -> Page {
        self.index.search(wanted, before, hits_max, LONG).expect("searched")
    }

    /// The numbers of all that is found, page by page.
    #[track_caller]
    fn check(&self, wanted: &Wanted, expected: &[i64]) {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = self.page(wanted, before, 3);
            found.extend(page.hits.iter().map(|hit| hit.row.id.moment().0));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{wanted:?}");
    }
}

fn entry(number: i64) -> Entry {
    Entry {
        id: DecisionId::new(Moment(number), 1),
        at: Moment(number).rfc3339(),
        envelope: Session {
            sender: Some(format!("Sender{number}@Example.org")),
            recipients: vec![format!("own{}@kith.test", number % 3)],
            ..Session::default()
        },
        author: Some("Äuthor@example.net".into()),
        subject: Some(format!("Größe number {number}.")),
        verdict: if number % 10 == 0 { Verdict::Hold } else { Verdict::Accept },
        category: (number % 20 == 0).then_some(Category::Malware),
        ..Entry::default()
    }
}

fn wanted() -> Wanted {
    Wanted::default()
}

#[test]
fn the_newest_comes_first_across_files() {
    let place = Place::new();
    place.check(&wanted(), &[]);
    place.write(1..4);
    place.check(&wanted(), &[3, 2, 1]);
    place.put_aside(1);
    place.write(4..9);
    place.check(&wanted(), &[8, 7, 6, 5, 4, 3, 2, 1]);
    place.put_aside(2);
    place.check(&wanted(), &[8, 7, 6, 5, 4, 3, 2, 1]);
    place.write(9..10);
    place.check(&wanted(), &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
}

#[test]
fn filters_find_what_they_name_and_nothing_else() {
    let place = Place::new();
    place.write(1..15);
    place.put_aside(1);
    place.write(15..31);
    place.build();
    place.check(&Wanted { verdict: Some(Verdict::Hold), ..wanted() }, &[30, 20, 10]);
    place.check(&Wanted { verdict: Some(Verdict::Reject), ..wanted() }, &[]);
    place.check(&Wanted { category: Some(Category::Malware), ..wanted() }, &[20]);
    place.check(&Wanted { category: Some(Category::Spam), ..wanted() }, &[]);
    place.check(&Wanted { sender: " sender11@EXAMPLE ".into(), ..wanted() }, &[11]);
    place.check(&Wanted { sender: "kith.test".into(), ..wanted() }, &[]);
    place.check(&Wanted { recipient: "own2@".into(), text: "number 2".into(), ..wanted() }, &[29, 26, 23, 20, 2]);
    place.check(&Wanted { recipient: "sender11".into(), ..wanted() }, &[]);
    place.check(&Wanted { text: "NUMBER 7.".into(), ..wanted() }, &[7]);
    place.check(&Wanted { text: "größe NUMBER 17".into(), ..wanted() }, &[17]);
    let page = place.page(&Wanted { text: "nowhere".into(), ..wanted() }, None, 3);
    assert_eq!((page.hits.len(), page.next, page.searched_back_to), (0, None, None));
}

#[test]
fn pages_hold_while_the_journal_grows_is_put_aside_and_expires() {
    let place = Place::new();
    place.write(1..4);
    place.put_aside(1);
    place.write(4..9);
    place.build();
    let first = place.page(&wanted(), None, 2);
    place.write(9..12);
    place.put_aside(2);
    place.write(12..20);
    let second = place.page(&wanted(), first.next, 2);
    let numbers: Vec<i64> = second.hits.iter().map(|hit| hit.row.id.moment().0).collect();
    assert_eq!(numbers, [6, 5]);
    fs::remove_file(place.root.path().join("journal/journal-00000002Z.jsonl")).expect("removed");
    let third = place.page(&wanted(), second.next, 2);
    let numbers: Vec<i64> = third.hits.iter().map(|hit| hit.row.id.moment().0).collect();
    assert_eq!(numbers, [3, 2], "what expired is passed over");
    place.build();
    assert_eq!(fs::read_dir(place.root.path().join("index")).expect("listed").count(), 1);
}

#[test]
fn a_search_that_takes_too_long_says_how_far_it_came() {
    let place = Place::new();
    for number in 0..4 {
        place.write(number * 5 + 1..number * 5 + 6);
        place.put_aside(number);
    }
    place.build();
    let rare = Wanted { text: "number 2.".into(), ..wanted() };
    let (mut before, mut pages) = (None, 0);
    let found = loop {
        let page = place.index.search(&rare, before, 3, Duration::ZERO).expect("searched");
        pages += 1;
        if page.next.is_none() {
            break page;
        }
        assert!(page.hits.is_empty() && page.searched_back_to.is_some());
        before = page.next;
    };
    assert_eq!((pages, found.hits.len()), (4, 1));
}

#[test]
fn sheets_outlive_a_restart_and_damaged_ones_are_made_anew() {
    let place = Place::new();
    place.write(1..6);
    place.put_aside(1);
    let unbuilt = place.page(&wanted(), None, 9);
    assert!(unbuilt.is_building && unbuilt.hits.is_empty());
    place.build();
    let sheet = place.root.path().join("index/journal-00000001Z.jsonl.sheet");
    let again = || Index::open(&place.root.path().join("journal"), &place.root.path().join("index")).expect("opened");
    let stamp = || fs::metadata(&sheet).expect("kept").modified().expect("a time");
    let (made, index) = (stamp(), again());
    while index.build_one().expect("built") {}
    assert_eq!(stamp(), made, "it was not made again");
    fs::write(&sheet, "damaged").expect("written");
    let index = again();
    while index.build_one().expect("built") {}
    assert_eq!(index.search(&wanted(), None, 9, LONG).expect("searched").hits.len(), 5);
}

#[test]
fn an_entry_is_read_at_its_place_wherever_it_stands() {
    let place = Place::new();
    for number in 0..3 {
        place.write(number * 5 + 1..number * 5 + 6);
        place.put_aside(number);
    }
    place.write(16..18);
    let find = |number| place.index.entry(DecisionId::new(Moment(number), 1)).expect("readable");
    assert_eq!(find(3).map(|entry| entry.id.moment().0), Some(3), "by searching, before the index is made");
    place.build();
    for number in [1, 5, 6, 10, 15, 16, 17] {
        assert_eq!(find(number), Some(entry(number)), "{number}");
    }
    assert_eq!(find(18), None);
}

#[test]
fn a_journal_that_was_cut_back_is_read_anew() {
    let place = Place::new();
    place.write(1..4);
    place.check(&wanted(), &[3, 2, 1]);
    let whole = fs::read_to_string(place.current()).expect("text");
    let file = fs::OpenOptions::new().write(true).open(place.current()).expect("opened");
    file.set_len(whole.find('\n').expect("a line") as u64 + 1).expect("cut");
    place.check(&wanted(), &[1]);
}

#[test]
fn cursors_are_read_as_they_were_written() {
    let cursor = Cursor { first: DecisionId::new(Moment(5), 1), row: 70 };
    assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
    for text in ["", "-", "x-1", "01HF7YAT000000000000000001-", "01HF7YAT000000000000000001--1"] {
        assert_eq!(Cursor::parse(text), None, "{text}");
    }
}

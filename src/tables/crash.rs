//! Packing that ends at any step: nothing is lost, nothing is doubled, and readers never see half of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::disk::Disk;
use super::file::Writer;
use super::pack::{Packed, open_lock, pack_on};
use super::{Cells, Column, FOLDER, Kind, PackError, Period, Settings, Tables, columns, pack};
use crate::decision::DecisionId;
use crate::mail::Moment;

const HOUR: i64 = 3_600_000;
/// 2023-11-14 22:13:20.
const START: i64 = 1_700_000_000_000;

pub(super) struct Place(tempfile::TempDir);

impl Place {
    pub(super) fn new() -> Self {
        let place = Self(tempfile::tempdir().expect("a directory"));
        fs::create_dir_all(place.state().join("journal")).expect("made");
        place
    }

    pub(super) fn state(&self) -> &Path {
        self.0.path()
    }

    /// Writes decisions of those moments, with two recipients and a contribution each, into a file of the journal.
    fn journal(&self, name: &str, moments: &[i64]) {
        let lines: String = moments.iter().map(|ms| line(*ms)).collect();
        fs::write(self.state().join("journal").join(name), lines).expect("written");
    }

    fn pack(&self, now: i64) -> Packed {
        pack(self.state(), &Settings::default(), Moment(now), &mut || {}).expect("packed")
    }

    /// Packs, but ends at a step; whether it came to its end before.
    fn pack_until(&self, now: i64, steps: usize) -> bool {
        let disk = Disk::open(&self.state().join(FOLDER)).expect("opened");
        disk.steps_left.set(Some(steps));
        match pack_on(&disk, self.state(), &Settings::default(), Moment(now), &mut || {}) {
            Ok(_) => true,
            Err(PackError::Io(error)) => {
                assert_eq!(error.to_string(), "killed");
                false
            }
            Err(PackError::Busy) => panic!("nobody else packs"),
        }
    }

    /// How many rows of each decision a table has.
    fn rows(&self, table: &str) -> BTreeMap<String, usize> {
        let mut rows = BTreeMap::new();
        let tables = Tables::open(self.state()).expect("opened");
        let scanned = tables.scan(table, &columns(table)[..1], &Period::default(), &mut |group| {
            let Cells::Text(ids) = &group.cells[0] else { panic!("ids are texts") };
            for id in ids.iter().flatten() {
                *rows.entry(id.clone()).or_insert(0) += 1;
            }
            true
        });
        scanned.expect("read");
        rows
    }

    fn check(&self, moments: &[i64]) {
        for (table, each) in [("decisions", 1), ("deliveries", 2), ("signals", 1), ("contributions", 1)] {
            let expected: BTreeMap<_, _> = moments.iter().map(|ms| (id(*ms).to_string(), each)).collect();
            assert_eq!(self.rows(table), expected, "{table}");
        }
    }
}

fn id(ms: i64) -> DecisionId {
    DecisionId::new(Moment(ms), 7)
}

fn line(ms: i64) -> String {
    let at = Moment(ms).rfc3339();
    format!(
        "{{\"id\":\"{}\",\"at\":\"{at}\",\"verdict\":\"hold\",\"envelope\":{{\"recipients\":[\"a@own.example\",\
         \"b@own.example\"],\"recipient_count\":2}},\"contributions\":{{\"reply_to_differs\":1.5}}}}\n",
        id(ms)
    )
}

const AHEAD: i64 = START + 3 * HOUR;

fn moments() -> Vec<i64> {
    vec![START, START + 5, START + HOUR, START + HOUR + 9, START + 2 * HOUR]
}

fn place() -> Place {
    let place = Place::new();
    place.journal("journal-20231114T231320.000Z.jsonl", &moments()[..3]);
    place.journal("journal.jsonl", &moments()[3..]);
    place
}

#[test]
fn a_journal_packed_twice_doubles_nothing() {
    let place = place();
    assert_eq!(place.pack(AHEAD).decisions, 5);
    place.check(&moments());
    assert_eq!(place.pack(AHEAD).decisions, 0);
    // Without the progress all lines are read again, and known by their ids.
    fs::remove_file(place.state().join("tables/progress.json")).expect("removed");
    let packed = place.pack(AHEAD);
    assert_eq!((packed.decisions, packed.known), (0, 5));
    place.check(&moments());
}

#[test]
fn a_file_that_is_put_aside_is_packed_on() {
    let place = place();
    place.pack(AHEAD);
    let folder = place.state().join("journal");
    fs::rename(folder.join("journal.jsonl"), folder.join("journal-20231115T011320.000Z.jsonl")).expect("renamed");
    place.journal("journal.jsonl", &[AHEAD]);
    let packed = place.pack(AHEAD + 1);
    assert_eq!((packed.decisions, packed.known), (1, 0));
    place.check(&[moments(), vec![AHEAD]].concat());
}

#[test]
fn lines_that_a_loss_of_power_took_are_packed_once_they_come_again() {
    let place = place();
    place.pack(AHEAD);
    place.journal("journal.jsonl", &[moments()[3], AHEAD, AHEAD + 1]);
    let packed = place.pack(AHEAD + 1);
    assert_eq!((packed.decisions, packed.known), (2, 1));
    place.check(&[moments(), vec![AHEAD, AHEAD + 1]].concat());
}

#[test]
fn a_packing_that_ends_at_any_step_loses_and_doubles_nothing() {
    let (moments, mut steps) = ([START, START + HOUR], 0);
    loop {
        let place = Place::new();
        place.journal("journal.jsonl", &moments);
        let ended = place.pack_until(START, steps);
        let seen = place.rows("decisions");
        assert!(seen.values().all(|rows| *rows == 1), "{steps}: {seen:?}");
        for table in ["deliveries", "signals", "contributions"] {
            assert_eq!(place.rows(table).len(), seen.len(), "{steps} {table}");
        }
        place.pack(START);
        place.check(&moments);
        if ended {
            break;
        }
        steps += 1;
    }
    assert!(steps > 30, "{steps}");
}

#[test]
fn a_merging_that_ends_at_any_step_loses_and_doubles_nothing() {
    let (later, all, mut steps) = (START + 30 * HOUR, [START, START + 11], 0);
    loop {
        let place = Place::new();
        place.journal("journal.jsonl", &all[..1]);
        place.pack(START);
        place.journal("journal.jsonl", &all);
        place.pack(START);
        let ended = place.pack_until(later, steps);
        place.check(&all);
        place.pack(later);
        place.check(&all);
        let days: Vec<_> = walk(&place.state().join("tables/signals"));
        assert_eq!(days.len(), 1, "{steps}: {days:?}");
        if ended {
            break;
        }
        steps += 1;
    }
    assert!(steps > 30, "{steps}");
}

fn walk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path.display().to_string()) }
    }
    found
}

#[test]
fn old_days_are_dropped() {
    let place = place();
    place.pack(AHEAD);
    let settings = Settings { days_max: 1, ..Settings::default() };
    let packed = pack(place.state(), &settings, Moment(START + 40 * HOUR), &mut || {}).expect("packed");
    assert_eq!(packed.dropped, 1);
    place.check(&moments()[4..]);
    let kept = Settings { days_max: 0, ..Settings::default() };
    let packed = pack(place.state(), &kept, Moment(START + 4_000 * HOUR), &mut || {}).expect("packed");
    assert_eq!(packed.dropped, 0);
}

#[test]
fn days_can_be_chosen() {
    let place = place();
    place.pack(AHEAD);
    let count = |since: Option<&str>, until: Option<&str>| {
        let mut rows = 0;
        let period = Period { since: since.map(str::to_owned), until: until.map(str::to_owned) };
        let tables = Tables::open(place.state()).expect("opened");
        let all = tables.scan("decisions", &[], &period, &mut |group| {
            rows += group.count;
            true
        });
        all.expect("read");
        rows
    };
    assert_eq!((count(None, None), count(Some("2023-11-15"), None), count(None, Some("2023-11-14"))), (5, 1, 4));
}

#[test]
fn what_cannot_be_read_is_counted_and_the_labels_follow() {
    let place = Place::new();
    let text = line(START) + "garbled\n" + &line(START + 1) + "{\"id\":\"torn";
    fs::write(place.state().join("journal/journal.jsonl"), text).expect("written");
    let label = format!("{{\"id\":\"{}\",\"label\":\"safe\",\"at\":\"2023-11-15T00:00:00Z\"}}\n", id(START));
    fs::write(place.state().join("labels.jsonl"), &label).expect("written");
    let packed = place.pack(START);
    assert_eq!((packed.decisions, packed.unread), (2, 1));
    assert_eq!(place.rows("labels").values().copied().collect::<Vec<_>>(), [1]);
    fs::write(place.state().join("labels.jsonl"), label.repeat(2)).expect("written");
    place.pack(START);
    assert_eq!(place.rows("labels").values().copied().collect::<Vec<_>>(), [2]);
}

#[test]
fn a_second_packer_is_sent_away() {
    let place = place();
    place.pack(AHEAD);
    let lock = open_lock(&place.state().join(FOLDER), "pack.lock").expect("opened");
    lock.lock().expect("locked");
    let refused = pack(place.state(), &Settings::default(), Moment(AHEAD), &mut || {});
    assert!(matches!(refused, Err(PackError::Busy)));
}

#[test]
fn files_of_older_registries_are_read_beside_newer_ones() {
    let place = place();
    place.pack(AHEAD);
    let folder = place.state().join("tables/signals/date=2023-11-14/hour=05");
    fs::create_dir_all(&folder).expect("made");
    let column = |name: &'static str, kind| Column { name: name.into(), kind };
    let old = [column("id", Kind::Text), column("signal_of_old", Kind::Float)];
    let file = fs::File::create(folder.join("00000000.parquet")).expect("made");
    let cells = [Cells::Text(vec![Some(id(START - HOUR).to_string())]), Cells::Float(vec![Some(2.5)])];
    let mut writer = Writer::begin(file, &old, &cells).expect("begun");
    writer.add(&cells).expect("written");
    writer.end().expect("ended");
    let check = || {
        let tables = Tables::open(place.state()).expect("opened");
        let known = tables.columns("signals", &Period::default()).expect("read");
        assert!(known.contains(&old[1]));
        let mut values = Vec::new();
        let all = tables.scan("signals", &old[1..], &Period::default(), &mut |group| {
            let Cells::Float(cells) = &group.cells[0] else { panic!("numbers") };
            values.extend(cells.clone());
            true
        });
        all.expect("read");
        assert_eq!(values.len(), 6);
        assert_eq!(values.into_iter().flatten().collect::<Vec<_>>(), [2.5]);
    };
    check();
    assert!(place.pack(START + 40 * HOUR).merged > 0);
    check();
}

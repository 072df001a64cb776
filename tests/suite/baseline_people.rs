//! People and suppliers as they are learned: whose name matters, which addresses are one person's, who sends invoices.

use std::path::Path;

use kith::baseline::{Attack, Baselines, Esteem, Learned, NameUse, Person, Settings, Shape};
use kith::mail::Moment;

use super::baseline::Mail;
use super::baseline_anew::{address, export, learned};
use super::commands::kith;

const DAY: i64 = 86_400_000;
const VERA: &str = "vera@own.example";
const PRIVATE: &str = "vera.chief@gmail.com";
const IMITATOR: &str = "vera.chief.ceo@gmail.com";
const PARTNER: &str = "p@partner.example";

fn copying(n: usize, to: &str) -> Mail {
    Mail {
        copies: vec![("Chief, Vera".to_owned(), to.to_owned())],
        ..Mail::new(&format!("copy {n} {to}"), &format!("own{n}@own.example"), &[PARTNER]).logged_in().named("Some One")
    }
}

/// Vera writes to a partner, and has her private mailbox copied; colleagues copy her.
fn letters(colleagues: usize) -> Vec<Mail> {
    let vera = |id: &str| Mail::new(id, VERA, &[PARTNER]).logged_in().named("Vera Chief");
    let home = Mail { copies: vec![("Vera Chief".to_owned(), PRIVATE.to_owned())], ..vera("home") };
    let mut mails = vec![vera("desk"), home];
    mails.extend((0..colleagues).map(|n| copying(n, VERA)));
    mails
}

/// How the name of a message from this address is known.
fn name_of(baselines: &Baselines, from: &str, reply: Option<&str>) -> NameUse {
    let mut query = Mail::new("ask", from, &["own1@own.example"]).named("VERA CHIEF").query();
    query.reply = reply.map(address);
    baselines.recall(&query).name.expect("named")
}

fn author_is_vera(baselines: &Baselines, from: &str) -> Option<bool> {
    name_of(baselines, from, None).person.author
}

fn important(baselines: &Baselines) -> Vec<(Vec<String>, Esteem)> {
    let names = baselines.important_names(Moment(0)).expect("readable").into_iter();
    names
        .filter_map(|portrait| match portrait.shape {
            Shape::Name(used) => Some((portrait.about, used.esteem)),
            Shape::Profile(..) => None,
        })
        .collect()
}

fn temporary() -> tempfile::TempDir {
    tempfile::tempdir().expect("writable")
}

#[test]
fn whom_many_copy_is_important() {
    let folder = temporary();
    let baselines = learned(&folder.path().join("b"), &letters(6));
    let used = name_of(&baselines, IMITATOR, Some(PRIVATE));
    assert!(used.own);
    assert_eq!(used.esteem, Esteem { written_by: 6, copied_by: 6, deferred_by: 0, important: true });
    let expected =
        Person { addresses: vec![VERA.to_owned(), PRIVATE.to_owned()], author: Some(false), reply: Some(true) };
    assert_eq!(used.person, expected);
    assert_eq!(author_is_vera(&baselines, PRIVATE), Some(true));
    assert_eq!(important(&baselines), [(vec!["chief vera".to_owned()], used.esteem)]);
    let few = temporary();
    assert!(important(&learned(&few.path().join("b"), &letters(5))).is_empty());
}

#[test]
fn a_title_tells_whom_a_letter_respects() {
    let folder = temporary();
    let mut mails = letters(0);
    mails.extend((0..3).map(|n| {
        let mail = Mail::new(&format!("{n}"), &format!("own{n}@own.example"), &[VERA]).logged_in();
        Mail { calls: "Vera Chief".to_owned(), text: "Dear Dr Chief,\n\nhere it is.".to_owned(), ..mail }
    }));
    let baselines = learned(&folder.path().join("b"), &mails);
    let esteem = name_of(&baselines, IMITATOR, None).esteem;
    assert_eq!(esteem, Esteem { written_by: 3, copied_by: 0, deferred_by: 3, important: true });
}

#[test]
fn an_imitator_gains_no_address_of_a_person() {
    let folder = temporary();
    let from = |id: &str| Mail::new(id, IMITATOR, &["own1@own.example"]).named("Vera Chief");
    let mut mails = letters(6);
    // He copies her true address, and his own; and a colleague answers him by her name.
    mails.push(Mail { copies: vec![("Vera Chief".to_owned(), VERA.to_owned())], ..from("1") });
    mails.push(Mail { copies: vec![("Vera Chief".to_owned(), IMITATOR.to_owned())], ..from("2") });
    let answer = Mail::new("3", "own1@own.example", &[IMITATOR]).logged_in().named("Some One");
    mails.push(Mail { calls: "Vera Chief".to_owned(), ..answer });
    // Nor do copies by strangers make anybody important.
    mails.extend((0..20).map(|n| Mail {
        copies: vec![("Eve Evil".to_owned(), "eve@own.example".to_owned())],
        ..Mail::new(&format!("s{n}"), &format!("s{n}@x{n}.example"), &["own1@own.example"])
    }));
    let baselines = learned(&folder.path().join("b"), &mails);
    assert_eq!(author_is_vera(&baselines, IMITATOR), Some(false));
    assert_eq!(author_is_vera(&baselines, VERA), Some(true));
    assert_eq!(important(&baselines).len(), 1);
}

#[test]
fn what_is_known_of_a_name_is_taken_back_made_anew_and_forgotten() {
    let folder = temporary();
    let dir = folder.path().join("b");
    let mails: Vec<Mail> = letters(6).into_iter().enumerate().map(|(day, mail)| mail.on(day as i64)).collect();
    let baselines = learned(&dir, &mails);
    let known = |baselines: &Baselines| {
        let all = export(baselines, Moment(9 * DAY)).into_iter().filter(|portrait| portrait.kind == "name");
        all.collect::<Vec<_>>()
    };
    let past = baselines.as_of(Moment(4 * DAY), &folder.path().join("past"), |_, _| {}).expect("room");
    assert_eq!(name_of(&past, IMITATOR, None).esteem.copied_by, 3);
    let stolen = Attack::Author { author: address("own3@own.example"), since: Moment(0) };
    assert_eq!(baselines.take_back(&stolen, Moment(8 * DAY)).map(|taken| taken.messages), Ok(1));
    let used = name_of(&baselines, IMITATOR, None);
    assert_eq!((used.esteem.copied_by, used.esteem.important), (5, false));
    let before = known(&baselines);
    baselines.rebuild(None, |_, _| {}).expect("room");
    let baselines = Baselines::open(&dir, &super::baseline::settings()).expect("there");
    assert_eq!(known(&baselines), before);
    baselines.forget(&[address(PRIVATE)], |_, _| {}).expect("room");
    let baselines = Baselines::open(&dir, &super::baseline::settings()).expect("there");
    assert_eq!(author_is_vera(&baselines, PRIVATE), Some(false));
    assert_eq!(name_of(&baselines, VERA, None).person.addresses, [VERA]);
    baselines.forget(&[address("own0@own.example")], |_, _| {}).expect("room");
    let baselines = Baselines::open(&dir, &super::baseline::settings()).expect("there");
    assert_eq!(name_of(&baselines, VERA, None).esteem.copied_by, 4);
}

/// Letters of a supplier, one in ten days, with an account.
fn invoices(count: i64) -> Vec<Mail> {
    let text = "Please find our invoice; payment is due to IBAN DE89 3704 0044 0532 0130 00.";
    let letter = |n: i64| {
        let mail = Mail::new(&format!("{n}"), "bills@harbour-tools.example", &["own1@own.example"]).on(n * 10);
        Mail { text: text.to_owned(), ..mail }
    };
    (0..count).map(letter).collect()
}

fn learn_all(baselines: &Baselines, mails: &[Mail]) {
    mails.iter().for_each(|mail| assert_eq!(baselines.learn_now(&mail.observation()), Learned::Counted));
}

#[test]
fn who_sends_invoices_for_long_is_a_supplier() {
    let folder = temporary();
    let dir = folder.path().join("b");
    let settings = Settings { half_life_days: 300.0, ..super::baseline::settings() };
    let baselines = Baselines::open(&dir, &settings).expect("writable");
    let ask = |baselines: &Baselines, from: &str, day: i64| {
        baselines.recall(&Mail::new("ask", from, &["own1@own.example"]).on(day).query())
    };
    let supplier = |baselines: &Baselines, day: i64| {
        ask(baselines, "bills@harbour-tools.example", day).sender_domain.and_then(|domain| domain.trade)
    };
    let imitated =
        |baselines: &Baselines| ask(baselines, "bills@harbour-tool5.example", 101).likenesses.author_as_supplier;
    let mails = invoices(10);
    learn_all(&baselines, &mails[..3]);
    assert!(supplier(&baselines, 29).is_some_and(|trade| !trade.supplier && trade.letters == 3));
    assert!(supplier(&baselines, 30).is_some_and(|trade| trade.supplier && trade.since == Moment(0)));
    assert!(!imitated(&baselines));
    learn_all(&baselines, &mails[3..]);
    assert!(imitated(&baselines));
    drop(baselines);
    let baselines = Baselines::open(&dir, &settings).expect("there");
    assert!(imitated(&baselines), "it is known after a start, too");
    let attack = Attack::Author { author: address("bills@harbour-tools.example"), since: Moment(15 * DAY) };
    assert_eq!(baselines.take_back(&attack, Moment(101 * DAY)).map(|taken| taken.messages), Ok(8));
    assert!(supplier(&baselines, 101).is_some_and(|trade| !trade.supplier && trade.letters == 2));
}

#[test]
fn a_recipient_is_visited_by_newcomers() {
    let folder = temporary();
    let visits =
        |n: usize| Mail::new(&format!("{n}"), &format!("s{n}@x{n}.example"), &["own1@own.example", "own2@own.example"]);
    let mut mails: Vec<Mail> = (0..5).map(visits).collect();
    // Who wrote before is new no more, nor to whom our own people wrote.
    mails.push(Mail { id: "again".to_owned(), ..visits(0) });
    mails.push(Mail::new("own", "own1@own.example", &["s9@x9.example"]).logged_in());
    mails.push(visits(9));
    let baselines = learned(&folder.path().join("b"), &mails);
    let newcomers = |day| {
        let baseline = baselines.recall(&visits(20).on(day).query());
        baseline.recipients.iter().map(|r| r.profile.as_ref().map_or(0.0, |p| p.newcomers)).collect::<Vec<_>>()
    };
    assert_eq!(newcomers(0), [5.0, 6.0]);
    assert_eq!(newcomers(1), [2.5, 3.0]);
}

#[test]
fn the_organisation_knows_which_files_come() {
    let folder = temporary();
    let brings = |id: &str, file: &str| {
        let mail = Mail::new(id, "a@x.example", &["own1@own.example"]);
        Mail { files: vec![file.to_owned()], ..mail }
    };
    let known = brings("1", "a.pdf");
    let own = Mail { files: vec!["b.iso".to_owned()], ..Mail::new("2", VERA, &["a@x.example"]).logged_in() };
    let forged = brings("3", "a.lnk").unproved();
    let baselines = learned(&folder.path().join("b"), [&known, &own, &forged]);
    let weight = |file: &str| {
        let organisation = baselines.recall(&brings("ask", file).query()).organisation.expect("known");
        organisation.usual("attachment_kind").map(|usual| usual.weight)
    };
    assert_eq!([weight("new.pdf"), weight("new.iso"), weight("new.lnk")], [Some(1.0), Some(0.0), Some(0.0)]);
    assert!(baselines.recall(&Mail::new("ask", "a@x.example", &[]).query()).organisation.is_none());
}

/// A state folder with letters of yesterday.
fn state(dir: &Path) -> String {
    let yesterday = Moment(Moment::now().0 - DAY);
    let mails: Vec<Mail> = letters(6).into_iter().map(|mail| Mail { at: yesterday, ..mail }).collect();
    drop(learned(&dir.join("baseline"), &mails));
    dir.display().to_string()
}

#[test]
fn names_are_told_with_their_evidence() {
    let folder = temporary();
    let state = state(folder.path());
    let told = |arguments: &[&str]| {
        let output = kith(&[&["baseline"], arguments, &["--state", &state]].concat());
        assert!(output.status.success(), "{output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let words = told(&["names"]);
    for part in
        ["chief vera\n", "6 of our people copied it", "vera@own.example, vera.chief@gmail.com", "important         yes"]
    {
        assert!(words.contains(part), "{part} in\n{words}");
    }
    let object: serde_json::Value = serde_json::from_str(&told(&["names", "--json"])).expect("one object");
    assert_eq!((&object["copied_by"], &object["important"]), (&6.into(), &true.into()));
    assert_eq!(object["person"], serde_json::json!([VERA, PRIVATE]));
    let shown = told(&["show", "Vera Chief"]);
    assert!(shown.starts_with("Vera Chief as a name\n") && shown.contains("6 of our people copied it"), "{shown}");
}

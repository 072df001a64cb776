//! The health of detectors: real messages through the filter, as they come within weeks; mutes, labels, restarts, replay.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use kith::decision::Verdict;
use kith::filter::{Filter, Replay, explain};
use kith::health::{FOLDER, Order, Said, State as Health};
use kith::journal::{self, Entry};
use kith::labels::{Book, How, Label, Opinion};
use kith::mail::{Address, Envelope, Moment};
use kith::milter::{Filter as _, Reply, Transaction};
use kith::rules::InForce;
use kith::rules::in_force::{Grounds, Promotion, State, States};
use kith::settings::Settings;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::mta::until;
use crate::serve::{Kith, call};

/// A Wednesday at nine, UTC.
const START: i64 = 1_795_597_200_000;
const MINUTE: i64 = 60_000;

/// A filter by one rule, and the mail that it sees.
struct World {
    folder: TempDir,
    settings: Settings,
    runtime: Runtime,
    filter: Filter,
    at: i64,
    number: usize,
}

impl World {
    /// The rule `own` matches payments; `acts` says whether it was promoted to hold them, by a backtest in which it
    /// matched 5 of 10,000 messages.
    fn new(own: &str, acts: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("rules")).expect("made");
        let rule =
            "name: Payments\ntype: rule\nseverity: high\nsource: strings.icontains(subject.subject, 'payment')\n";
        fs::write(path("rules/own.yml"), rule).expect("written");
        let text = format!(
            "[organisation]\ndomains = ['own.example']\nnetworks = []\n[auth]\nresolver = 'off'\n[policy]\nmode = 'act'\n\
             [rules]\npaths = [{:?}]\nmode = 'act'\nactions = [{{ severity = 'high', action = 'hold' }}]\n{own}",
            path("rules")
        );
        let settings: Settings = toml::from_str(&text).expect("sound");
        if acts {
            let rules = InForce::open(&settings.rules, &settings.organisation, None).expect("readable");
            let rules = rules.expect("there are rules");
            let heading = rules.set().headings().next().expect("the rule");
            let (by, at) = ("the test".to_owned(), "2026-11-01T00:00:00Z".to_owned());
            let grounds = Some(Grounds { messages: 10_000, matched: 5, ..Grounds::default() });
            let mut states = States::default();
            states.promote(heading, Promotion { state: State::Act, by, at, digest: heading.digest.clone(), grounds });
            states.write(&path("state")).expect("written");
        }
        let runtime = Runtime::new().expect("startable");
        let filter = open(&runtime, &settings, &folder);
        Self { folder, settings, runtime, filter, at: START, number: 0 }
    }

    /// Ends the filter as the daemon does, and opens another on what it left.
    fn restart(&mut self) {
        self.filter.close();
        self.reopen();
    }

    /// Opens another filter, when the one before has let go of its stores.
    fn reopen(&mut self) {
        let bare = Filter::open(&self.settings.filter(), None);
        drop(std::mem::replace(&mut self.filter, bare.expect("openable")));
        self.filter = until("the stores are free", || {
            let filter = open(&self.runtime, &self.settings, &self.folder);
            (filter.journal().is_some() && filter.baselines().is_some()).then_some(filter)
        });
    }

    fn transaction(&mut self, after: i64, domain: &str, subject: &str) -> Transaction {
        self.at += after;
        self.number += 1;
        transaction(self.number, self.at, domain, subject)
    }

    /// Has a message pass after so many minutes; says what the MTA hears.
    fn pass(&mut self, minutes: i64, domain: &str, subject: &str) -> Heard {
        let transaction = self.transaction(minutes * MINUTE, domain, subject);
        let answer = self.runtime.block_on(self.filter.answer(transaction));
        assert_eq!(answer.reply, Reply::Continue);
        let is_held = answer.edits.iter().any(|edit| matches!(edit, kith::milter::Edit::Quarantine { .. }));
        if let Some(sent) = answer.sent {
            let _inside = self.runtime.enter();
            sent(true);
        }
        if is_held { Heard::Held } else { Heard::Passed }
    }

    /// Has ordinary mail pass for some hours, twelve an hour; one in `every` is about a payment.
    fn hours(&mut self, hours: usize, every: usize) {
        for n in 0..hours * 12 {
            let subject = if n % every == every - 1 { "The payment" } else { "The meeting" };
            self.pass(5, &format!("partner{}.example", n % 9), subject);
        }
    }

    fn say(&self, detector: &str, order: Order) {
        let said = Said::new(detector, order, "ann", Moment(self.at));
        self.filter.say_of_detector(&said).expect("written");
    }

    fn state(&self) -> std::path::PathBuf {
        self.folder.path().join("state")
    }

    /// All rows of the journal, as soon as there are as many as messages passed.
    fn rows(&self) -> Vec<Entry> {
        let begun = Instant::now();
        loop {
            let mut rows = Vec::new();
            let folder = self.state().join(journal::FOLDER);
            journal::each(&folder, Moment(0), |_| true, |entry| rows.push(entry)).expect("readable");
            if rows.len() == self.number {
                return rows;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{} of {} rows", rows.len(), self.number);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Every decision replays bit for bit, and its contributions are its score.
    #[track_caller]
    fn check_rows(&self) -> Vec<Entry> {
        let rows = self.rows();
        let replay = Replay::open(&self.settings.filter(), &[]).expect("the same model");
        for row in &rows {
            let again = replay.decide(row).expect("measured");
            assert!(Replay::is_same(row, &again), "{row:?}\n{again:?}");
            let sum = row.contributions.0.iter().fold(row.base, |sum, (_, points)| sum + points);
            assert_eq!(Some(sum.to_bits()), row.score.map(f32::to_bits));
        }
        rows
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Heard {
    Passed,
    Held,
}

fn open(runtime: &Runtime, settings: &Settings, folder: &TempDir) -> Filter {
    let _inside = runtime.enter();
    Filter::open(&settings.filter(), Some(&folder.path().join("state"))).expect("openable")
}

fn transaction(number: usize, at: i64, domain: &str, subject: &str) -> Transaction {
    let raw = format!(
        "From: Ann <ann@{domain}>\r\nTo: bob@own.example\r\nSubject: {subject} {number}\r\n\
         Date: {}\r\nMessage-ID: <{number}@{domain}>\r\n\r\nSee you at one, as agreed.\r\n",
        Moment(at).rfc5322().expect("a date")
    );
    let envelope = Envelope {
        client: Some([192, 0, 2, 7].into()),
        helo: Some(format!("mx.{domain}")),
        sender: Address::parse(&format!("ann@{domain}")),
        recipients: Address::parse("bob@own.example").into_iter().collect(),
        ..Envelope::default()
    };
    let deadline = Instant::now() + Duration::from_secs(60);
    Transaction { envelope, raw: raw.into_bytes(), received_at: Moment(at), deadline }
}

#[test]
fn a_rule_that_degrades_is_named_within_the_hour_though_the_filter_began_anew_between() {
    let mut world = World::new("", false);
    world.hours(130, 60);
    let before = world.filter.health_of("rule.own").expect("a rule");
    assert_eq!((before.state, before.spoke), (Health::Usual, 26));
    let usual = before.usual_per_hour.expect("days were seen");
    assert!((0.1..0.3).contains(&usual), "{usual}");
    world.restart();
    assert_eq!(world.filter.health_of("rule.own").expect("a rule"), before, "nothing is forgotten");
    let wrong: Vec<_> = world.filter.health().into_iter().filter(|row| row.state > Health::Drifted).collect();
    assert_eq!(wrong, [], "mail that did not change alarms nobody");
    let begun = world.at;
    while world.filter.health_of("rule.own").expect("a rule").state == Health::Usual {
        world.pass(1, "partner1.example", "The meeting");
        world.pass(1, "supplier.example", "The payment");
        assert!(world.at < begun + 60 * MINUTE, "it is found within the hour");
    }
    let row = world.filter.health_of("rule.own").expect("a rule");
    println!("found after {} minutes: {}", (world.at - begun) / MINUTE, row.because);
    assert!(row.because.contains(" times its usual rate since 19:0"), "{}", row.because);
    assert!(row.because.contains("% of its matches on mail from supplier.example"), "{}", row.because);
    assert_eq!(row.state, Health::Alert, "a rule that only lists is not muted");
    for _ in 0..11 {
        world.pass(1, "supplier.example", "The payment");
    }
    let rows = world.check_rows();
    for row in rows.iter().rev().take(11) {
        let label = Label::new(row.id, Opinion::Safe, "ann", How::Command, Moment(world.at));
        Book::of(&world.state()).add(&label).expect("written");
    }
    world.filter.tend_detectors_now(Moment(world.at));
    let row = world.filter.health_of("rule.own").expect("a rule");
    assert!(row.because.ends_with("; all 11 labelled ones safe"), "{}", row.because);
    assert_eq!((row.labels_safe, row.labels_attack), (11, 0));
}

#[test]
fn a_rule_that_acts_is_muted_until_a_person_confirms_it_and_every_decision_replays() {
    let mut world = World::new("[health]\nmute_hours = 0\n", true);
    for _ in 0..20 {
        assert_eq!(world.pass(1, "partner.example", "The meeting"), Heard::Passed);
    }
    let heard: Vec<Heard> = (0..20).map(|_| world.pass(0, "supplier.example", "The payment")).collect();
    let held = heard.iter().filter(|heard| **heard == Heard::Held).count();
    assert!((9..=12).contains(&held), "{heard:?}");
    assert_eq!(heard.last(), Some(&Heard::Passed));
    let row = world.filter.health_of("rule.own").expect("a rule");
    assert_eq!((row.state, row.muted_by.as_deref()), (Health::Muted, Some("rate")));
    assert_eq!((row.spoke, row.decisive), (20, held as u64), "what is muted is recorded, and decides nothing");
    world.restart();
    assert_eq!(world.pass(60 * 48, "supplier.example", "The payment"), Heard::Passed, "it stays muted");
    world.say("rule.own", Order::Confirm);
    let heard = world.pass(1, "supplier.example", "The payment");
    assert_eq!(heard, Heard::Held, "{:?} {:?}", world.filter.health_of("rule.own"), world.rows().last());
    let rows = world.check_rows();
    let last = rows.iter().rev().find_map(|row| row.rules.as_ref()?.matched.first().filter(|found| found.muted));
    assert!(last.is_some(), "the row says that it was muted");
    let muted = rows.iter().filter(|row| row.rules.iter().any(|rules| rules.matched.iter().any(|found| found.muted)));
    assert!(muted.clone().count() > 5 && muted.clone().all(|row| row.verdict == Verdict::Accept));
    let told = explain(muted.max_by_key(|row| row.id).expect("some"), &world.settings.filter());
    assert!(told.contains("muted"), "{told}");
}

#[test]
fn a_muted_signal_adds_nothing_and_the_row_says_what_it_would_have_added() {
    let mut world = World::new("", false);
    world.pass(1, "partner.example", "The meeting");
    let (name, points) =
        world.rows()[0].contributions.0.iter().find(|(_, points)| *points > 0.0).expect("some").clone();
    world.say(&name, Order::Mute);
    assert_eq!(world.filter.health_of(&name).expect("a signal").muted_by.as_deref(), Some("ann"));
    world.restart();
    world.pass(1, "partner.example", "The meeting");
    let rows = world.check_rows();
    let row = &rows[1];
    assert!(row.contributions.of(&name).is_none());
    let withheld = *row.muted.of(&name).expect("it is named");
    assert!(withheld > 0.0 && (withheld - points).abs() < 2.0, "{withheld} {points}");
    let told = explain(row, &world.settings.filter());
    assert!(told.contains("Muted, not counted: +") && told.contains(&format!("({name})")), "{told}");
    world.say(&name, Order::Unmute);
    world.pass(1, "partner.example", "The meeting");
    let rows = world.check_rows();
    assert!(rows[2].muted.0.is_empty() && rows[2].contributions.of(&name).is_some());
}

#[test]
fn a_damaged_record_is_set_aside_and_stops_nothing() {
    let mut world = World::new("", false);
    world.pass(1, "partner.example", "The meeting");
    world.filter.close();
    let file = world.state().join(FOLDER).join("detectors.json");
    let text = fs::read(&file).expect("written when the filter ended");
    fs::write(&file, &text[..text.len() / 2]).expect("torn");
    world.reopen();
    assert!(world.state().join(FOLDER).join("detectors.damaged").exists());
    world.pass(1, "partner.example", "The payment");
    assert_eq!(world.filter.health_of("rule.own").expect("a rule").spoke, 1);
}

#[test]
fn many_messages_at_once_are_all_counted() {
    let world = World::new("", false);
    let World { runtime, filter, folder, .. } = world;
    let (filter, next) = (Arc::new(filter), Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (filter, next) = (Arc::clone(&filter), Arc::clone(&next));
            runtime.spawn(async move {
                for _ in 0..25 {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let at = START + number as i64 * 7_000;
                    filter.answer(transaction(number, at, "partner.example", "The payment")).await;
                }
            })
        })
        .collect();
    tasks.into_iter().for_each(|task| runtime.block_on(task).expect("none panics"));
    assert_eq!(filter.health_of("rule.own").expect("a rule").spoke, 200);
    filter.close();
    let text = fs::read_to_string(folder.path().join("state").join(FOLDER).join("detectors.json")).expect("written");
    assert!(text.contains("\"passed\":200"), "{}", &text[..200]);
}

#[test]
fn the_command_shows_detectors_and_what_a_person_says_outlives_a_crash() {
    let mut kith = Kith::start("");
    let folder = kith.state().parent().expect("the folder").to_owned();
    let none = call(&folder, &["health"]);
    assert_eq!(none.status.code(), Some(66), "{}", String::from_utf8_lossy(&none.stderr));
    let runtime = Runtime::new().expect("startable");
    runtime.block_on(async {
        let mut mta = crate::milter_client::Mta::connect(&kith.milter()).await;
        assert_ne!(mta.ask("text\r\n").await, '.');
    });
    kith.signal("TERM");
    assert!(kith.wait().success());
    kith.restart();
    let table = kith.run(&["health", "--all"]);
    assert!(table.starts_with("detector ") && table.contains("\nmodel "), "{table}");
    assert!(table.contains(" detectors, 0 of them not as usual; as of "), "{table}");
    let said = kith.run(&["health", "mute", "subject_exclamations", "--by", "ann"]);
    assert!(said.starts_with("subject_exclamations: it adds nothing to verdicts"), "{said}");
    kith.wait_for("health: subject_exclamations: muted until a person confirms it: by ann", 1);
    kith.kill();
    kith.restart();
    let json = call(&folder, &["health", "--json"]);
    assert_eq!(json.status.code(), Some(1), "something is muted");
    let text = String::from_utf8_lossy(&json.stdout).into_owned();
    let first: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("an object");
    assert_eq!((&first["name"], &first["state"]), (&"subject_exclamations".into(), &"muted".into()));
    for (arguments, code) in [(["mute", "model"], 64), (["confirm", "no_such"], 64)] {
        let refused = call(&folder, &[&["health"], &arguments[..]].concat());
        assert_eq!(refused.status.code(), Some(code), "{arguments:?}");
    }
    kith.run(&["health", "unmute", "subject_exclamations"]);
    kith.wait_for("health: subject_exclamations: adds to verdicts again", 1);
    assert!(call(&folder, &["health"]).status.success());
}

//! Look-alikes, accounts and local parts as a whole: what is recalled of them after what was learned.

use std::path::Path;

use kith::auth::AuthResults;
use kith::baseline::{Addresses, Attack, Baseline, Baselines, LikenessKind, Observation, Query, Settings};
use kith::mail::{Address, Domain, Envelope, Mailbox, Moment, Organisation};
use kith::message::{Message, Texts};

use super::baseline::{Mail, settings};

const DAY: i64 = 86_400_000;

fn open(dir: &Path, settings: &Settings) -> Baselines {
    Baselines::open(&dir.join("baseline"), settings).expect("writable")
}

/// A supplier writes every three days for so many days, and is answered by nobody.
fn supply(baselines: &Baselines, from: &str, days: i64) {
    for day in (0..days).step_by(3) {
        let mail = Mail::new(&format!("{from} {day}"), from, &["bob@own.example"]).on(day);
        baselines.learn_now(&mail.observation());
    }
}

fn recalled(baselines: &Baselines, from: &str, day: i64) -> Baseline {
    baselines.recall(&Mail::new("now", from, &["bob@own.example"]).on(day).query())
}

fn author_likeness(baselines: &Baselines, from: &str, day: i64) -> Option<(String, LikenessKind)> {
    recalled(baselines, from, day).likenesses.author.map(|found| (found.domain.as_str().to_owned(), found.kind))
}

fn harbour(kind: LikenessKind) -> Option<(String, LikenessKind)> {
    Some(("harbour-tools.com".to_owned(), kind))
}

#[test]
fn a_correspondent_of_long_standing_is_protected() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@mail.harbour-tools.com", 40);
    let check = |from: &str, expected| assert_eq!(author_likeness(&baselines, from, 41), expected, "{from}");
    check("anna@harbour-tools.net", harbour(LikenessKind::Suffix));
    check("anna@harb0ur-tools.com", harbour(LikenessKind::Letters));
    check("anna@harbour-toosl.com", harbour(LikenessKind::Edits));
    check("anna@harbour-tools-billing.com", harbour(LikenessKind::Words));
    check("anna@harbour-tools.com.evil.example", harbour(LikenessKind::Within));
    check("anna@harbour-tools.com", None);
    check("anna@garden.example", None);
    assert_eq!(recalled(&baselines, "anna@garden.example", 41).likenesses.protected, 1);
}

#[test]
fn a_young_or_rare_correspondent_is_not() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@harbour-tools.com", 29);
    supply(&baselines, "carl@garden-tools.com", 20);
    assert_eq!(recalled(&baselines, "anna@harb0ur-tools.com", 41).likenesses.protected, 0);
}

#[test]
fn who_has_standing_of_his_own_passes_for_nobody() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@harbour-tools.com", 40);
    supply(&baselines, "carl@harbour-tools.net", 40);
    assert_eq!(author_likeness(&baselines, "carl@harbour-tools.net", 41), None);
    assert!(author_likeness(&baselines, "carl@harbour-tools.org", 41).is_some());
}

#[test]
fn replies_and_links_are_compared_as_well() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@harbour-tools.com", 40);
    let domain = |text: &str| Domain::parse(text).expect("a domain");
    let query = Query {
        reply_domain: Some(domain("harbour-tools.net")),
        link_domains: vec![domain("a.example"), domain("evil.example")],
        link_hosts: vec![domain("a.example"), domain("harbour-tools.com.evil.example")],
        ..Mail::new("now", "anna@harbour-tools.com", &["bob@own.example"]).on(41).query()
    };
    let likenesses = baselines.recall(&query).likenesses;
    assert_eq!(likenesses.author, None);
    assert_eq!(likenesses.reply.map(|found| found.kind), Some(LikenessKind::Suffix));
    assert_eq!(likenesses.link.map(|found| found.kind), Some(LikenessKind::Within));
}

#[test]
fn protection_survives_a_restart_and_hashed_addresses() {
    let folder = tempfile::tempdir().expect("writable");
    let settings = Settings { addresses: Addresses::Hashed, ..settings() };
    supply(&open(folder.path(), &settings), "anna.muster@harbour-tools.com", 40);
    let baselines = open(folder.path(), &settings);
    assert_eq!(author_likeness(&baselines, "x@harb0ur-tools.com", 41), harbour(LikenessKind::Letters));
    let bearers = recalled(&baselines, "muster.anna7@garden.example", 41).local_part.expect("long enough");
    assert!(bearers.addresses[0].0.starts_with('#') && bearers.addresses[0].1 > 3.0);
}

#[test]
fn protected_domains_have_a_limit() {
    let folder = tempfile::tempdir().expect("writable");
    let settings = Settings { protected_domains_max: 1, ..settings() };
    let baselines = open(folder.path(), &settings);
    supply(&baselines, "anna@harbour-tools.com", 40);
    supply(&baselines, "carl@garden-tools.com", 40);
    assert_eq!(recalled(&baselines, "carl@gardn-tools.com", 41).likenesses.protected, 1);
    assert_eq!(author_likeness(&baselines, "carl@gardn-tools.com", 41), None);
    drop(baselines);
    assert_eq!(recalled(&open(folder.path(), &settings), "carl@gardn-tools.com", 41).likenesses.protected, 1);
}

#[test]
fn an_attacks_standing_is_taken_back() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@harbour-tools.com", 40);
    supply(&baselines, "carl@harbour-tools.net", 40);
    let author = Address::parse("carl@harbour-tools.net").expect("an address");
    baselines.take_back(&Attack::Author { author, since: Moment(0) }, Moment(41 * DAY)).expect("readable");
    assert_eq!(author_likeness(&baselines, "carl@harbour-tools.net", 41), harbour(LikenessKind::Suffix));
    drop(baselines);
    let baselines = open(folder.path(), &settings());
    assert_eq!(recalled(&baselines, "x@y.example", 41).likenesses.protected, 1);
    // The next message of the true one finds it protected still.
    assert_eq!(author_likeness(&baselines, "carl@harbour-tools.net", 41), harbour(LikenessKind::Suffix));
}

#[test]
fn what_is_forgotten_is_protected_no_more() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@harbour-tools.com", 40);
    supply(&baselines, "carl@garden-tools.com", 40);
    let anna = Address::parse("anna@harbour-tools.com").expect("an address");
    baselines.forget(&[anna], |_, _| {}).expect("done");
    let baselines = open(folder.path(), &settings());
    assert_eq!(author_likeness(&baselines, "anna@harb0ur-tools.com", 41), None);
    assert!(author_likeness(&baselines, "carl@gardn-tools.com", 41).is_some());
}

#[test]
fn a_baseline_as_of_a_moment_protects_what_had_standing_then() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    supply(&baselines, "anna@harbour-tools.com", 40);
    let then = |day: i64| {
        let into = folder.path().join(format!("as-of-{day}"));
        let past = baselines.as_of(Moment(day * DAY), &into, |_, _| {}).expect("made");
        recalled(&past, "anna@harb0ur-tools.com", day).likenesses.protected
    };
    assert_eq!((then(20), then(39)), (0, 1));
}

/// A letter with this text, on a day.
fn letter(from: &str, id: &str, text: &str, day: i64) -> Query {
    let address = Address::parse(from);
    let envelope = Envelope {
        client: "192.0.2.25".parse().ok(),
        sender: address.clone(),
        recipients: Address::parse("bob@own.example").into_iter().collect(),
        ..Envelope::default()
    };
    let message = Message {
        from: vec![Mailbox { display_name: String::new(), address }],
        message_id: Some(id.to_owned()),
        texts: Texts { plain: text.to_owned(), ..Texts::default() },
        ..Message::default()
    };
    let query = Query::of(&envelope, &message, &AuthResults::default(), &Organisation::default(), Moment(day * DAY));
    Query { authenticated: true, ..query }
}

#[test]
fn a_new_account_of_a_supplier_is_a_fact_and_stored_nowhere() {
    const OLD: &str = "Please pay to IBAN DE89 3704 0044 0532 0130 00, tel. +49 30 12345678";
    const NEW: &str = "Please pay to IBAN GB29 NWBK 6016 1331 9268 19, tel. +44 20 79460000";
    let folder = tempfile::tempdir().expect("writable");
    let baselines = open(folder.path(), &settings());
    for day in 0..5 {
        let query = letter("anna@harbour-tools.com", &format!("old {day}"), OLD, day);
        baselines.learn_now(&Observation { query, delivered: true, refused: false });
    }
    for name in ["account", "telephone"] {
        let is_new = |text| {
            let baseline = baselines.recall(&letter("anna@harbour-tools.com", "now", text, 6));
            baseline.sender_domain.and_then(|domain| domain.usual(name)).and_then(|usual| usual.is_new())
        };
        assert_eq!((is_new(OLD), is_new(NEW), is_new("no number")), (Some(false), Some(true), None), "{name}");
    }
    let known = |text| baselines.recall(&letter("carl@garden.example", "now", text, 6)).accounts;
    assert_eq!(known(OLD)[0].as_ref().map(|account| (account.seen, account.correspondents)), Some((5, 1)));
    assert!(matches!(known(NEW)[..], [None]) && known("none").is_empty());
    baselines.sync().expect("room");
    drop(baselines);
    for file in files(folder.path()) {
        let bytes = std::fs::read(&file).expect("readable");
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds("DE89370400440532013000") && !holds("3704 0044"), "{}", file.display());
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("readable").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

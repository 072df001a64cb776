//! Baselines made anew: an attack's gain taken back, the past as it was, nothing counted twice.

use std::collections::BTreeMap;
use std::path::Path;

use kith::baseline::{Attack, Baselines, Custom, Learned, NameUse, Portrait, Profile, Settings, Shape, TakenBack};
use kith::mail::{Address, Moment};

use super::baseline::Mail;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

fn settings() -> Settings {
    Settings { remembered_messages_max: u32::MAX, ..super::baseline::settings() }
}

pub fn address(text: &str) -> Address {
    Address::parse(text).expect("valid")
}

fn open(dir: &Path) -> Baselines {
    Baselines::open(dir, &settings()).expect("writable")
}

/// A new store in a folder that has learned these messages in order, each compared with what was there before, as the
/// filter does.
pub fn learned<'a>(dir: &Path, mails: impl IntoIterator<Item = &'a Mail>) -> Baselines {
    let baselines = open(dir);
    mails.into_iter().for_each(|mail| assert_eq!(learn(&baselines, mail), Learned::Counted, "{mail:?}"));
    baselines
}

/// Learns a message as the filter does: whether it is solicited is told by what was known before.
pub fn learn(baselines: &Baselines, mail: &Mail) -> Learned {
    let mut observation = mail.observation();
    let before = baselines.recall(&observation.query);
    observation.query.solicited = before.answers_own(&observation.query);
    observation.query.first_contacts = before.first_contacts();
    baselines.learn_now(&observation)
}

/// All profiles as of a moment.
pub fn export(baselines: &Baselines, at: Moment) -> Vec<Portrait> {
    let scratch = tempfile::tempdir().expect("writable");
    let mut all = Vec::new();
    let count = baselines.export(at, scratch.path(), |portrait| {
        all.push(portrait);
        Ok::<_, String>(())
    });
    assert_eq!(count, Ok(all.len() as u64));
    all
}

/// The profiles by what they are about; without those that are named by a hash of the store's own.
fn by_subject(baselines: &Baselines, at: Moment) -> BTreeMap<(&'static str, Vec<String>), Portrait> {
    let named = export(baselines, at).into_iter().filter(|p| !["thread", "attachment", "campaign"].contains(&p.kind));
    let by_subject: BTreeMap<_, _> =
        named.map(|portrait| ((portrait.kind, portrait.about.clone()), portrait)).collect();
    assert!(by_subject.keys().all(|(_, about)| !about.is_empty()), "facts name every key");
    by_subject
}

/// Small numbers that differ from each other, the same at every call.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Ordinary mail of 60 days between three outside domains and three own people, in both directions, in threads.
fn ordinary(seed: u64) -> Vec<Mail> {
    let mut draw = Draw(seed);
    let mut mails: Vec<Mail> = Vec::new();
    for n in 0..240u64 {
        let (outside, inside) = (draw.below(3), draw.below(3));
        let (outside, inside) = (format!("p{outside}@x{outside}.example"), format!("own{inside}@own.example"));
        let id = format!("{n}@ordinary");
        let at = Moment(n as i64 * 6 * HOUR + draw.below(5) as i64 * HOUR);
        let mail = match draw.below(4) {
            0 => Mail::new(&id, &inside, &[&outside]).logged_in().named("Our Own"),
            1 => Mail::new(&id, &outside, &[&inside, "all@own.example"]).named("Partner"),
            2 => Mail::new(&id, &outside, &[&inside]).unproved(),
            _ => Mail::new(&id, &outside, &[&inside]).named("Partner"),
        };
        let before = draw.below(6) as usize;
        // Nobody answers what is labelled later: that an answer was solicited is told when it comes.
        let labelled = |mail: &Mail| mail.from == "p1@x1.example" || mail.to.contains(&"p1@x1.example".to_owned());
        let mail = match mails.len().checked_sub(1 + before) {
            Some(answered) if draw.below(2) == 0 && !labelled(&mails[answered]) => {
                let first = mails[answered].references.first().unwrap_or(&mails[answered].id).clone();
                mail.answering(&[&first, &mails[answered].id.clone()])
            }
            _ => mail,
        };
        mails.push(Mail { at, client: format!("192.0.2.{}", draw.below(200)), ..mail });
    }
    mails
}

/// What an attacker writes among it: from an address of his own that bears a partner's name, and from a partner's
/// account that he took over after 30 days.
fn attacks(seed: u64) -> Vec<Mail> {
    let mut draw = Draw(seed ^ 0xa77ac);
    let mut mails = Vec::new();
    for n in 0..40u64 {
        let inside = format!("own{}@own.example", draw.below(3));
        let taken_over = n % 2 == 0;
        let from = if taken_over { "p1@x1.example" } else { "p1@evil.example" };
        let thread = format!("{}@ordinary", draw.below(200));
        let mail = Mail::new(&format!("{n}@attack"), from, &[&inside]).named("Partner").through("203.0.113.9");
        mails.push(Mail { at: Moment(31 * DAY + n as i64 * 15 * HOUR), ..mail.answering(&[&thread]) });
    }
    mails
}

fn taken_back(baselines: &Baselines) -> [TakenBack; 2] {
    let own = Attack::Author { author: address("p1@evil.example"), since: Moment(i64::MIN) };
    let stolen = Attack::Author { author: address("p1@x1.example"), since: Moment(31 * DAY) };
    [own, stolen].map(|attack| baselines.take_back(&attack, Moment(70 * DAY)).expect("room"))
}

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() <= 1e-4 * (1.0 + b.abs())
}

/// Whether the same is usual; what is no word is another mark in another store.
fn same_customs(a: &[Custom], b: &[Custom]) -> bool {
    let shown = |custom: &Custom| -> BTreeMap<String, f32> {
        let word = |(value, _): &&(String, f32)| !value.starts_with('#');
        custom.values.iter().filter(word).cloned().collect()
    };
    a.len() == b.len()
        && a.iter().zip(b).all(|(x, y)| {
            let (sx, sy) = (shown(x), shown(y));
            let shares = x.values.iter().zip(&y.values).all(|((_, a), (_, b))| close(*a, *b));
            x.name == y.name
                && close(x.messages, y.messages)
                && x.values.len() == y.values.len()
                && shares
                && sx.keys().eq(sy.keys())
        })
}

fn same_trust(a: &Profile, b: &Profile) -> bool {
    close(a.counts.trusted, b.counts.trusted)
        && close(a.counts.refused, b.counts.refused)
        && close(a.counts.written_to, b.counts.written_to)
        && close(a.counts.answered, b.counts.answered)
        && close(a.counts.solicited, b.counts.solicited)
        && (a.correspondents, a.written_to) == (b.correspondents, b.written_to)
        && (b.counts.trusted == 0.0 || a.first_seen == b.first_seen)
}

fn same_name(a: &NameUse, b: &NameUse) -> bool {
    let (mut left, mut right) = (a.addresses.clone(), b.addresses.clone());
    left.sort_by(|x, y| x.0.cmp(&y.0));
    right.sort_by(|x, y| x.0.cmp(&y.0));
    a.own == b.own && left.len() == right.len() && left.iter().zip(&right).all(|(x, y)| x.0 == y.0 && close(x.1, y.1))
}

/// Whether two stores know the same of everything that builds trust, and `labelled` knows of attacks besides.
fn check_without_trust_of_attacks(labelled: &Baselines, without: &Baselines, at: Moment) {
    let (labelled, mut without) = (by_subject(labelled, at), by_subject(without, at));
    let mut attacked = 0;
    for (subject, portrait) in &labelled {
        match (&portrait.shape, without.remove(subject).map(|other| other.shape)) {
            (Shape::Profile(a, customs), Some(Shape::Profile(b, others))) => {
                assert!(
                    same_trust(a, &b) && same_customs(customs, &others),
                    "{subject:?}: {portrait:#?}\n{b:#?} {others:#?}"
                );
                assert!(close(a.counts.messages - b.counts.messages, a.counts.attacks), "{subject:?}: {a:?} {b:?}");
                attacked += u32::from(a.counts.attacks > 0.0);
            }
            (Shape::Profile(a, customs), None) => {
                let counts = &a.counts;
                assert_eq!((counts.trusted, counts.written_to, counts.solicited), (0.0, 0.0, 0.0), "{subject:?}");
                assert_eq!((a.correspondents, customs.as_slice()), (0, [].as_slice()), "{subject:?}: {customs:?}");
                assert!(counts.attacks > 0.0 && close(counts.attacks, counts.messages), "{subject:?}: {a:?}");
                attacked += 1;
            }
            (Shape::Name(a), Some(Shape::Name(b))) => assert!(same_name(a, &b), "{subject:?}: {a:?} {b:?}"),
            (Shape::Name(a), None) => assert!(a.addresses.is_empty() && !a.own, "{subject:?}: {a:?}"),
            (_, other) => panic!("{subject:?}: {portrait:?} {other:?}"),
        }
    }
    assert!(without.is_empty(), "lost: {:?}", without.keys());
    assert!(attacked > 5, "{attacked}");
}

/// Ordinary mail with attacks among it, as it came.
fn with_attacks(seed: u64) -> Vec<Mail> {
    let mut all = [ordinary(seed), attacks(seed)].concat();
    all.sort_by_key(|mail| mail.at);
    all
}

#[test]
fn what_an_attack_gained_is_taken_back_exactly() {
    for seed in 1..4 {
        let folder = tempfile::tempdir().expect("writable");
        let all = with_attacks(seed);
        let stolen = |mail: &Mail| mail.from == "p1@x1.example" && mail.at >= Moment(31 * DAY);
        let labelled = learned(&folder.path().join("labelled"), &all);
        let taken = taken_back(&labelled);
        assert_eq!(taken[0].messages, 20);
        assert_eq!(taken[1].messages, all.iter().filter(|mail| stolen(mail)).count());
        assert!(taken.iter().all(|taken| taken.profiles > 5), "{taken:?}");
        assert_eq!(taken_back(&labelled), [TakenBack::default(); 2], "a label counts once");
        // What our own people wrote to the stolen account is as if it had gone elsewhere: the rest stays.
        let deceived = |mail: &Mail| mail.login && mail.to.contains(&"p1@x1.example".to_owned());
        let deceived_since = all.iter().filter(|m| deceived(m) && m.at >= Moment(31 * DAY)).count();
        assert_eq!(taken[1].answers, deceived_since);
        let attack = |mail: &Mail| mail.id.ends_with("@attack") || stolen(mail);
        let answers = |mail: &&Mail| !(deceived(mail) && mail.at >= Moment(31 * DAY));
        let unanswered: Vec<Mail> = all.iter().filter(answers).cloned().collect();
        let labelled = learned(&folder.path().join("unanswered"), &unanswered);
        taken_back(&labelled);
        let without = learned(&folder.path().join("without"), unanswered.iter().filter(|mail| !attack(mail)));
        check_without_trust_of_attacks(&labelled, &without, Moment(70 * DAY));
    }
}

#[test]
fn a_rebuilt_store_keeps_what_was_taken_back() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let labelled = learned(&dir, &with_attacks(1));
    taken_back(&labelled);
    let before = export(&labelled, Moment(70 * DAY));
    labelled.rebuild(None, |_, _| {}).expect("room");
    check_alike(&export(&open(&dir), Moment(70 * DAY)), &before);
}

/// Whether two exports of stores with the same secret say the same.
fn check_alike(a: &[Portrait], b: &[Portrait]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert_eq!((a.kind, &a.key, &a.about), (b.kind, &b.key, &b.about));
        match (&a.shape, &b.shape) {
            (Shape::Profile(x, cx), Shape::Profile(y, cy)) => {
                assert!(same_trust(x, y) && same_customs(cx, cy), "{a:#?}\n{b:#?}");
                assert_eq!((x.seen, x.first_seen, x.last_seen, x.young), (y.seen, y.first_seen, y.last_seen, y.young));
                assert!(close(x.counts.messages, y.counts.messages) && close(x.counts.attacks, y.counts.attacks));
                assert!(close(x.pace, y.pace), "{a:#?}\n{b:#?}");
            }
            (Shape::Name(x), Shape::Name(y)) => assert!(same_name(x, y) && x.seen == y.seen),
            _ => panic!("{a:?} {b:?}"),
        }
    }
}

#[test]
fn a_rebuilding_changes_nothing() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let mails = ordinary(7);
    let baselines = learned(&dir, &mails);
    baselines.set_import_mark("a mailbox", 240);
    let (before, state) = (export(&baselines, Moment(60 * DAY)), baselines.state());
    baselines.rebuild(None, |_, _| {}).expect("room");
    let again = open(&dir);
    assert_eq!(export(&again, Moment(60 * DAY)), before, "to the last bit");
    assert_eq!((again.state().learned, again.watched_since()), (state.learned, Some(mails[0].at)));
    assert_eq!(again.import_mark("a mailbox"), Some(240));
    for mail in mails.iter().rev().take(20) {
        assert_eq!(learn(&again, mail), Learned::Known);
    }
}

/// Whether two stores with different secrets know the same of every subject.
fn check_equal(a: &Baselines, b: &Baselines, at: Moment) {
    let (left, right) = (by_subject(a, at), by_subject(b, at));
    assert!(left.keys().eq(right.keys()), "{:?}\n{:?}", left.keys(), right.keys());
    for (subject, portrait) in &left {
        match (&portrait.shape, &right[subject].shape) {
            (Shape::Profile(x, cx), Shape::Profile(y, cy)) => {
                assert!(same_trust(x, y) && same_customs(cx, cy), "{subject:?}: {x:#?}\n{y:#?}");
                assert_eq!((x.seen, x.last_seen, x.first_seen), (y.seen, y.last_seen, y.first_seen), "{subject:?}");
                assert!(close(x.counts.attacks, y.counts.attacks) && close(x.pace, y.pace));
            }
            (Shape::Name(x), Shape::Name(y)) => assert!(same_name(x, y) && x.seen == y.seen, "{subject:?}"),
            other => panic!("{subject:?}: {other:?}"),
        }
    }
    assert_eq!((a.state().learned, a.watched_since()), (b.state().learned, b.watched_since()));
}

#[test]
fn the_past_is_as_if_nothing_had_come_after() {
    for seed in [1, 2] {
        let folder = tempfile::tempdir().expect("writable");
        let mails = ordinary(seed);
        let whole = learned(&folder.path().join("whole"), &mails);
        for until in [0, 100, 239].map(|n| mails[n].at) {
            let name = format!("until{}", until.0);
            let past = whole.as_of(until, &folder.path().join(&name), |_, _| {}).expect("room");
            let only = learned(&folder.path().join(name + "only"), mails.iter().filter(|mail| mail.at <= until));
            check_equal(&past, &only, until);
            // Mail of after that moment is new to both, and what came before is known to both.
            let (before, after): (Vec<_>, Vec<_>) = mails.iter().partition(|mail| mail.at <= until);
            let told = |baselines: &Baselines, mails: &[&Mail]| -> Vec<Learned> {
                mails.iter().take(3).map(|mail| learn(baselines, mail)).collect()
            };
            let last: Vec<&Mail> = before.iter().rev().take(3).copied().collect();
            assert_eq!(told(&past, &last), told(&only, &last));
            assert_eq!(told(&past, &after), told(&only, &after));
        }
    }
}

#[test]
fn a_rebuilding_until_a_moment_forgets_what_came_later() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let mails = ordinary(5);
    let until = mails[120].at;
    let baselines = learned(&dir, &mails);
    baselines.set_import_mark("a mailbox", 240);
    let past = baselines.as_of(until, &folder.path().join("past"), |_, _| {}).expect("room");
    baselines.rebuild(Some(until), |_, _| {}).expect("room");
    let rebuilt = open(&dir);
    check_alike(&export(&rebuilt, until), &export(&past, until));
    assert_eq!(rebuilt.import_mark("a mailbox"), None, "its later mail may be imported again");
    let mut told = Vec::new();
    rebuilt.rebuild(None, |done, all| told.push((done, all))).expect("room");
    let kept = mails.iter().filter(|mail| mail.at <= until).count() as u64;
    assert_eq!(told.last(), Some(&(kept, kept)));
}

#[test]
fn a_label_is_not_known_before_it_was_given() {
    let folder = tempfile::tempdir().expect("writable");
    let mails = with_attacks(3);
    let innocent = learned(&folder.path().join("innocent"), &mails);
    let labelled = learned(&folder.path().join("labelled"), &mails);
    taken_back(&labelled);
    let as_of = |day: i64| labelled.as_of(Moment(day * DAY), &folder.path().join(format!("d{day}")), |_, _| {});
    check_equal(&as_of(69).expect("room"), &innocent, Moment(71 * DAY));
    check_equal(&as_of(70).expect("room"), &labelled, Moment(71 * DAY));
}

#[test]
fn a_store_is_copied_into_an_empty_folder_alone() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = learned(&folder.path().join("b"), &ordinary(1)[..5]);
    let taken = folder.path().join("taken");
    drop(learned(&taken, &ordinary(2)[..1]));
    let refused = baselines.as_of(Moment(i64::MAX), &taken, |_, _| {}).map(drop);
    assert!(refused.is_err_and(|why| why.contains("not empty")));
    let shared = baselines.clone();
    assert!(baselines.rebuild(None, |_, _| {}).is_err_and(|why| why.contains("in use")));
    assert_eq!(shared.state().learned, 5);
}

#[test]
fn an_attack_that_comes_again_builds_no_trust() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let mail = |to: &str| Mail::new("1@evil", "eve@evil.example", &[to]).on(1);
    let baselines = learned(&dir, &[mail("own1@own.example")]);
    let attack = Attack::Message { message_id: "1@evil".to_owned(), author: address("EVE@evil.example") };
    let taken = baselines.take_back(&attack, Moment(2 * DAY)).expect("room");
    assert_eq!((taken.messages, taken.answers), (1, 0));
    let check = |baselines: &Baselines, to: &str| {
        learn(baselines, &mail(to));
        let recalled = baselines.recall(&mail(to).query());
        let sender = recalled.sender.expect("seen");
        let pair = recalled.recipients[0].pair.clone().expect("seen");
        assert_eq!((sender.counts.trusted, pair.counts.trusted), (0.0, 0.0), "{to}");
    };
    check(&baselines, "own1@own.example");
    check(&baselines, "own2@own.example");
    baselines.rebuild(None, |_, _| {}).expect("room");
    check(&open(&dir), "own3@own.example");
}

#[test]
fn who_answered_an_attack_made_nobody_solicited() {
    let folder = tempfile::tempdir().expect("writable");
    let eve = "eve@evil.example";
    let mails = [
        Mail::new("0@own", "own1@own.example", &[eve]).logged_in().on(1),
        Mail::new("1@evil", eve, &["own1@own.example"]).on(2),
        Mail::new("2@own", "own1@own.example", &[eve, "p@x.example"]).logged_in().answering(&["1@evil"]).on(3),
    ];
    let baselines = learned(&folder.path().join("b"), &mails);
    let ask = Mail::new("3@evil", eve, &["own1@own.example"]).on(4);
    let written = || baselines.recall(&ask.query()).sender.map(|sender| (sender.written_to, sender.is_solicited()));
    assert_eq!(written(), Some((2, true)));
    let attack = Attack::Message { message_id: "1@evil".to_owned(), author: address(eve) };
    let taken = baselines.take_back(&attack, Moment(5 * DAY)).expect("room");
    assert_eq!((taken.messages, taken.answers), (1, 1));
    // What was written before the attack was no answer to it, and the other recipient did nothing.
    assert_eq!(written(), Some((1, true)));
    let other = baselines.recall(&Mail::new("4", "p@x.example", &["own1@own.example"]).on(4).query());
    assert_eq!(other.sender.map(|sender| sender.written_to), Some(1));
    let all = Attack::Author { author: address(eve), since: Moment(0) };
    assert_eq!(baselines.take_back(&all, Moment(5 * DAY)).map(|taken| (taken.messages, taken.answers)), Ok((0, 1)));
    assert_eq!(written(), Some((0, false)));
}

#[test]
fn refused_mail_can_be_labelled_too() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = learned(&folder.path().join("b"), &[Mail::new("1@evil", "eve@evil.example", &[]).refused().on(1)]);
    let attack = Attack::Author { author: address("eve@evil.example"), since: Moment(0) };
    assert_eq!(baselines.take_back(&attack, Moment(DAY)).map(|taken| taken.messages), Ok(1));
    let sender = baselines.recall(&Mail::new("2", "eve@evil.example", &[]).on(1).query()).sender.expect("seen");
    assert_eq!((sender.counts.refused, sender.counts.attacks), (1.0, 1.0));
}

#[test]
fn without_facts_nothing_is_taken_back_or_made_anew() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let settings = Settings { facts_days: 0, ..settings() };
    let baselines = Baselines::open(&dir, &settings).expect("writable");
    learn(&baselines, &Mail::new("1", "p@x.example", &["own1@own.example"]));
    let attack = Attack::Author { author: address("p@x.example"), since: Moment(0) };
    let why = baselines.take_back(&attack, Moment(0)).expect_err("nothing is kept");
    assert!(why.contains("facts_days"), "{why}");
    assert!(baselines.rebuild(None, |_, _| {}).is_err_and(|why| why.contains("facts_days")));
    assert_eq!(Baselines::open(&dir, &settings).expect("there").state().learned, 1);
}

#[test]
fn a_message_that_is_learned_twice_changes_nothing() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let mails = ordinary(9);
    let recent = &mails[mails.len() - 20..];
    let baselines = learned(&dir, &mails);
    let before = export(&baselines, Moment(60 * DAY));
    for mail in recent {
        assert_eq!(learn(&baselines, mail), Learned::Known);
        // An MTA comes again later, from another of its hosts.
        let again = Mail { at: Moment(mail.at.0 + HOUR), ..mail.clone().through("198.51.100.77") };
        assert_eq!(learn(&baselines, &again), Learned::Known);
    }
    assert_eq!(export(&baselines, Moment(60 * DAY)), before);
    drop(baselines);
    let baselines = open(&dir);
    recent.iter().for_each(|mail| assert_eq!(learn(&baselines, mail), Learned::Known));
    assert_eq!(export(&baselines, Moment(60 * DAY)), before);
}

#[test]
fn facts_go_after_their_days_and_profiles_stay() {
    let folder = tempfile::tempdir().expect("writable");
    let dir = folder.path().join("b");
    let settings = Settings { facts_days: 10, ..settings() };
    let baselines = Baselines::open(&dir, &settings).expect("writable");
    for n in 0..640i64 {
        learn(&baselines, &Mail { at: Moment(n * 2 * HOUR), ..Mail::new(&n.to_string(), "p@x.example", &[]) });
    }
    let mut all = 0;
    baselines.as_of(Moment(i64::MAX), &folder.path().join("copy"), |_, of| all = of).expect("room");
    // Twelve a day; old ones are looked for now and then.
    assert!((120..=120 + 64).contains(&all), "{all}");
    let ask = Mail::new("ask", "p@x.example", &[]).on(54);
    assert_eq!(baselines.recall(&ask.query()).sender.map(|sender| sender.seen), Some(640));
}

/// Copies a store, with the secret of its keys.
fn copied(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a new folder");
    for entry in std::fs::read_dir(from).expect("there").map(|entry| entry.expect("readable").path()) {
        let beside = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copied(&entry, &beside);
        } else {
            std::fs::copy(&entry, &beside).expect("room");
        }
    }
}

/// Everything a store knows, as it says it, standing included.
fn known(baselines: &Baselines) -> (Vec<String>, usize) {
    let at = Moment(70 * DAY);
    let mut all: Vec<_> = export(baselines, at).iter().map(|portrait| format!("{portrait:?}")).collect();
    all.sort();
    let protected = baselines.recall(&Mail::new("x", "ann@new.example", &["own1@own.example"]).on(70).query());
    (all, protected.likenesses.protected)
}

#[test]
fn what_is_given_back_is_as_if_it_had_never_been_labelled() {
    for seed in 1..4 {
        let folder = tempfile::tempdir().expect("writable");
        let (dir, copy) = (folder.path().join("b"), folder.path().join("copy"));
        let all = with_attacks(seed);
        drop(learned(&dir, &all));
        copied(&dir, &copy);
        let (never, labelled) = (open(&dir), open(&copy));
        assert_eq!(known(&never), known(&labelled));
        // Single messages, both ways at once, and an address: what stays labelled in one way stays taken back.
        let single = |n: usize| Attack::Message {
            message_id: all.iter().filter(|mail| mail.id.ends_with("@attack")).nth(n).expect("many").id.clone(),
            author: address(&all.iter().filter(|mail| mail.id.ends_with("@attack")).nth(n).expect("many").from),
        };
        let addresses = [
            Attack::Author { author: address("p1@evil.example"), since: Moment(i64::MIN) },
            Attack::Author { author: address("p1@x1.example"), since: Moment(31 * DAY) },
        ];
        let singles: Vec<_> = (0..6).map(single).collect();
        let take = |attack: &Attack| labelled.take_back(attack, Moment(70 * DAY)).expect("room");
        let give = |attack: &Attack| labelled.give_back(attack, Moment(71 * DAY)).expect("room");
        assert_eq!(give(&singles[0]), Default::default(), "nothing was taken");
        singles.iter().for_each(|attack| assert_eq!(take(attack).messages, 1));
        let by_names = known(&labelled);
        addresses.iter().for_each(|attack| assert!(take(attack).messages > 0));
        assert_ne!(known(&never), known(&labelled));
        addresses.iter().for_each(|attack| assert!(give(attack).messages > 0));
        assert_eq!(known(&labelled).0, by_names.0, "{seed}: the single ones stay");
        addresses.iter().for_each(|attack| assert!(take(attack).messages > 0));
        singles.iter().for_each(|attack| assert_eq!(give(attack).messages, 0, "its address stays labelled"));
        addresses.iter().rev().for_each(|attack| assert!(give(attack).messages > 0));
        assert_eq!(known(&never), known(&labelled), "{seed}");
        addresses.iter().chain(&singles).for_each(|attack| assert_eq!(give(attack), Default::default()));
        drop(labelled);
        assert_eq!(known(&never), known(&open(&copy)), "{seed}: and so it is on disk");
    }
}

#[test]
fn a_delivery_between_label_and_correction_is_given_back_too() {
    let folder = tempfile::tempdir().expect("writable");
    let mail = |to: &str| Mail::new("1@x", "ann@x.example", &[to]).on(1);
    let baselines = learned(&folder.path().join("b"), &[mail("own1@own.example")]);
    let attack = Attack::Message { message_id: "1@x".to_owned(), author: address("ann@x.example") };
    baselines.take_back(&attack, Moment(DAY)).expect("room");
    learn(&baselines, &mail("own2@own.example"));
    let trusted = |baselines: &Baselines| {
        let pair = |to: &str| baselines.recall(&mail(to).query()).recipients[0].pair.clone().map(|p| p.counts.trusted);
        (pair("own1@own.example"), pair("own2@own.example"))
    };
    assert_eq!(trusted(&baselines), (Some(0.0), Some(0.0)));
    baselines.give_back(&attack, Moment(DAY)).expect("room");
    learn(&baselines, &mail("own3@own.example"));
    let never =
        learned(&folder.path().join("never"), &["own1@own.example", "own2@own.example", "own3@own.example"].map(mail));
    assert_eq!(trusted(&baselines), trusted(&never));
    let sender = |baselines: &Baselines| baselines.recall(&mail("own1@own.example").query()).sender;
    assert_eq!(format!("{:?}", sender(&baselines)), format!("{:?}", sender(&never)));
}

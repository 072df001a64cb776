//! Attackers who prepare the baselines for their attack, and what each has to pay.

use std::path::Path;

use kith::baseline::{Attack, Baseline, Baselines, Profile, Settings, is_new};
use kith::mail::Moment;

use super::baseline::Mail;
use super::baseline_anew::{address, learn};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const VICTIM: &str = "own1@own.example";
const PARTNER: &str = "p@partner.example";
const EVE: &str = "eve@evil.example";

/// As shipped, but for what makes a test slow.
fn settings() -> Settings {
    Settings { commit_milliseconds: 1, ..Settings::default() }
}

/// A store that has watched ordinary mail with a partner for a month.
fn watched(dir: &Path) -> Baselines {
    let baselines = Baselines::open(&dir.join("baseline"), &settings()).expect("writable");
    for day in -30..0 {
        let id = |who: &str| format!("{day}@{who}");
        let question = Mail::new(&id("own"), VICTIM, &[PARTNER]).logged_in();
        learn(&baselines, &Mail { at: Moment(day * DAY), ..question });
        let answer = Mail::new(&id("partner"), PARTNER, &[VICTIM]).named("Paula Partner").answering(&[&id("own")]);
        learn(&baselines, &Mail { at: Moment(day * DAY + HOUR), ..answer });
    }
    baselines
}

fn at(mail: Mail, moment: i64) -> Mail {
    Mail { at: Moment(moment), ..mail }
}

fn recalled(baselines: &Baselines, mail: &Mail) -> Baseline {
    let baseline = baselines.recall(&mail.query());
    assert!(baseline.is_known(), "{:?}", baseline.gaps);
    baseline
}

fn trusted(profile: Option<&Profile>) -> f32 {
    profile.map_or(0.0, |profile| profile.counts.trusted)
}

/// Whether the author, his domain and his tie to the victim count as new.
fn new(baseline: &Baseline) -> [bool; 3] {
    let pair = baseline.recipients[0].pair.as_ref();
    [is_new(baseline.sender.as_ref()), is_new(baseline.sender_domain.as_ref()), is_new(pair)]
}

#[test]
fn who_warms_up_an_address_waits_and_loses_it_all_with_the_label() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = watched(folder.path());
    let mail = |n: i64, moment: i64| at(Mail::new(&format!("{n}@evil"), EVE, &[VICTIM]), moment);
    // However many he sends in the first hours, he stays a stranger.
    for n in 0..40 {
        learn(&baselines, &mail(n, n * 10 * MINUTE));
    }
    let young_hours = settings().young_hours as i64;
    let ask = |hours: i64| recalled(&baselines, &mail(1_000, hours * HOUR));
    assert_eq!(new(&ask(young_hours - 1)), [true; 3]);
    assert_eq!(new(&ask(young_hours)), [false; 3]);
    // From then on he is known, at a message a day: it takes two months to weigh what a true partner weighs.
    let partner = trusted(recalled(&baselines, &at(Mail::new("x", PARTNER, &[VICTIM]), 0)).sender.as_ref());
    let slow = "slow@patient.example";
    let (mut days, mut weight) = (0, 0.0);
    while weight < partner {
        learn(&baselines, &at(Mail::new(&format!("{days}@slow"), slow, &[VICTIM]), days * DAY));
        days += 1;
        weight = trusted(recalled(&baselines, &at(Mail::new("x", slow, &[VICTIM]), days * DAY)).sender.as_ref());
    }
    println!(
        "warming up: {young_hours} h as a stranger whatever he sends; {days} days at one message a day to weigh what a partner of 30 days does ({partner:.1})"
    );
    assert!((25..=45).contains(&days), "{days}");
    // He was never written to, and so is told from the partner still.
    let ask = at(Mail::new("x", slow, &[VICTIM]), days * DAY);
    let known = recalled(&baselines, &ask).sender.expect("seen");
    assert!(!known.is_solicited());
    // The first attack that is labelled costs him all of it.
    let attack = Attack::Author { author: address(slow), since: Moment(i64::MIN) };
    let taken = baselines.take_back(&attack, Moment(days * DAY)).expect("room");
    let after = recalled(&baselines, &ask);
    println!(
        "  labelled: {} messages lost, trusted weight {:.1}, attacks {:.1}",
        taken.messages,
        trusted(after.sender.as_ref()),
        after.sender.as_ref().map_or(0.0, |s| s.counts.attacks)
    );
    assert_eq!((taken.messages as i64, trusted(after.sender.as_ref())), (days, 0.0));
    assert!(after.sender.is_some_and(|sender| sender.counts.attacks > 20.0));
}

/// Trusted weight that a flood of one day earns for a domain, the addresses taking turns.
fn flood(messages: i64, addresses: i64, networks: i64) -> (f32, f32) {
    let folder = tempfile::tempdir().expect("writable");
    let settings = Settings { trusted_daily_of_network_max: 200, ..settings() };
    let baselines = Baselines::open(&folder.path().join("b"), &settings).expect("writable");
    for n in 0..messages {
        let from = format!("a{}@evil.example", n % addresses);
        let mail = Mail::new(&format!("{n}@evil"), &from, &[VICTIM]).through(&format!("203.0.{}.1", n % networks));
        learn(&baselines, &at(mail, n * DAY / messages));
    }
    let baseline = baselines.recall(&at(Mail::new("x", "a0@evil.example", &[VICTIM]), DAY).query());
    (trusted(baseline.sender.as_ref()), trusted(baseline.sender_domain.as_ref()))
}

#[test]
fn a_flood_earns_no_more_than_a_day_is_worth() {
    let max = settings().trusted_daily_of_sender_max as f32;
    let ordinary = flood(25, 1, 1);
    let (sender, _) = flood(3_000, 1, 1);
    let (_, domain) = flood(3_000, 100, 1);
    println!(
        "flood of 3000 in a day: one address weighs {sender:.1} (bound {max} at once), 100 addresses of one network {domain:.1} (bound 200); 25 a day weigh {:.1}",
        ordinary.0
    );
    assert!(ordinary.0 > 24.0, "{ordinary:?}");
    // What came early in the day has made room again by its end: at most 1 + ln 2 times the bound.
    assert!(sender <= max * 1.7, "{sender}");
    assert!(domain <= 200.0 * 1.7, "{domain}");
    let (_, spread) = flood(3_000, 100, 15);
    println!("  through 15 networks: {spread:.1}; each network more costs him a network");
    assert!(spread > 2_000.0, "honest providers are not throttled: {spread}");
}

#[test]
fn a_forger_uses_up_no_trust_of_whom_he_claims_to_be() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = watched(folder.path());
    for n in 0..500 {
        let forged = Mail::new(&format!("{n}@forged"), PARTNER, &[VICTIM]).unproved().through("203.0.113.9");
        learn(&baselines, &at(forged, n * MINUTE));
    }
    let before = trusted(recalled(&baselines, &at(Mail::new("x", PARTNER, &[VICTIM]), 9 * HOUR)).sender.as_ref());
    learn(&baselines, &at(Mail::new("true@partner", PARTNER, &[VICTIM]), 9 * HOUR));
    let after = trusted(recalled(&baselines, &at(Mail::new("x", PARTNER, &[VICTIM]), 9 * HOUR)).sender.as_ref());
    println!("500 forgeries in the partner's name: his own next message adds {:.2}", after - before);
    assert!((after - before - 1.0).abs() < 1e-3, "{before} {after}");
}

#[test]
fn forgeries_in_a_partners_name_gain_nothing_of_his() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = watched(folder.path());
    let forged = |n: i64| {
        let mail = Mail::new(&format!("{n}@forged"), PARTNER, &[VICTIM, "own2@own.example"]).unproved();
        at(mail.named("Paula Partner").through("203.0.113.9"), n * HOUR)
    };
    let before = recalled(&baselines, &forged(100));
    for n in 0..100 {
        learn(&baselines, &forged(n));
    }
    let after = recalled(&baselines, &forged(100));
    let usual = |baseline: &Baseline, name: &str| {
        baseline.sender_domain.as_ref().and_then(|domain| domain.usual(name)).map(|usual| usual.weight)
    };
    assert_eq!((usual(&before, "network"), usual(&after, "network")), (Some(0.0), Some(0.0)));
    assert!(trusted(after.sender.as_ref()) <= trusted(before.sender.as_ref()));
    assert_eq!(trusted(after.recipients[1].pair.as_ref()), 0.0, "no tie to whom the partner never wrote");
    let bearers = after.name.map(|name| name.addresses.into_iter().map(|(address, _)| address).collect::<Vec<_>>());
    assert_eq!(bearers, Some(vec![PARTNER.to_owned()]));
    println!("100 forgeries: his network is usual in 0 of the partner's messages, trust gained 0");
}

#[test]
fn references_to_what_never_passed_make_no_answer() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = watched(folder.path());
    let answers_own = |mail: &Mail| recalled(&baselines, mail).answers_own(&mail.query());
    let mail = |references: &[&str]| at(Mail::new("1@evil", EVE, &[VICTIM]).answering(references), HOUR);
    assert!(answers_own(&at(Mail::new("x", PARTNER, &[VICTIM]).answering(&["-1@own"]), HOUR)), "a true answer");
    assert!(!answers_own(&mail(&["invented@own.example"])));
    // A true thread, as on a forwarded letter, and an answer to a message of it that never was.
    assert!(!answers_own(&mail(&["-1@own", "invented@own.example"])));
    // He begins a thread himself and answers in it.
    learn(&baselines, &at(Mail::new("0@evil", EVE, &[VICTIM]), 0));
    assert!(!answers_own(&mail(&["0@evil"])));
}

#[test]
fn who_knows_a_true_message_id_is_still_not_known_himself() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = watched(folder.path());
    // As in the public archive of a list: the message was real, but not written to him.
    let mail = |n: i64| at(Mail::new(&format!("{n}@evil"), EVE, &[VICTIM]).answering(&["-1@own"]), n * HOUR);
    for n in 0..5 {
        learn(&baselines, &mail(n));
    }
    let baseline = recalled(&baselines, &mail(6));
    let sender = baseline.sender.as_ref().expect("seen");
    assert!(!sender.is_solicited() && sender.young, "{sender:?}");
    assert_eq!(new(&baseline), [true; 3]);
    let participant = baseline.thread.as_ref().and_then(|thread| thread.usual("participant")).expect("asked");
    println!(
        "a Message-ID taken from elsewhere: solicited {} times, solicited weight {:.1}, share of the thread {:?}",
        sender.written_to,
        sender.counts.solicited,
        participant.share()
    );
    assert_eq!(sender.written_to, 0);
}

#[test]
fn a_young_tie_is_new_until_its_hours_are_over_or_we_write_there() {
    let folder = tempfile::tempdir().expect("writable");
    let baselines = watched(folder.path());
    let first = at(Mail::new("1", "n@new.example", &[VICTIM]), 0);
    learn(&baselines, &first);
    let end = (settings().young_hours * HOUR as f64) as i64;
    let ask = |moment: i64| recalled(&baselines, &at(Mail::new("2", "n@new.example", &[VICTIM]), moment));
    assert_eq!((new(&ask(end - 1)), new(&ask(end))), ([true; 3], [false; 3]));
    // A forgery sent ahead does not start the clock.
    learn(&baselines, &at(Mail::new("3", "m@other.example", &[VICTIM]).unproved(), 0));
    learn(&baselines, &at(Mail::new("4", "m@other.example", &[VICTIM]), 2 * DAY));
    let forged = recalled(&baselines, &at(Mail::new("5", "m@other.example", &[VICTIM]), 2 * DAY + HOUR));
    assert_eq!(new(&forged), [true; 3]);
    learn(&baselines, &at(Mail::new("6", VICTIM, &["n@new.example"]).logged_in(), MINUTE));
    assert_eq!(new(&ask(2 * MINUTE)), [false; 3]);
}

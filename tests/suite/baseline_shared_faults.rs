//! A shared store that dies, stalls, forgets all, or is to forget: mail goes on, and what was learned is not lost.

use std::fs;
use std::time::{Duration, Instant};

use kith::baseline::{Addresses, Baselines, Settings, Subject};
use kith::mail::{Missing, Moment};

use super::baseline::Mail;
use super::baseline_anew::address;
use super::baseline_shared::{host, recalled, seen, told};
use crate::mta::until;
use crate::redis_server::Redis;

const OWN: &str = "bob@own.example";

fn gaps(baselines: &Baselines, mail: &Mail) -> Vec<String> {
    let gaps = recalled(baselines, mail).gaps;
    assert!(gaps.iter().all(|gap| gap.missing == Missing::Baseline));
    gaps.into_iter().map(|gap| gap.why).collect()
}

#[test]
fn mail_goes_on_with_a_gap_while_the_store_is_dead_and_all_is_told_later() {
    let (mut redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let [a, b] = ["a", "b"].map(|name| host(folder.path(), &redis.settings(name, "kith:")));
    a.learn_now(&Mail::new("1", "anna@x.example", &[OWN]).observation());
    told(&a);
    seen(&b, "anna@x.example", 1);
    redis.kill();
    let (known, stranger) = (Mail::new("2", "anna@x.example", &[OWN]), Mail::new("3", "otto@y.example", &[OWN]));
    until("the gap is told", || (!gaps(&b, &known).is_empty()).then_some(()));
    // What was read before is still known, and what was not is unknown, not new.
    let baseline = recalled(&b, &known);
    assert_eq!((baseline.sender.map(|sender| sender.seen), baseline.learned), (Some(1), 1));
    assert!(gaps(&b, &stranger)[0].starts_with("baselines could not be read: the shared store: "));
    assert!(!recalled(&b, &stranger).is_known());
    assert_eq!(b.state().shared, Some(false));
    // Both learn on meanwhile, without the store and without waiting for it.
    let start = Instant::now();
    for n in 0..50 {
        a.learn_now(&Mail::new(&format!("a{n}"), "anna@x.example", &[OWN]).observation());
        b.learn_now(&Mail::new(&format!("b{n}"), "anna@x.example", &[OWN]).observation());
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    // It comes back and remembers nothing: until all is told again, what is not there is unknown.
    redis.restart();
    until("the store answers", || {
        let baseline = recalled(&b, &stranger);
        let untold = baseline.gaps.is_empty() && baseline.learned < 101;
        assert!(!untold, "{baseline:?}");
        baseline.gaps.iter().any(|gap| gap.why.contains("lost its data")).then_some(())
    });
    [&a, &b].into_iter().for_each(|known| seen(known, "anna@x.example", 101));
    assert_eq!(gaps(&a, &stranger), [""; 0]);
}

#[test]
fn a_stalled_store_costs_a_message_no_more_than_its_time() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let mut settings = redis.settings("a", "kith:");
    settings.shared.recall_milliseconds_max = 50;
    settings.shared.tell_milliseconds_max = 300;
    let a = host(folder.path(), &settings);
    let mail = Mail::new("1", "anna@x.example", &[OWN]);
    until("the store answers", || gaps(&a, &mail).is_empty().then_some(()));
    redis.pause();
    let start = Instant::now();
    assert_eq!(gaps(&a, &mail).len(), 1);
    let first = start.elapsed();
    assert!(first >= Duration::from_millis(40) && first < Duration::from_millis(500), "{first:?}");
    // Then it is left alone: a hundred messages wait for nothing.
    until("it counts as away", || (a.state().shared == Some(false)).then_some(()));
    let start = Instant::now();
    (0..100).for_each(|_| assert_eq!(gaps(&a, &mail).len(), 1));
    assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
    a.learn_now(&mail.observation());
    redis.go_on();
    until("the store answers again", || gaps(&a, &mail).is_empty().then_some(()));
    told(&a);
    let b = host(folder.path(), &redis.settings("b", "kith:"));
    seen(&b, "anna@x.example", 1);
}

#[test]
fn more_than_can_wait_is_found_again() {
    let (mut redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let mut settings = redis.settings("a", "kith:");
    settings.shared.untold_max = 10;
    let a = host(folder.path(), &settings);
    a.learn_now(&Mail::new("first", "anna@x.example", &[OWN]).observation());
    told(&a);
    assert_eq!(redis.saved().len(), 1);
    redis.kill();
    for n in 0..300 {
        a.learn_now(&Mail::new(&format!("{n}"), &format!("p{n}@x.example"), &[OWN]).observation());
    }
    a.sync().expect("room on disk");
    // It comes back as it was when it was saved.
    redis.restart();
    let b = host(folder.path(), &redis.settings("b", "kith:"));
    for n in [0, 149, 299] {
        seen(&b, &format!("p{n}@x.example"), 1);
    }
    seen(&b, "anna@x.example", 1);
}

#[test]
fn what_waits_is_told_when_a_host_stops() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let b = host(folder.path(), &redis.settings("b", "kith:"));
    let a = host(folder.path(), &redis.settings("a", "kith:"));
    for n in 0..100 {
        a.learn(Mail::new(&format!("{n}"), "anna@x.example", &[OWN]).observation());
    }
    drop(a);
    seen(&b, "anna@x.example", 100);
}

/// In how many of the files some bytes stand.
fn grep(files: &[Vec<u8>], needle: &[u8]) -> usize {
    files.iter().filter(|bytes| bytes.windows(needle.len()).any(|window| window == needle)).count()
}

fn check_forgotten(addresses: Addresses) {
    const WHO: &str = "zqxjwk7719@vfbgk.example";
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let settings = ["a", "b"].map(|name| Settings { addresses, ..redis.settings(name, "kith:") });
    let hosts = settings.each_ref().map(|settings| host(folder.path(), settings));
    // Compressed, no address could be found in the file.
    redis.cli(&["config", "set", "rdbcompression", "no"]);
    for n in 0..40 {
        let id = n.to_string();
        let mail = match n % 4 {
            0 => Mail::new(&id, WHO, &[OWN]).named("Yqhwzx Kvjpqd"),
            1 => Mail::new(&id, OWN, &[WHO]).logged_in(),
            2 => Mail::new(&id, "anna@x.example", &[OWN, WHO]).named("Anna"),
            _ => Mail::new(&id, "anna@x.example", &[OWN]),
        };
        hosts[n / 4 % 2].learn_now(&mail.observation());
    }
    hosts.iter().for_each(told);
    let dump = || redis.saved().iter().map(|file| fs::read(file).expect("readable")).collect::<Vec<_>>();
    // The keys about the person, and the address under which names bear it.
    let who = address(WHO);
    let subjects = [
        Subject::Sender(who.clone()),
        Subject::Recipient(who.clone()),
        Subject::Domain(who.domain().clone()),
        Subject::Pair(who.clone(), address(OWN)),
        Subject::Pair(address(OWN), who.clone()),
    ];
    let key = |subject: &Subject| hosts[0].portray(subject, Moment(0)).expect("readable").expect("known").key;
    let mut needles: Vec<Vec<u8>> = subjects.iter().map(|subject| unhex(&key(subject))).collect();
    if addresses == Addresses::Plain {
        needles.push(WHO.as_bytes().to_vec());
    }
    assert!(needles.iter().all(|needle| grep(&dump(), needle) == 1), "all is there before");
    drop(hosts);
    for settings in &settings {
        let baselines = Baselines::open(&folder.path().join(&settings.shared.host), settings).expect("writable");
        assert!(baselines.forget(std::slice::from_ref(&who), |_, _| {}).is_ok_and(|forgotten| forgotten.written > 0));
    }
    let hosts = settings.each_ref().map(|settings| host(folder.path(), settings));
    hosts.iter().for_each(|host| seen(host, "anna@x.example", 20));
    hosts.iter().for_each(told);
    for needle in &needles {
        assert_eq!(grep(&dump(), needle), 0, "{}", String::from_utf8_lossy(needle));
    }
    seen(&hosts[0], WHO, 0);
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).expect("hex")).collect()
}

#[test]
fn a_person_is_forgotten_in_the_shared_store() {
    check_forgotten(Addresses::Plain);
}

#[test]
fn a_person_known_by_hashes_is_forgotten_there_too() {
    check_forgotten(Addresses::Hashed);
}

#[test]
fn nothing_is_forgotten_while_the_store_is_away() {
    let (mut redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let settings = redis.settings("a", "kith:");
    let a = host(folder.path(), &settings);
    a.learn_now(&Mail::new("1", "anna@x.example", &[OWN]).observation());
    told(&a);
    drop(a);
    redis.kill();
    let a = Baselines::open(&folder.path().join("a"), &settings).expect("writable");
    let refused = a.forget(&[address("anna@x.example")], |_, _| {});
    assert!(refused.is_err_and(|why| why.contains("nothing was forgotten")));
    let a = Baselines::open(&folder.path().join("a"), &settings).expect("writable");
    assert!(a.recall(&Mail::new("2", "anna@x.example", &[OWN]).query()).sender.is_some());
}

//! Several hosts, one baseline: what each learned, all recall, through a real Redis server.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use kith::baseline::{Attack, Baseline, Baselines, Learned, Settings};
use kith::mail::Moment;
use proptest::prelude::*;

use super::baseline::Mail;
use super::baseline_anew::address;
use super::baseline_imap::certify;
use crate::mta::{run, until};
use crate::redis_server::{Redis, cluster};
use crate::serve::{KITH, Kith, prepared};

const OWN: &str = "bob@own.example";

/// A host's baselines, which are shared.
pub fn host(dir: &Path, settings: &Settings) -> Baselines {
    let name = &settings.shared.host;
    let baselines = Baselines::open(&dir.join(name), settings).expect("writable");
    assert_eq!(baselines.share(), Ok(()));
    baselines
}

/// What is recalled with what the other hosts know.
pub fn recalled(baselines: &Baselines, mail: &Mail) -> Baseline {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(baselines.recall_shared(&mail.query()))
}

/// Waits until all that was learned is told.
pub fn told(baselines: &Baselines) {
    baselines.sync().expect("room on disk");
    until("all is told", || (baselines.state().untold == 0).then_some(()));
}

/// How often the sender was seen, as soon as it is as often as expected.
pub fn seen(baselines: &Baselines, from: &str, expected: u32) {
    let ask = Mail::new("ask", from, &[OWN]);
    until(&format!("{from} was seen {expected} times"), || {
        let baseline = recalled(baselines, &ask);
        let seen = baseline.sender.map_or(0, |sender| sender.seen);
        (baseline.gaps.is_empty() && seen == expected).then_some(())
    });
}

#[test]
fn hosts_know_each_others_ties() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let [a, b] = ["a", "b"].map(|name| host(folder.path(), &redis.settings(name, "kith:")));
    a.learn_now(&Mail::new("1", "anna@x.example", &[OWN]).named("Anna Muster").observation());
    b.learn_now(&Mail::new("2", "anna@x.example", &[OWN]).on(1).observation());
    b.learn_now(&Mail::new("3", OWN, &["anna@x.example"]).on(1).logged_in().observation());
    [&a, &b].into_iter().for_each(told);
    for known in [&a, &b] {
        seen(known, "anna@x.example", 2);
        let baseline = recalled(known, &Mail::new("4", "anna@x.example", &[OWN]).on(2).named("Muster, Anna"));
        let sender = baseline.sender.as_ref().expect("known");
        assert_eq!((sender.seen, sender.written_to, sender.first_seen), (2, 1, Moment(0)));
        let pair = baseline.recipients[0].pair.as_ref().expect("known");
        assert_eq!((pair.seen, pair.written_to), (2, 1));
        assert_eq!(baseline.name.as_ref().map(|name| name.addresses.len()), Some(1));
        assert_eq!((baseline.learned, baseline.watched_since), (3, Some(Moment(0))));
        assert!(baseline.is_known());
    }
    // One's own store knows one's own share alone.
    assert_eq!(a.recall(&Mail::new("5", "anna@x.example", &[OWN]).query()).sender.map(|sender| sender.seen), Some(1));
    assert_eq!(a.state().shared, Some(true));
}

#[test]
fn a_host_that_begins_later_is_told_all() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let settings = redis.settings("a", "kith:");
    // Learned before it shared anything.
    let a = Baselines::open(&folder.path().join("a"), &settings).expect("writable");
    for n in 0..600 {
        a.learn_now(&Mail::new(&format!("{n}"), &format!("p{}@x.example", n % 300), &[OWN]).observation());
    }
    assert_eq!(a.share(), Ok(()));
    let b = host(folder.path(), &redis.settings("b", "kith:"));
    for n in [0, 150, 299] {
        seen(&b, &format!("p{n}@x.example"), 2);
    }
    // What is learned while it does not share is told at the next start.
    drop(a);
    let a = Baselines::open(&folder.path().join("a"), &settings).expect("writable");
    a.learn_now(&Mail::new("x", "p7@x.example", &[OWN]).observation());
    drop(a);
    seen(&b, "p7@x.example", 2);
    let _a = host(folder.path(), &settings);
    seen(&b, "p7@x.example", 3);
}

#[test]
fn a_message_that_reaches_two_hosts_counts_once() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let [a, b] = ["a", "b"].map(|name| host(folder.path(), &redis.settings(name, "kith:")));
    let mail = Mail::new("1", "anna@x.example", &[OWN]);
    assert_eq!(a.learn_now(&mail.observation()), Learned::Counted);
    assert_eq!(b.learn_now(&mail.observation()), Learned::Known);
    // Another recipient is another's tie, and the message is still the same.
    let other = Mail { to: vec!["eva@own.example".to_owned()], ..mail.clone() };
    assert_eq!(b.learn_now(&other.observation()), Learned::Counted);
    // Through the queue, where many are claimed together.
    for n in 0..200 {
        let mail = Mail::new(&format!("q{n}"), "queue@x.example", &[OWN]);
        [&a, &b].into_iter().for_each(|host| assert_eq!(host.learn(mail.observation()), Learned::Queued));
    }
    [&a, &b].into_iter().for_each(told);
    for known in [&a, &b] {
        seen(known, "anna@x.example", 1);
        seen(known, "queue@x.example", 200);
        let baseline = recalled(
            known,
            &Mail { id: "2".to_owned(), to: vec![OWN.to_owned(), "eva@own.example".to_owned()], ..mail.clone() },
        );
        let pairs: Vec<_> = baseline.recipients.iter().map(|r| r.pair.as_ref().map(|pair| pair.seen)).collect();
        assert_eq!(pairs, [Some(1), Some(1)]);
    }
}

#[test]
fn a_label_at_one_host_takes_back_at_all() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let [a, b] = ["a", "b"].map(|name| host(folder.path(), &redis.settings(name, "kith:")));
    for (n, at) in [&a, &b, &a, &b].into_iter().enumerate() {
        at.learn_now(&Mail::new(&format!("{n}"), "eve@evil.example", &[OWN]).on(n as i64).observation());
    }
    [&a, &b].into_iter().for_each(told);
    seen(&a, "eve@evil.example", 4);
    let attack = Attack::Author { author: address("eve@evil.example"), since: Moment(0) };
    assert_eq!(a.take_back(&attack, Moment(9)).map(|taken| taken.messages), Ok(2));
    for known in [&a, &b] {
        until("the trust of both is taken back", || {
            let sender = recalled(known, &Mail::new("ask", "eve@evil.example", &[OWN]).on(4)).sender?;
            (sender.seen == 4 && sender.counts.trusted == 0.0 && sender.counts.attacks > 3.0).then_some(())
        });
    }
    // A later delivery of a labelled message elsewhere builds no trust either.
    let again = Mail::new("0", "eve@evil.example", &["eva@own.example"]).on(1);
    b.learn_now(&again.observation());
    let pair = b.recall(&again.query()).recipients[0].pair.clone().expect("counted");
    assert_eq!((pair.seen, pair.counts.trusted), (1, 0.0));
}

#[test]
fn a_label_given_while_the_daemon_is_stopped_is_told_when_it_starts() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let [for_a, for_b] = ["a", "b"].map(|name| redis.settings(name, "kith:"));
    let [a, b] = [&for_a, &for_b].map(|settings| host(folder.path(), settings));
    for (n, at) in [&a, &b].into_iter().enumerate() {
        at.learn_now(&Mail::new(&format!("{n}"), "eve@evil.example", &[OWN]).on(n as i64).observation());
    }
    [&a, &b].into_iter().for_each(told);
    drop(a);
    let stopped = Baselines::open(&folder.path().join("a"), &for_a).expect("there");
    let attack = Attack::Author { author: address("eve@evil.example"), since: Moment(0) };
    assert_eq!(stopped.take_back(&attack, Moment(9)).map(|taken| taken.messages), Ok(1));
    drop(stopped);
    let a = host(folder.path(), &for_a);
    until("the other host takes its own back", || {
        let sender = b.recall(&Mail::new("ask", "eve@evil.example", &[OWN]).on(2).query()).sender?;
        (sender.counts.trusted == 0.0 && sender.counts.attacks > 0.9).then_some(())
    });
    drop(a);
}

#[test]
fn a_baseline_made_anew_counts_alone() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let settings = redis.settings("a", "kith:");
    let b = host(folder.path(), &redis.settings("b", "kith:"));
    let a = host(folder.path(), &settings);
    for day in 0..4 {
        a.learn_now(&Mail::new(&format!("{day}"), &format!("p{}@x.example", day % 2), &[OWN]).on(day).observation());
    }
    told(&a);
    seen(&b, "p0@x.example", 2);
    drop(a);
    let a = Baselines::open(&folder.path().join("a"), &settings).expect("writable");
    assert_eq!(a.rebuild(Some(Moment(0)), |_, _| {}), Ok(()));
    let _a = host(folder.path(), &settings);
    seen(&b, "p0@x.example", 1);
    seen(&b, "p1@x.example", 0);
}

#[test]
fn the_nodes_of_a_cluster_share_the_keys() {
    let (nodes, folder) = (cluster(), tempfile::tempdir().expect("writable"));
    let [a, b] = ["a", "b"].map(|name| {
        let mut settings = nodes[0].settings(name, "kith:");
        settings.shared.cluster = true;
        host(folder.path(), &settings)
    });
    for n in 0..60 {
        a.learn_now(&Mail::new(&format!("a{n}"), &format!("p{n}@x.example"), &[OWN]).observation());
        b.learn_now(&Mail::new(&format!("a{n}"), &format!("p{n}@x.example"), &[OWN]).observation());
        b.learn_now(&Mail::new(&format!("b{n}"), &format!("p{n}@x.example"), &[OWN]).observation());
    }
    [&a, &b].into_iter().for_each(told);
    for n in 0..60 {
        seen(&a, &format!("p{n}@x.example"), 2);
    }
    for node in &nodes {
        let keys: u32 = node.cli(&["dbsize"]).trim().parse().expect("a number");
        assert!(keys > 50, "each has its part of them: {keys}");
    }
}

#[test]
fn hosts_with_other_secrets_or_the_same_name_do_not_mix() {
    let (redis, folder) = (Redis::start(), tempfile::tempdir().expect("writable"));
    let a = host(folder.path(), &redis.settings("a", "kith:"));
    a.learn_now(&Mail::new("1", "anna@x.example", &[OWN]).observation());
    told(&a);
    // Begun before the secret was there.
    let mut settings = redis.settings("b", "kith:");
    let secret = std::mem::replace(&mut settings.shared.secret_file, folder.path().join("other").display().to_string());
    let dir = folder.path().join("b");
    drop(Baselines::open(&dir, &settings).expect("writable"));
    settings.shared.secret_file = secret;
    let b = Baselines::open(&dir, &settings).expect("writable");
    assert!(b.share().is_err_and(|why| why.contains("another secret")));
    assert_eq!(b.state().shared, None);
    assert!(recalled(&b, &Mail::new("2", "anna@x.example", &[OWN])).sender.is_none());
    // Another store that calls itself a is not let in while a is there.
    let twin = Baselines::open(&folder.path().join("twin"), &redis.settings("a", "kith:")).expect("writable");
    assert_eq!(twin.share(), Ok(()));
    twin.learn_now(&Mail::new("3", "anna@x.example", &[OWN]).observation());
    twin.sync().expect("room on disk");
    thread::sleep(Duration::from_millis(1_500));
    assert!(twin.state().untold > 0);
    let c = host(folder.path(), &redis.settings("c", "kith:"));
    seen(&c, "anna@x.example", 1);
    // A file that is no secret.
    fs::write(&settings.shared.secret_file, "word").expect("writable");
    let d = Baselines::open(&folder.path().join("d"), &redis.settings("d", "kith:")).expect("writable");
    assert!(d.share().is_err_and(|why| why.contains("32 hexadecimal digits")));
}

/// A daemon that shares by TLS, trusting the authority in a file: `true` as soon as it said so in the store.
fn shares_by_tls(redis: &Redis, address: &str, authority: &Path) -> bool {
    let secret = authority.with_extension("secret");
    let own = format!(
        "[baseline.shared]\naddresses = [\"{address}\"]\nhost = \"a\"\npassword_file = \"{}\"\nsecret_file = \"{}\"\n",
        redis.password_file().display(),
        secret.display()
    );
    let trusts = format!("SSL_CERT_FILE={}", authority.display());
    let _kith = Kith::start_on(prepared(&own), &["env", &trusts]);
    // The teller says so with its first beat, or fails with it.
    (0..40).any(|_| {
        thread::sleep(Duration::from_millis(50));
        redis.cli(&["hlen", "kith:hosts"]).trim() == "1"
    })
}

#[test]
fn a_store_is_reached_by_tls_where_it_proves_its_name() {
    let folder = tempfile::tempdir().expect("writable");
    certify(folder.path());
    let (redis, address) = Redis::start_with_tls(folder.path());
    assert!(!shares_by_tls(&redis, &address, &folder.path().join("stranger.pem")));
    assert!(shares_by_tls(&redis, &address, &folder.path().join("authority.pem")));
}

/// The script for administrators, which starts a store and two daemons and sends mail through both.
#[test]
fn two_daemons_have_one_baseline() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/cluster/try.sh");
    let output = run(Command::new("bash").arg(script).env("KITH", KITH));
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |start: &str, nth: usize| shown.lines().filter(|line| line.starts_with(start)).nth(nth).expect("shown");
    let (known, stranger) = ("mx2: anna@partner.example", "mx2: eve@stranger.example");
    assert!(line(known, 0).contains("first message 0") && line(known, 0).contains("wrote there 0.69"), "{shown}");
    assert!(line(stranger, 0).contains("first message 1"), "{shown}");
    assert!(line(known, 1).contains("first message 0"), "the store is dead, and it is cached: {shown}");
    assert!(line("mx2: mallory@", 0).contains("first message unknown") && shown.contains("gap: baselines"), "{shown}");
    assert!(line("mx1: anna@", 1).contains("wrote there 0.69"), "all is told again: {shown}");
}

static REDIS: LazyLock<Mutex<(Redis, u32)>> = LazyLock::new(|| Mutex::new((Redis::start(), 0)));

/// A message of few people, and the hosts that it reaches.
fn mails() -> impl Strategy<Value = Vec<(Mail, Vec<usize>)>> {
    let mail = (0..4u8, 0..3u8, 0..5i64, 0..4u8, proptest::collection::vec(0..4usize, 1..3));
    let mails = proptest::collection::vec(mail, 1..60);
    mails.prop_map(|mails| {
        let mail = |(n, (from, to, day, kind, at)): (usize, (u8, u8, i64, u8, Vec<usize>))| {
            let (from, to) = (format!("p{from}@x.example"), format!("o{to}@own.example"));
            let id = n.to_string();
            let mail = match kind {
                0 => Mail::new(&id, &to, &[&from]).logged_in(),
                1 => Mail::new(&id, &from, &[&to]).refused(),
                _ => Mail::new(&id, &from, &[&to]).named("Some Name"),
            };
            (mail.on(day), at)
        };
        mails.into_iter().enumerate().map(mail).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, max_shrink_iters: 0, ..ProptestConfig::default() })]

    /// Four hosts learn at the same time, some messages at two of them, and none of it is lost: each then recalls what one
    /// host would that had learned all.
    #[test]
    fn four_writers_lose_no_update(mails in mails()) {
        let mut server = REDIS.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        server.1 += 1;
        let (folder, prefix) = (tempfile::tempdir().expect("writable"), format!("{}:", server.1));
        let hosts = ["a", "b", "c", "d"].map(|name| host(folder.path(), &server.0.settings(name, &prefix)));
        thread::scope(|scope| {
            for (n, host) in hosts.iter().enumerate() {
                let own = mails.iter().filter(move |(_, at)| at.contains(&n));
                scope.spawn(move || own.for_each(|(mail, _)| assert_ne!(host.learn_now(&mail.observation()), Learned::Dropped)));
            }
        });
        hosts.iter().for_each(told);
        let alone = Baselines::open(&folder.path().join("alone"), &super::baseline::settings()).expect("writable");
        mails.iter().for_each(|(mail, _)| assert_ne!(alone.learn_now(&mail.observation()), Learned::Dropped));
        for (from, to) in (0..4).flat_map(|from| (0..3).map(move |to| (from, to))) {
            let ask = Mail::new("ask", &format!("p{from}@x.example"), &[&format!("o{to}@own.example")]).on(5);
            let expected = figures(&alone.recall(&ask.query()));
            for host in &hosts {
                until(&format!("{:?} is {expected:?}", figures(&recalled(host, &ask))), || {
                    let is = figures(&recalled(host, &ask));
                    let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-3;
                    (is.len() == expected.len() && is.iter().zip(&expected).all(near)).then_some(())
                });
            }
        }
    }
}

/// The figures of the profiles of a message: `-1` for one that is not there.
fn figures(baseline: &Baseline) -> Vec<f32> {
    let recipient = &baseline.recipients[0];
    let profiles = [
        &baseline.sender,
        &baseline.sender_domain,
        &baseline.network,
        &recipient.profile,
        &recipient.pair,
        &recipient.domain_pair,
    ];
    let mut figures = vec![baseline.learned as f32];
    for profile in profiles {
        figures.extend(match profile {
            Some(p) => vec![
                p.seen as f32,
                p.written_to as f32,
                p.counts.trusted,
                p.counts.messages,
                p.counts.refused,
                p.correspondents as f32,
                (p.first_seen.0 / 3_600_000) as f32,
                (p.last_seen.0 / 3_600_000) as f32,
            ],
            None => vec![-1.0],
        });
    }
    figures
}

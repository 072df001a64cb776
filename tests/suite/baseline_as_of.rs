//! Baselines led through the past know at each moment what was known then, and are had from a store that is in use.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use kith::baseline::{AsOf, Attack, Baselines, Learned, Reached, Unreachable};
use kith::mail::Moment;

use crate::baseline::{Mail, settings};
use crate::baseline_anew::{address, learn, ordinary};

#[test]
fn what_was_known_at_each_message_is_known_again() {
    let folder = tempfile::tempdir().expect("writable");
    let store = folder.path().join("baseline");
    let baselines = Baselines::open(&store, &settings()).expect("writable");
    let mails = ordinary(7);
    let mut seen = Vec::new();
    for (n, mail) in mails.iter().enumerate() {
        // Found out twice, of one author and of one letter of another.
        let author = address("p1@x1.example");
        let attack = match n {
            100 => Some(Attack::Author { author, since: mails[60].at }),
            180 => Some(Attack::Message { message_id: mails[20].id.clone(), author: address(&mails[20].from) }),
            _ => None,
        };
        if let Some(attack) = attack {
            let taken = baselines.take_back(&attack, mail.at).expect("readable");
            assert!(taken.messages > 0, "{attack:?}");
        }
        let query = mail.query();
        let known = baselines.recall(&query);
        seen.push((known.reached.expect("one moment of one store"), query, format!("{known:?}")));
        learn(&baselines, mail);
    }
    baselines.sync().expect("room");
    let present = Baselines::open_copy(&store, &folder.path().join("copy"), &settings()).expect("whole");
    let mut led = AsOf::begin(present, &folder.path().join("led")).expect("writable");
    for (reached, query, known) in &seen {
        led.lead(*reached, query.at).expect("reachable");
        assert_eq!(&format!("{:?}", led.baselines().recall(query)), known, "after {} facts", reached.facts);
    }
    assert_eq!(led.known_since(), None, "nothing is forgotten");
    let (last, query, _) = seen.last().expect("some");
    assert_eq!(led.lead(seen[3].0, query.at), Err(Unreachable::Passed));
    assert_eq!(led.lead(Reached { facts: last.facts + 2, ..*last }, query.at), Err(Unreachable::Lost));
    assert_eq!(led.lead(Reached { store: !last.store, ..*last }, query.at), Err(Unreachable::OtherStore));
}

#[test]
fn facts_keep_their_numbers_when_the_store_is_made_anew() {
    let folder = tempfile::tempdir().expect("writable");
    let store = folder.path().join("baseline");
    let baselines = Baselines::open(&store, &settings()).expect("writable");
    let mails = ordinary(9);
    let half = mails.len() / 2;
    mails.iter().for_each(|mail| assert_eq!(learn(&baselines, mail), Learned::Counted));
    baselines.rebuild(Some(mails[half].at), |_, _| ()).expect("room");
    let anew = Baselines::open(&store, &settings()).expect("whole");
    let reached = anew.recall(&mails[half].query()).reached.expect("one moment");
    assert_eq!(reached.facts, mails.len() as u64, "what is learned from now on has other numbers than what is gone");
}

#[test]
fn a_store_that_is_written_to_is_copied_whole() {
    let folder = tempfile::tempdir().expect("writable");
    let store = folder.path().join("baseline");
    let baselines = Baselines::open(&store, &settings()).expect("writable");
    let mail = |n: u64| Mail::new(&format!("{n}@a"), &format!("a{n}@x{}.example", n % 97), &["ann@own.example"]);
    learn(&baselines, &mail(0));
    baselines.sync().expect("room");
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in (1..).take_while(|_| !is_done.load(Ordering::Relaxed)) {
                learn(&baselines, &mail(n));
                if n % 8 == 0 {
                    baselines.sync().expect("room");
                }
            }
        });
        for n in 0..12 {
            let before = baselines.state().learned;
            let copy = Baselines::open_copy(&store, &folder.path().join(format!("copy{n}")), &settings());
            let copy = copy.expect("whole");
            // The last group may not have been written yet.
            assert!(copy.state().learned + 16 >= before, "{} of {before}", copy.state().learned);
            assert!(copy.recall(&mail(0).query()).sender.is_some_and(|sender| sender.first_seen == Moment(0)));
        }
        is_done.store(true, Ordering::Relaxed);
    });
    let missing = Baselines::open_copy(&folder.path().join("none"), &folder.path().join("other"), &settings());
    assert!(missing.is_err());
}

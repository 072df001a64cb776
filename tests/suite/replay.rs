//! Decisions that a running daemon made through a real MTA, made again from its journal.

use std::fs;

use serde_json::Value;

use crate::mta::postfix::Postfix;
use crate::mta::sink::Sink;
use crate::mta::smtp::Smtp;
use crate::serve::{Kith, call};

/// The last object that a replay prints: its sums.
fn sums(printed: &str) -> Value {
    serde_json::from_str(printed.lines().last().expect("the sums")).expect("an object")
}

#[test]
fn a_journal_replays_as_it_was_decided_and_shows_what_another_policy_would_flip() {
    let kith = Kith::start("");
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    for number in 0..3 {
        let mail = format!(
            "From: ann@sender.example\r\nTo: bob@kith.test\r\nSubject: number {number}\r\n\
             Message-ID: <{number}@sender.example>\r\n\r\nAt one?\r\n"
        );
        let sent = Smtp::connect(postfix.port()).send("ann@sender.example", &["bob@kith.test"], mail.as_bytes());
        assert_eq!(sent.code(), 250);
    }
    sink.wait_for(3);
    let all = sums(&kith.run(&["replay", "--json"]));
    assert_eq!((&all["replayed"], &all["same"], &all["flips"]), (&3.into(), &3.into(), &Value::Array(Vec::new())));
    assert!(kith.run(&["replay", "--since", "1h"]).starts_with("3 decisions made again: 3 the same bit for bit"));
    let policy = kith.state().join("strict.toml");
    fs::write(&policy, "[policy.thresholds]\ntag = -1000.0\n").expect("writable");
    let folder = kith.state().parent().expect("the folder of settings").to_owned();
    let strict = call(&folder, &["replay", "--json", "--policy", &policy.display().to_string()]);
    assert_eq!(strict.status.code(), Some(1), "a flip shows in the exit code");
    let strict = sums(&String::from_utf8_lossy(&strict.stdout));
    assert_eq!(strict["flips"][0]["to"], "tag");
    assert_eq!(strict["flips"][0]["count"], 3);
    let unknown = call(&folder, &["replay", "--without", "no_such_signal"]);
    assert_eq!(unknown.status.code(), Some(64));
}

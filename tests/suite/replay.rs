//! Decisions that a running daemon made through a real MTA, made again from its journal.

use std::fs;

use serde_json::{Value, json};

use crate::mta::postfix::Postfix;
use crate::mta::sink::Sink;
use crate::mta::smtp::Smtp;
use crate::mta::until;
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
    let rules = call(&folder, &["replay", "--rules", "/nonexistent", "--max-unanswered", "0"]);
    assert_eq!(rules.status.code(), Some(2), "without the messages, other rules are a question without an answer");
    assert!(String::from_utf8_lossy(&rules.stdout).contains("3 not made again: its message is not kept"));
    let told = call(&folder, &["replay", "--rules", "/nonexistent", "--json"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert_eq!((told.lines().count(), told.matches("\"unanswered\":\"its message").count()), (4, 3), "{told}");
}

#[test]
fn archived_messages_are_decided_again_by_rules_that_came_later() {
    let kith = Kith::start(
        "[archive]\non = true\n[rules]\nmode = \"act\"\n[[rules.actions]]\nseverity = \"high\"\naction = \"hold\"\n",
    );
    let sink = Sink::start();
    let postfix = Postfix::start(&sink, &kith.milter(), &[]);
    for number in 0..4 {
        let mail = format!(
            "From: ann@sender.example\r\nTo: bob@kith.test\r\nSubject: number {number}\r\n\
             Message-ID: <{number}@sender.example>\r\n\r\nAt {number}?\r\n"
        );
        let sent = Smtp::connect(postfix.port()).send("ann@sender.example", &["bob@kith.test"], mail.as_bytes());
        assert_eq!(sent.code(), 250);
    }
    sink.wait_for(4);
    let folder = kith.state().parent().expect("the folder of settings").to_owned();
    let all = |arguments: &[&str]| {
        let output = call(&folder, &[&["replay", "--json"], arguments].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let archived = || Some(sums(&all(&[]).1)).filter(|sums| sums["from_messages"] == 4);
    let same = until("all messages are archived", archived);
    assert_eq!((&same["same"], &same["beyond"], &same["aside"]), (&4.into(), &json!({}), &json!({})), "{same}");
    assert_eq!(sums(&all(&["--from-journal"]).1)["from_journal"], 4);
    assert_eq!(sums(&all(&["--baseline", "now"]).1)["from_messages"], 4);

    let rules = kith.state().join("tried");
    fs::create_dir(&rules).expect("writable");
    let rule =
        "name: Two\ntype: rule\nseverity: high\nsource: |\n  strings.contains(body.current_thread.text, 'At 2')\n";
    fs::write(rules.join("two.yml"), rule).expect("writable");
    let rules = rules.display().to_string();
    let listed = all(&["--rules", &rules]);
    assert_eq!(listed.0, Some(0), "a rule that nobody promoted only lists: {}", listed.1);
    let tried = ["--rules", &rules, "--promoted", "act"];
    let (code, printed) = all(&tried);
    let flip: Value = serde_json::from_str(printed.lines().next().expect("a flip")).expect("an object");
    assert_eq!((code, &flip["verdict_replayed"], &flip["label"]), (Some(1), &"hold".into(), &Value::Null), "{printed}");
    assert_eq!(all(&[&tried[..], &["--max-new-holds", "0"]].concat()).0, Some(2));
    assert_eq!(all(&[&tried[..], &["--max-new-holds", "1"]].concat()).0, Some(1));
    kith.run(&["label", flip["id"].as_str().expect("an id"), "safe"]);
    let (code, printed) = all(&[&tried[..], &["--max-new-wrong-holds", "0"]].concat());
    assert_eq!((code, &sums(&printed)["wrong_holds_gained"]), (Some(2), &1.into()));
}

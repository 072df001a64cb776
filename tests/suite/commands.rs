//! The program's other commands, as a person or another tool calls them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use kith::signals::registry;
use serde_json::Value;

/// Runs the program to its end.
pub fn kith(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kith")).args(arguments).output().expect("the program runs")
}

pub fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A place in the project's own corpus.
pub fn corpus(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(name).display().to_string()
}

#[test]
fn scan_gives_an_object_for_every_input_in_order() {
    let missing = "/nonexistent/mail.eml";
    let (first, last) = (corpus("ordinary/family.eml"), corpus("spam/pharmacy.eml"));
    let output = kith(&["scan", "--json", "--dns", "off", "--received-client", &first, missing, &last]);
    let objects: Vec<Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let paths: Vec<_> = objects.iter().map(|object| object["path"].as_str().expect("a path")).collect();
    assert_eq!(paths, [first.as_str(), missing, last.as_str()]);
    for key in ["id", "verdict", "action", "category", "score", "reasons", "matches", "gaps", "elapsed_us"] {
        assert!(objects.iter().all(|object| object.get(key).is_some()), "{key}");
    }
    assert_eq!(objects[1]["gaps"][0]["missing"], "content");
    assert_eq!(output.status.code(), Some(66), "the unread input shows in the exit code");
}

#[test]
fn an_import_is_not_counted_twice() {
    let state = tempfile::tempdir().expect("temporary folder");
    let state = state.path().display().to_string();
    let (first, second) = (corpus("ordinary/family.eml"), corpus("ordinary/patch.eml"));
    let import = || out(&kith(&["baseline", "import", "--state", &state, &first, &second]));
    assert_eq!(import(), "2 messages learned, 0 were learned before\n");
    assert_eq!(import(), "0 messages learned, 2 were learned before\n");
}

#[test]
fn wrong_settings_end_with_78_and_say_where() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let file = folder.path().join("kith.toml");
    fs::write(&file, "[log]\nsylog = true\n").expect("writable");
    let output = kith(&["config", "check", "--config", &file.display().to_string()]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(78), "{said}");
    assert!(said.contains("line 2") && said.contains("did you mean `syslog`?"), "{said}");
}

#[test]
fn every_signal_is_listed_with_its_meaning() {
    let listed = out(&kith(&["signals", "--json"]));
    let signals: Vec<Value> = listed.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(signals.len(), registry().len());
    assert!(signals.iter().all(|signal| signal["meaning"].as_str().is_some_and(|text| !text.is_empty())));
}

#[test]
fn an_unknown_decision_cannot_be_explained() {
    let state = tempfile::tempdir().expect("temporary folder");
    let state = state.path().display().to_string();
    let explain = |id: &str| kith(&["explain", "--state", &state, id]).status.code();
    assert_eq!(explain("no-id"), Some(64));
    assert_eq!(explain("01ARZ3NDEKTSV4RRFFQ69G5FAV"), Some(66));
}

#[test]
fn the_reference_page_holds_every_signal() {
    let page = out(&kith(&["signals", "--markdown"]));
    for signal in registry() {
        let row = page.lines().filter(|line| line.contains(&format!("`{}`", signal.name))).count();
        assert_eq!(row, 1, "{}", signal.name);
    }
}

#[test]
fn the_spread_of_signals_is_printed_over_given_mail() {
    let (ham, refused) = (corpus("ordinary"), corpus("spam"));
    let output = out(&kith(&["signals", "--over", &ham, "--refused", &refused, "--json"]));
    let spreads: Vec<Value> =
        output.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let names: Vec<_> = spreads.iter().map(|spread| spread["name"].as_str().expect("a name")).collect();
    assert_eq!(names, registry().iter().map(|signal| signal.name).collect::<Vec<_>>());
    let count = |spread: &Value, part: &str| spread[part].as_u64().expect("a number");
    let all = |spread: &Value| count(spread, "unknown") + count(spread, "zero") + count(spread, "nonzero");
    assert!(spreads.iter().all(|spread| all(spread) == all(&spreads[0]) && all(spread) > 10));
    let words = out(&kith(&["signals", "--over", &ham]));
    assert!(words.contains("% unknown") && words.contains("signals are the same for all:"), "{words}");
    assert_eq!(kith(&["signals", "--refused", &ham]).status.code(), Some(64), "there is no mail to refuse");
}

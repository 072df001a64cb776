//! `kith baseline` on the command line, as an administrator calls it.

use std::fs;
use std::path::Path;
use std::process::Output;

use kith::baseline::Baselines;
use kith::decision::DecisionId;
use kith::mail::Moment;
use serde_json::Value;

use super::commands::{corpus, kith};

/// A mailbox of 12 letters of a partner and one of somebody else, one a day from 1 March 2026, in an mbox file.
fn mailbox(dir: &Path) -> String {
    let letter = |day: usize, from: &str, name: &str| {
        format!(
            "From {from} Sun Mar  1 00:00:00 2026\nReceived: from mx.partner.example (mx.partner.example [192.0.2.7])\n\tby mx.own.example; \
             {day:02} Mar 2026 09:00:00 +0000\nMessage-ID: <{day}.letter@partner.example>\nFrom: {name} <{from}>\n\
             To: own@own.example\nSubject: Report {day}\nDate: {day:02} Mar 2026 10:00:00 +0100\n\nHello,\n\nhere it is.\n\n"
        )
    };
    let mut text: String = (1..=12).map(|day| letter(day, "paula@partner.example", "Paula Partner")).collect();
    text.push_str(&letter(13, "otto@other.example", "Otto Other"));
    let path = dir.join("mail.mbox");
    fs::write(&path, text).expect("writable");
    path.display().to_string()
}

/// A state folder with that mailbox imported.
fn imported() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let state = folder.path().join("state").display().to_string();
    let output = kith(&["baseline", "import", "--state", &state, &mailbox(folder.path())]);
    assert_eq!(out(&output), "13 messages learned, 0 were learned before\n", "{}", err(&output));
    (folder, state)
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command on the baselines; its code, and what it wrote to standard output and standard error.
fn baseline(arguments: &[&str], state: &str) -> (Option<i32>, String, String) {
    let (what, rest) = arguments.split_first().expect("a command");
    let output = kith(&[&["baseline", what, "--state", state], rest].concat());
    (output.status.code(), out(&output), err(&output))
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect()
}

#[test]
fn show_tells_in_words_what_is_usual() {
    let (_folder, state) = imported();
    let (code, shown, _) = baseline(&["show", "Paula@Partner.example"], &state);
    assert_eq!(code, Some(0), "{shown}");
    for part in [
        "paula@partner.example as author\n",
        "seen              12 times, first 2026-03-01T09:00:00Z, last 2026-03-12T09:00:00Z",
        "age               settled",
        "0.0 labelled as attacks",
        "our people wrote there 0 times",
        "usual hour of the day      9 100 %",
        "usual time zone            +0100 100 %",
        "usual display name         paula partner 100 %",
        "usual client network       192.0.2.0/24 100 %",
    ] {
        assert!(shown.to_lowercase().contains(&part.to_lowercase()), "{part} in\n{shown}");
    }
    let (_, pair, _) = baseline(&["show", "paula@partner.example:own@own.example"], &state);
    assert!(
        pair.starts_with("paula@partner.example to own@own.example\n") && pair.contains("usual greeting"),
        "{pair}"
    );
    let (_, domain, _) = baseline(&["show", "mail.partner.example"], &state);
    assert!(domain.contains("seen              12 times"), "{domain}");
    let (code, _, said) = baseline(&["show", "nobody@nowhere.example"], &state);
    assert_eq!(code, Some(66));
    assert!(said.contains("watch since 2026-03-01"), "{said}");
    assert_eq!(baseline(&["show", "two words"], &state).0, Some(66));
    assert_eq!(baseline(&["show", "two@words@"], &state).0, Some(64));
}

#[test]
fn show_gives_json_with_all_values() {
    let (_folder, state) = imported();
    let (code, shown, _) = baseline(&["show", "--json", "own@own.example"], &state);
    let objects = lines(&shown);
    assert_eq!((code, objects.len()), (Some(0), 1), "only a recipient");
    assert_eq!((&objects[0]["kind"], &objects[0]["seen"]), (&"recipient".into(), &13.into()));
    let (_, shown, _) = baseline(&["show", "--json", "paula@partner.example"], &state);
    let usual = lines(&shown)[0]["usual"].as_array().expect("a list").clone();
    let hour = usual.iter().find(|custom| custom["trait"] == "hour").expect("kept");
    assert_eq!((&hour["values"][0]["value"], &hour["values"][0]["share"]), (&"9".into(), &1.0.into()));
}

#[test]
fn export_writes_a_profile_a_line() {
    let (folder, state) = imported();
    let (code, exported, said) = baseline(&["export", "--at", "2026-03-13"], &state);
    assert_eq!(code, Some(0), "{said}");
    let objects = lines(&exported);
    let of = |kind: &str| objects.iter().filter(|object| object["kind"] == kind).collect::<Vec<_>>();
    assert_eq!([of("sender").len(), of("domain").len(), of("pair").len(), of("name").len()], [2, 2, 2, 2]);
    let paula = of("sender").into_iter().find(|o| o["about"][0] == "paula@partner.example").expect("exported");
    assert_eq!((&paula["seen"], &paula["young"]), (&12.into(), &false.into()));
    let name = of("name").into_iter().find(|o| o["about"][0] == "partner paula").expect("exported");
    assert_eq!(name["addresses"][0]["address"], "paula@partner.example");
    let file = folder.path().join("out.jsonl").display().to_string();
    assert_eq!(baseline(&["export", "--at", "2026-03-13", &file], &state).0, Some(0));
    assert_eq!(fs::read_to_string(&file).expect("written"), exported);
    assert_eq!(baseline(&["export", &file], &state).0, Some(73), "what is there is not overwritten");
    assert_eq!(baseline(&["export", "--at", "soon"], &state).0, Some(64));
}

#[test]
fn forget_erases_a_person() {
    let (_folder, state) = imported();
    let (code, said, _) = baseline(&["forget", "paula@partner.example"], &state);
    assert_eq!((code, said.as_str()), (Some(0), "forgotten: 12 messages written, 0 received or naming the person\n"));
    assert_eq!(baseline(&["show", "paula@partner.example"], &state).0, Some(66));
    let (_, exported, _) = baseline(&["export"], &state);
    assert!(exported.contains("otto@other.example") && !exported.contains("aula"), "{exported}");
    assert_eq!(baseline(&["forget", "nobody"], &state).0, Some(64));
    fs::create_dir(Path::new(&state).join("baseline.corrupt-20260101T000000")).expect("writable");
    let (code, _, said) = baseline(&["forget", "otto@other.example"], &state);
    assert_eq!(code, Some(69));
    assert!(said.contains("remove") && said.contains("baseline.corrupt-20260101T000000"), "{said}");
}

#[test]
fn rebuild_gives_the_past() {
    let (folder, state) = imported();
    let past = folder.path().join("past").display().to_string();
    let (code, said, _) = baseline(&["rebuild", "--until", "2026-03-05", "--to", &past], &state);
    assert_eq!(code, Some(0), "{said}");
    let seen = |state: &str| {
        lines(&baseline(&["show", "--json", "paula@partner.example"], state).1)[0]["seen"].as_u64().expect("a number")
    };
    assert_eq!((seen(&past), seen(&state)), (5, 12));
    let (code, _, said) = baseline(&["rebuild", "--to", &past], &state);
    assert_eq!(code, Some(69));
    assert!(said.contains("not empty"), "{said}");
    assert_eq!(baseline(&["rebuild", "--until", "2026-03-07T08:00:00Z"], &state).0, Some(0));
    assert_eq!(seen(&state), 6);
    // What came later may be imported again.
    let mbox = folder.path().join("mail.mbox").display().to_string();
    assert_eq!(baseline(&["import", &mbox], &state).0, Some(0));
    assert_eq!(seen(&state), 12);
}

#[test]
fn take_back_labels_an_address_or_a_decision() {
    let (_folder, state) = imported();
    let recent =
        |state: &str| lines(&baseline(&["show", "--json", "paula@partner.example"], state).1)[0]["recent"].clone();
    let (code, said, _) = baseline(&["take-back", "--since", "2026-03-11", "paula@partner.example"], &state);
    assert_eq!(code, Some(0));
    assert!(said.starts_with("paula@partner.example: 2 messages labelled as attacks, 0 answers to them, "), "{said}");
    assert!(recent(&state)["attacks"].as_f64() > Some(0.0));
    let (code, _, said) = baseline(&["take-back", "nobody@nowhere.example"], &state);
    assert_eq!(code, Some(66));
    assert!(said.contains("nobody@nowhere.example"), "{said}");
    assert_eq!(baseline(&["take-back", "neither"], &state).0, Some(64));
    // As the journal has it.
    let id = DecisionId::new(Moment(1_772_600_000_000), 1);
    let entry = format!(
        "{{\"id\":\"{id}\",\"message_id\":\"1.letter@partner.example\",\"author\":\"paula@partner.example\"}}\n"
    );
    fs::write(Path::new(&state).join("journal/journal.jsonl"), entry).expect("writable");
    let before = recent(&state)["attacks"].as_f64();
    let (code, said, why) = baseline(&["take-back", &id.to_string()], &state);
    assert_eq!(code, Some(0), "{said}{why}");
    assert!(said.contains(": 1 messages labelled as attacks") && recent(&state)["attacks"].as_f64() > before, "{said}");
    assert_eq!(baseline(&["take-back", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], &state).0, Some(66));
}

#[test]
fn another_users_store_is_left_alone() {
    let (folder, state) = imported();
    let store = Path::new(&state).join("baseline");
    std::os::unix::fs::chown(&store, Some(8), Some(8)).expect("root runs these tests");
    let mbox = folder.path().join("mail.mbox").display().to_string();
    let all: [&[&str]; 3] =
        [&["show", "paula@partner.example"], &["forget", "paula@partner.example"], &["import", &mbox]];
    for arguments in all {
        let (code, _, said) = baseline(arguments, &state);
        assert_eq!(code, Some(77), "{said}");
        assert!(said.contains("sudo -u '#8' kith"), "{said}");
    }
    // Made anew by the library, it belongs to whom the old one belonged to.
    let baselines = Baselines::open(&store, &kith::baseline::Settings::default()).expect("there");
    baselines.rebuild(None, |_, _| {}).expect("room");
    let owner = |path: &Path| std::os::unix::fs::MetadataExt::uid(&fs::metadata(path).expect("there"));
    assert_eq!((owner(&store), owner(&store.join("version"))), (8, 8));
}

#[test]
fn a_store_in_use_or_missing_is_told_with_what_to_do() {
    let (folder, state) = imported();
    let missing = folder.path().join("missing").display().to_string();
    let all: [&[&str]; 5] = [
        &["show", "paula@partner.example"],
        &["export"],
        &["rebuild"],
        &["forget", "paula@partner.example"],
        &["take-back", "paula@partner.example"],
    ];
    for arguments in all {
        let (code, _, said) = baseline(arguments, &missing);
        assert_eq!(code, Some(66), "{said}");
        assert!(said.contains("there are no baselines in") && said.contains("--state"), "{said}");
    }
    assert!(!Path::new(&missing).exists(), "looking makes nothing");
    let _daemon =
        Baselines::open(&Path::new(&state).join("baseline"), &kith::baseline::Settings::default()).expect("there");
    // What the daemon can do itself is asked of it, and not refused at once.
    for arguments in &all[..4] {
        let (code, _, said) = baseline(arguments, &state);
        assert_eq!(code, Some(69), "{said}");
        assert!(said.contains("stop it (`systemctl stop kith`)"), "{said}");
    }
    let (code, _, said) = baseline(&["import", &corpus("ordinary/family.eml")], &state);
    assert_eq!(code, Some(69), "{said}");
}

#[test]
fn a_running_daemon_takes_back_itself() {
    let folder = super::serve::prepared("");
    let (state, mbox) = (folder.path().join("state").display().to_string(), mailbox(folder.path()));
    assert!(kith(&["baseline", "import", "--state", &state, &mbox]).status.success());
    let daemon = super::serve::Kith::start_on(folder, &[]);
    assert_eq!(baseline(&["show", "paula@partner.example"], &state).0, Some(69), "the daemon has the store");
    let (code, said, why) = baseline(&["take-back", "paula@partner.example"], &state);
    assert_eq!(code, Some(0), "{said}{why}{}", daemon.log());
    assert!(said.starts_with("paula@partner.example: 12 messages labelled as attacks, 0 answers to them, "), "{said}");
    let (code, _, said) = baseline(&["take-back", "paula@partner.example"], &state);
    assert_eq!(code, Some(66), "once is enough: {said}");
    drop(daemon);
}

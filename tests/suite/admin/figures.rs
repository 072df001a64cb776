//! Reports and the audit in the console: what the commands print, remembered for a while, and labelled with a click.

use kith::journal::Entry;
use serde_json::Value;

use super::{Console, entry, hostile};

/// Decisions of one day, every tenth of them held.
fn entries() -> Vec<Entry> {
    (1..=300).map(entry).collect()
}

fn console(roles: &[&str]) -> (Console, String) {
    let entries = entries();
    let console = Console::start("", roles, &entries);
    (console, entries[0].at[..10].to_owned())
}

#[test]
fn reports_say_what_the_command_says_with_intervals_and_plots() {
    let (console, _) = console(&["viewer"]);
    let state = console.kith.state();
    let labels: String = entries()
        .iter()
        .filter(|entry| entry.id.to_string().ends_with('0') || entry.category.is_some())
        .map(|entry| {
            format!("{{\"id\":\"{}\",\"label\":\"attack\",\"at\":\"{}\",\"who\":\"ann\"}}\n", entry.id, entry.at)
        })
        .collect();
    std::fs::write(state.join("labels.jsonl"), labels).expect("room on disk");
    console.kith.run(&["journal", "pack"]);
    let mut viewer = console.person("viewer");
    let printed: Value = serde_json::from_str(&console.kith.run(&["report", "--json", "--as-is"])).expect("JSON");
    assert_eq!(printed["all"]["held"], 30);
    let page = viewer.get("/reports?span=all&by=category").body;
    hostile::check_page("/reports", &page);
    let share = &printed["all"]["precision"];
    let interval = |key: &str| share[key].as_f64().expect("known") * 100.0;
    let words =
        format!("{:.2} % (95 %: {:.2} to {:.2} %, 30 labels)", interval("share"), interval("low"), interval("high"));
    for part in [
        "300 on 1 days",
        "30 hold, 0 refuse, 0 tag",
        &words,
        "not enough labels",
        "invoice_fraud",
        "class=\"interval\"",
    ] {
        assert!(page.contains(part), "{part} in {page}");
    }
    for by in ["detector", "rule", "model", "recipient", "day"] {
        let page = viewer.get(&format!("/reports?span=all&by={by}"));
        assert_eq!(page.status, 200, "{by}");
        hostile::check_page(by, &page.body);
    }
    assert!(viewer.get("/reports?span=all&by=day").body.contains("class=\"columns\""));
    assert_eq!([viewer.get("/reports?by=x").status, viewer.get("/reports?span=x").status], [400, 400]);
    // What is remembered does not change with the tables.
    std::fs::remove_dir_all(state.join("tables")).expect("it was packed");
    assert!(viewer.get("/reports?span=all&by=category").body.contains("300 on 1 days"));
    let token = console.admin(&["token", "add", "siem", "--role", "viewer"], "").expect("added");
    let mut program = console.stranger().with("Authorization", &format!("Bearer {}", token.trim()));
    let made: Value = serde_json::from_str(&program.get("/api/reports?span=all&by=category").body).expect("JSON");
    assert_eq!((&made["all"], &made["by"]), (&printed["all"], &"category".into()));
    assert_eq!(program.get("/api/reports?by=x").status, 400);
}

#[test]
fn the_audit_is_drawn_once_and_labelled_with_a_click() {
    let (console, date) = console(&["viewer", "operator"]);
    console.kith.run(&["journal", "pack"]);
    let path = format!("/audit?date={date}");
    let (mut viewer, mut operator) = (console.person("viewer"), console.person("operator"));
    let drawings = console.kith.state().join("audit.jsonl");
    let before = viewer.get(&path);
    assert!(before.body.contains("Nothing of this day was drawn yet.") && !before.body.contains("Draw the sample"));
    assert!(!drawings.exists(), "looking draws nothing");
    assert_eq!(viewer.post("/audit", &[("token", &before.token()), ("date", &date)]).status, 403);
    let token = operator.get(&path).token();
    let send = |operator: &mut super::Visitor, fields: &[(&str, &str)]| {
        operator.post("/audit", &[&[("token", token.as_str()), ("date", date.as_str())], fields].concat())
    };
    assert_eq!(operator.post("/audit", &[("token", "x"), ("date", &date)]).status, 403);
    assert_eq!(send(&mut operator, &[]).header("Location"), [path.as_str()]);
    let page = operator.get(&path).body;
    hostile::check_page("/audit", &page);
    assert!(page.contains("0 of 20 are labelled."), "{page}");
    let (_, rest) = page.split_once("name=\"id\" value=\"").expect("a message");
    let id = &rest[..26];
    assert_eq!(send(&mut operator, &[("id", id), ("label", "attack"), ("category", "spam")]).status, 303);
    let after = operator.get(&path).body;
    assert!(after.contains("1 of 20 are labelled.") && after.contains("attack: spam"), "{after}");
    for (fields, status) in [
        (&[("id", "x"), ("label", "safe")][..], 400),
        (&[("id", id), ("label", "maybe")], 400),
        (&[("id", "01HF7YAT000000000000000001"), ("label", "safe")], 404),
    ] {
        assert_eq!(send(&mut operator, fields).status, status, "{fields:?}");
    }
    assert_eq!(operator.get("/audit?date=2999-01-01").status, 400);
    let drawn = console.kith.run(&["audit", "next", "--date", &date]);
    assert_eq!((drawn.lines().count(), drawn.contains(id)), (20, true), "the command shows the same");

    let bearer = |name: &str, role: &str| {
        let token = console.admin(&["token", "add", name, "--role", role], "").expect("added");
        console.stranger().with("Authorization", &format!("Bearer {}", token.trim()))
    };
    let api = format!("/api/audit?date={date}");
    let (mut looks, mut draws) = (bearer("siem", "viewer"), bearer("desk", "operator"));
    let sample: Value = serde_json::from_str(&looks.get(&api).body).expect("JSON");
    assert_eq!(sample["messages"].as_array().map(Vec::len), Some(20));
    assert_eq!(looks.ask("POST", &api, "", "").status, 403);
    let again: Value = serde_json::from_str(&draws.ask("POST", &api, "", "").body).expect("JSON");
    assert_eq!(again["messages"].as_array().map(Vec::len), Some(20), "what is drawn stays");
}

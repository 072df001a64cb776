//! The pages and the JSON of decisions: found, told of, labelled.

use kith::journal::Entry;
use serde_json::Value;

use super::visitor::encoded;
use super::{Console, entry};

/// The numbers in the subjects of a list, in its order.
fn numbers(body: &str) -> Vec<i64> {
    let parts = body.split("Invoice ").skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok());
    parts.collect()
}

#[test]
fn decisions_are_listed_filtered_and_paged() {
    let entries: Vec<_> = (1..=120).map(entry).collect();
    let console = Console::start("", &["viewer"], &entries);
    let mut viewer = console.person("viewer");
    let first = viewer.get("/decisions");
    assert_eq!(numbers(&first.body), (71..=120).rev().collect::<Vec<_>>());
    let next = |body: &str| {
        let (_, rest) = body.split_once("rel=\"next\" href=\"")?;
        Some(rest.split('"').next()?.replace("&amp;", "&").replace("&#38;", "&"))
    };
    let second = viewer.get(&next(&first.body).expect("older ones"));
    assert_eq!(numbers(&second.body), (21..=70).rev().collect::<Vec<_>>());
    let third = viewer.get(&next(&second.body).expect("older ones"));
    assert_eq!((numbers(&third.body), next(&third.body)), ((1..=20).rev().collect(), None));
    let mut check = |query: &str, expected: &[i64]| {
        assert_eq!(numbers(&viewer.get(&format!("/decisions?{query}")).body), expected, "{query}");
    };
    check("verdict=hold&category=invoice_fraud&recipient=own0", &[120, 90, 60, 30]);
    check("sender=AUTHOR7@", &[7]);
    check("sender=sender77%40partner", &[77]);
    check("text=4q113", &[113]);
    check("category=spam", &[]);
    assert_eq!(viewer.get("/decisions?verdict=maybe").status, 400);
    assert_eq!(viewer.get("/decisions?before=x").status, 400);
    assert_eq!(viewer.get(&format!("/decisions?text={}", "x".repeat(5_000))).status, 200);
}

#[test]
fn one_decision_is_told_with_its_chart_and_labelled_by_operators() {
    let console = Console::start("", &["viewer", "operator", "administrator"], &[entry(10)]);
    let (id, mut viewer) = (entry(10).id, console.person("viewer"));
    let page = viewer.get(&format!("/decisions/{id}"));
    assert_eq!(page.status, 200);
    for part in [
        "as invoice fraud",
        "The policy only monitors: the message was accepted",
        "Score +1.500, a probability of 81.8 %; the threshold is 4.60.",
        "<rect class=\"attack\" x=\"100.0\" y=\"2\" width=\"100.0\" height=\"8\"/>",
        "<rect class=\"safe\" x=\"50.0\" y=\"2\" width=\"50.0\" height=\"8\"/>",
        "reply_to_differs in words",
        "held as invoice fraud (monitored only:",
        "/relations?key=Author10%40partner.example%3Aown1%40kith.test",
        "Nobody has labelled this decision.",
    ] {
        assert!(page.body.contains(part), "{part} in\n{}", page.body);
    }
    assert!(!page.body.contains("value=\"attack\""), "a viewer cannot label");
    let label = format!("/decisions/{id}/label");
    assert_eq!(viewer.post(&label, &[("token", &page.token()), ("label", "safe")]).status, 403);
    let mut operator = console.person("operator");
    let token = operator.get(&format!("/decisions/{id}")).token();
    let mut say = |label_is: &str, category: &str| {
        let fields = [("token", token.as_str()), ("label", label_is), ("category", category), ("note", "<b>\r\nx")];
        operator.post(&label, &fields).status
    };
    assert_eq!([say("attack", "mischief"), say("nonsense", ""), say("attack", "callback")], [400, 400, 303]);
    // The category that stands beside the other button is not meant.
    assert_eq!(say("safe", "callback"), 303);
    let text = std::fs::read_to_string(console.kith.state().join("labels.jsonl")).expect("labels");
    let labels: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((labels.len(), &labels[0]["category"], &labels[1]["category"]), (2, &"callback".into(), &Value::Null));
    assert_eq!(
        (&labels[1]["label"], &labels[1]["who"], &labels[1]["how"]),
        (&"safe".into(), &"operator".into(), &"console".into())
    );
    let page = viewer.get(&format!("/decisions/{id}")).body;
    assert!(page.contains("<strong>safe</strong> by operator (console)") && page.contains("⟨U+000D⟩"), "{page}");
    assert!(viewer.get("/decisions").body.contains("<td>safe</td>"));
    assert_eq!(viewer.get("/activity").status, 403);
    let activity = console.person("administrator").get("/activity").body;
    assert!(activity.contains("labelled") && activity.contains(&format!("{id} attack:callback")), "{activity}");
    assert!(activity.contains("signed in") && activity.contains("127.0.0.1"), "{activity}");
    for path in ["/decisions/01HF7YAT000000000000000001", "/decisions/..%2f..%2fetc", "/nowhere"] {
        assert_eq!(viewer.get(path).status, 404, "{path}");
    }
}

#[test]
fn settings_relations_and_figures_are_shown() {
    let console = Console::start("", &["viewer"], &[]);
    let mut viewer = console.person("viewer");
    let settings = viewer.get("/settings").body;
    assert!(settings.contains("<code>policy.mode</code></td><td><code>&#34;act&#34;</code>"), "{settings}");
    console.kith.reload(&format!("admin.listen = \"127.0.0.1:{}\"\n[policy]\ncontact = \"desk\"\n", console.port));
    console.kith.wait_for("settings reloaded", 1);
    crate::mta::until("the page shows it", || viewer.get("/settings").body.contains("desk").then_some(()));
    let overview = viewer.get("/overview").body;
    assert!(overview.contains("messages being answered") && overview.contains("<td>in all</td>"), "{overview}");
    for (key, said) in [
        ("ann@partner.example", "Nothing is known."),
        ("ann@partner.example:bob@kith.test", "ann@partner.example to bob@kith.test"),
        ("<script>alert(1)</script>", "This is neither an address, a domain"),
    ] {
        let page = viewer.get(&format!("/relations?key={}", encoded(key))).body;
        assert!(page.contains(said) && !page.contains("<script"), "{page}");
    }
}

#[test]
fn programs_ask_by_token_and_get_what_the_document_promises() {
    let entries: Vec<_> = (1..=12).map(entry).collect();
    let console = Console::start("", &[], &entries);
    let bearer = |name: &str, role: &str| {
        let token = console.admin(&["token", "add", name, "--role", role], "").expect("added");
        console.stranger().with("Authorization", &format!("Bearer {}", token.trim()))
    };
    let (mut viewer, mut operator) = (bearer("siem", "viewer"), bearer("desk", "operator"));
    let document: Value = serde_json::from_str(&viewer.get("/api/openapi.json").body).expect("JSON");
    let keeps = |value: &Value, schema: &str| {
        let schema = &document["components"]["schemas"][schema];
        let known = schema["properties"].as_object().expect("properties");
        let required = schema["required"].as_array().expect("required");
        assert!(required.iter().all(|key| value.get(key.as_str().expect("text")).is_some()), "{value}");
        assert!(value.as_object().expect("an object").keys().all(|key| known.contains_key(key)), "{value}");
    };
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let page = json(&viewer.get("/api/decisions?limit=5&sender=partner").body);
    keeps(&page, "Page");
    page["decisions"].as_array().expect("a list").iter().for_each(|row| keeps(row, "Row"));
    assert_eq!(
        (page["decisions"].as_array().map(Vec::len), &page["decisions"][0]["subject"]),
        (Some(5), &"Invoice 12.".into())
    );
    let next = page["next"].as_str().expect("older ones");
    let rest = json(&viewer.get(&format!("/api/decisions?before={next}")).body);
    assert_eq!((rest["decisions"].as_array().map(Vec::len), &rest["next"]), (Some(7), &Value::Null));
    assert_eq!(viewer.get("/api/decisions?verdict=maybe").status, 400);
    let path = format!("/api/decisions/{}", entry(10).id);
    let decision = json(&viewer.get(&path).body);
    keeps(&decision, "Decision");
    let read: Entry = serde_json::from_value(decision["entry"].clone()).expect("an entry");
    assert_eq!(read, entry(10));
    let label = format!("{path}/label");
    let said = r#"{"label":"attack","category":"malware","note":"seen"}"#;
    assert_eq!(viewer.ask("POST", &label, "application/json", said).status, 403);
    let answer = operator.ask("POST", &label, "application/json", said);
    assert_eq!(answer.status, 201);
    keeps(&json(&answer.body), "Label");
    assert_eq!(json(&answer.body)["who"], "token desk");
    assert_eq!(operator.ask("POST", &label, "application/json", "{").status, 400);
    let gone = "/api/decisions/01HF7YAT000000000000000001/label";
    assert_eq!(operator.ask("POST", gone, "application/json", said).status, 404);
    assert_eq!(json(&viewer.get(&path).body)["labels"][0]["category"], "malware");
    assert_eq!(console.stranger().with("Authorization", "Bearer kith_0").get(&path).status, 401);
}

//! What Prometheus reads, and the dashboard that shows it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Console;
use super::visitor::Answer;
use crate::milter_client::Mta;
use crate::mta::until;

/// The dashboard as it is shipped.
const DASHBOARD: &str = include_str!("../../../packaging/grafana/kith.json");

fn scrape(console: &Console) -> Answer {
    console.stranger().get("/metrics")
}

/// The value of a sample by all that stands before it.
#[track_caller]
fn check(answer: &Answer, sample: &str, expected: &str) {
    let value = answer.body.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    assert_eq!(value, Some(expected), "{sample} in\n{}", answer.body);
}

#[test]
fn what_passed_is_counted_and_the_dashboard_asks_for_nothing_else() {
    let console = Console::start("", &[], &[]);
    let before = scrape(&console);
    assert_eq!((before.status, before.header("Content-Type")), (200, vec!["text/plain; version=0.0.4; charset=utf-8"]));
    check(&before, "kith_message_seconds_count", "0");
    check(&before, "kith_baseline_writable", "1");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut mta = Mta::connect(&console.kith.milter()).await;
        for _ in 0..3 {
            assert_ne!(mta.ask("text\r\n").await, '.');
        }
    });
    let after = until("the last answer is counted", || {
        let after = scrape(&console);
        after.body.contains("\nkith_milter_messages_total 3\n").then_some(after)
    });
    let sort = "{verdict=\"accept\",action=\"accept\",category=\"none\",direction=\"inbound\"}";
    check(&after, &format!("kith_messages_total{sort}"), "3");
    check(&after, "kith_message_seconds_count", "3");
    check(&after, "kith_step_seconds_count{step=\"parse\"}", "3");
    check(&after, "kith_step_seconds_bucket{step=\"record\",le=\"+Inf\"}", "3");
    check(&after, "kith_milter_messages_total", "3");
    check(&after, "kith_milter_panics_total", "0");
    check(&after, "kith_journal_lost_total", "0");
    let families: BTreeSet<&str> =
        after.body.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let asked = asked();
    assert!(asked.len() > 15, "{asked:?}");
    for name in asked {
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
        assert!(families.contains(family) || families.contains(name.as_str()), "the dashboard asks for {name}");
    }
}

/// The names of metrics in all expressions of the dashboard.
fn asked() -> BTreeSet<String> {
    fn expressions(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(object) => object.iter().for_each(|(key, value)| match value {
                Value::String(text) if key == "expr" => found.push(text.clone()),
                value => expressions(value, found),
            }),
            Value::Array(values) => values.iter().for_each(|value| expressions(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    expressions(&serde_json::from_str(DASHBOARD).expect("JSON"), &mut found);
    let words = found.iter().flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    words.filter(|word| word.starts_with("kith_") || word.starts_with("process_")).map(str::to_owned).collect()
}

#[test]
fn metrics_can_take_a_token() {
    let console = Console::start("admin.metrics_open = false", &[], &[]);
    assert_eq!(scrape(&console).status, 401);
    let token = console.admin(&["token", "add", "prometheus", "--role", "viewer"], "").expect("added");
    let bearer = format!("Bearer {}", token.trim());
    assert_eq!(console.stranger().with("Authorization", &bearer).get("/metrics").status, 200);
    console.admin(&["token", "remove", "prometheus"], "").expect("removed");
    assert_eq!(console.stranger().with("Authorization", &bearer).get("/metrics").status, 401);
}

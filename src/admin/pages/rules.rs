//! The rules in force: each with its state, its rate, its labels and its time; and one with its source.

use std::fs::File;
use std::io::Read;
use std::path::Path as FilePath;
use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::reply::{failed, message, page};
use super::super::shown::{visible, visible_lines};
use super::decisions::encoded;
use super::health::{Shown, shown};
use super::{Frame, Tab};
use crate::decision::RULE_PREFIX;
use crate::filter::Filter;
use crate::health::Row;
use crate::rules::{Heading, InForce};

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/rules", "Rules");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/rules", get(show)).route("/rules/{key}", get(one_rule))
}

/// Rules of the page: more than any feed has.
const RULES_MAX: usize = 5_000;
/// Bytes of a rule's file that are shown.
const SOURCE_BYTES_MAX: u64 = 262_144;

/// A rule as it is listed.
struct Listed {
    link: String,
    key: String,
    name: String,
    cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "rules.html", config = "src/admin/askama.toml")]
struct RulesPage {
    frame: Frame,
    rules: Vec<Listed>,
}

#[derive(Template)]
#[template(path = "rule.html", config = "src/admin/askama.toml")]
struct RulePage {
    frame: Frame,
    name: String,
    facts: Vec<(&'static str, String)>,
    health: Option<Shown>,
    source: String,
}

async fn show(person: Person, State(console): State<Arc<Console>>) -> Result<Response, Response> {
    let frame = Frame::of(&person, "rules");
    let made = tokio::task::spawn_blocking(move || listed(&console.filter()));
    Ok(page(&RulesPage { frame, rules: made.await.map_err(|error| failed(&error))? }))
}

fn listed(filter: &Filter) -> Vec<Listed> {
    let Some(rules) = filter.rules() else { return Vec::new() };
    let rows = filter.health();
    let by_name: std::collections::HashMap<&str, &Row> = rows.iter().map(|row| (row.name.as_str(), row)).collect();
    let mut name = String::new();
    let mut all: Vec<(u32, Listed)> = Vec::new();
    for rule in rules.set().headings().take(RULES_MAX) {
        name.clear();
        name.extend([RULE_PREFIX, &rule.key]);
        let row = by_name.get(name.as_str()).copied();
        all.push((row.map_or(0, |row| row.last_day), one(rules, rule, row)));
    }
    all.sort_by(|(a, one), (b, other)| b.cmp(a).then_with(|| one.key.cmp(&other.key)));
    all.into_iter().map(|(_, listed)| listed).collect()
}

fn one(rules: &InForce, rule: &Heading, row: Option<&Row>) -> Listed {
    let number = |value: Option<f64>| value.map_or_else(|| "unknown".to_owned(), |value| format!("{value:.1}"));
    let of = |ask: fn(&Row) -> String| row.map_or_else(String::new, ask);
    Listed {
        link: format!("/rules/{}", encoded(&rule.key)),
        key: visible(&rule.key).into_owned(),
        name: visible(&rule.name).into_owned(),
        cells: vec![
            rules.state(rule).name().to_owned(),
            rules.does(rule).name().to_owned(),
            visible(rule.severity.as_deref().unwrap_or("none")).into_owned(),
            of(|row| row.state.name().to_owned()),
            number(row.and_then(|row| row.usual_per_hour)),
            of(|row| row.last_day.to_string()),
            of(|row| row.spoke.to_string()),
            of(|row| format!("{} / {}", row.labels_safe, row.labels_attack)),
            number(row.and_then(|row| row.latency_us)),
        ],
    }
}

async fn one_rule(
    person: Person,
    State(console): State<Arc<Console>>,
    Path(key): Path<String>,
) -> Result<Response, Response> {
    let made = tokio::task::spawn_blocking(move || {
        let filter = console.filter();
        let rules = filter.rules()?;
        let rule = rules.set().headings().find(|rule| rule.key == key)?;
        let row = filter.health_of(&format!("{RULE_PREFIX}{key}"));
        Some(RulePage {
            frame: Frame::of(&person, "rules"),
            name: visible(&rule.name).into_owned(),
            facts: facts(rules, rule, row.as_ref()),
            health: row.as_ref().map(shown),
            source: source(&rule.path),
        })
    });
    let made = made.await.map_err(|error| failed(&error))?;
    let gone = || message(StatusCode::NOT_FOUND, "There is no such rule in force, or not any more.");
    made.map(|made| page(&made)).ok_or_else(gone)
}

fn facts(rules: &InForce, rule: &Heading, row: Option<&Row>) -> Vec<(&'static str, String)> {
    let safe = |text: &str| visible(text).into_owned();
    let mut facts = vec![
        ("File", safe(&rule.path.display().to_string())),
        ("Id", safe(rule.id.as_deref().unwrap_or("none"))),
        ("Type", rule.kind.name().to_owned()),
        ("Severity", safe(rule.severity.as_deref().unwrap_or("none"))),
        ("Tags", safe(&rule.tags.join(", "))),
        ("Against", safe(&rule.attack_types.join(", "))),
        ("Promoted to", rules.state(rule).name().to_owned()),
        ("A match will", rules.does(rule).name().to_owned()),
        ("Digest", rule.digest.clone()),
    ];
    if let Some(tested) = rules.grounds(rule).filter(|tested| tested.messages > 0) {
        let [estimate, lowest, highest] = tested.false_per_million;
        facts.push((
            "Backtest",
            format!(
                "{} of {} messages, {} of {} safe ones; {estimate:.0} false in a million safe ones ({lowest:.0} to \
                 {highest:.0})",
                tested.matched, tested.messages, tested.safe_matched, tested.safe
            ),
        ));
    }
    if let Some(latency) = row.and_then(|row| row.latency.as_ref()) {
        let mean = latency.mean_ns().map_or(0.0, |ns| ns / 1e3);
        let below = |share: f64| {
            let wanted = share * latency.runs() as f64;
            let class = latency.cumulated().find(|(_, below)| *below as f64 >= wanted);
            class.map_or(f64::INFINITY, |(bound, _)| bound * 1e6)
        };
        let (half, most) = (below(0.5), below(0.99));
        let words = format!("{mean:.1} µs on the average, half below {half} µs, 99 % below {most} µs");
        facts.push(("Time", format!("{words}, over {} measured runs", latency.runs())));
    }
    facts
}

/// The text of a rule's file, as far as it is shown.
fn source(path: &FilePath) -> String {
    let mut bytes = Vec::new();
    match File::open(path).and_then(|file| file.take(SOURCE_BYTES_MAX).read_to_end(&mut bytes)) {
        Ok(_) => visible_lines(&String::from_utf8_lossy(&bytes)),
        Err(error) => format!("The file cannot be read now: {error}"),
    }
}

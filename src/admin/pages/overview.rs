//! What was counted since the start, for people.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::super::console::Console;
use super::super::exposition::resident_bytes;
use super::super::guard::Person;
use super::super::reply::{failed, page};
use super::{Frame, Tab};
use crate::filter::{Counted, Histogram};

struct Table {
    title: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/overview", "Overview");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/overview", get(show))
}

#[derive(Template)]
#[template(path = "overview.html", config = "src/admin/askama.toml")]
struct Overview {
    frame: Frame,
    since: String,
    tables: Vec<Table>,
}

async fn show(person: Person, State(console): State<Arc<Console>>) -> Result<Response, Response> {
    let frame = Frame::of(&person, "overview");
    let made = tokio::task::spawn_blocking(move || {
        let counted = console.filter().counted();
        let tables = vec![messages(&counted), times(&counted), counts(&counted), state(&console)];
        Overview { frame, since: console.started.rfc3339(), tables }
    });
    made.await.map(|made| page(&made)).map_err(|error| failed(&error))
}

fn messages(counted: &Counted) -> Table {
    let rows = counted.messages.iter().map(|(sort, count)| {
        let words = [sort.direction, sort.verdict, sort.action, sort.category].map(|word| word.replace('_', " "));
        words.into_iter().chain([count.to_string()]).collect()
    });
    let heads = vec!["Direction", "Verdict", "Done", "Kind of attack", "Messages"];
    Table { title: "Messages", heads, rows: rows.collect() }
}

fn times(counted: &Counted) -> Table {
    let row = |name: &str, histogram: &Histogram| {
        let total: u64 = histogram.counts.iter().sum();
        let mean = if total == 0 { "none".to_owned() } else { milliseconds(histogram.sum / total as f64) };
        vec![name.to_owned(), mean, below(histogram, 0.5), below(histogram, 0.99), total.to_string()]
    };
    let mut rows: Vec<_> = counted.steps.iter().map(|(step, histogram)| row(step, histogram)).collect();
    rows.push(row("in all", &counted.whole));
    Table { title: "Time", heads: vec!["Step", "Mean", "Half below", "99 % below", "Messages"], rows }
}

fn milliseconds(seconds: f64) -> String {
    format!("{:.3} ms", seconds * 1e3)
}

/// The bound below which this share of the values lies.
fn below(histogram: &Histogram, share: f64) -> String {
    let total: u64 = histogram.counts.iter().sum();
    if total == 0 {
        return "none".to_owned();
    }
    let mut sum = 0;
    let class = histogram.counts.iter().position(|count| {
        sum += count;
        sum as f64 >= share * total as f64
    });
    let bound = class.and_then(|class| histogram.bounds.get(class));
    bound.map_or_else(|| "beyond all classes".to_owned(), |bound| milliseconds(*bound))
}

fn counts(counted: &Counted) -> Table {
    let gaps = counted.gaps.iter().map(|(missing, count)| vec![format!("not known: {missing}"), count.to_string()]);
    let alerts = counted.alerts.iter().map(|(name, count)| vec![format!("rare: {name}"), count.to_string()]);
    Table { title: "Gaps and alerts", heads: vec!["What", "Messages"], rows: gaps.chain(alerts).collect() }
}

fn state(console: &Console) -> Table {
    let (filter, milter) = (console.filter(), console.milter());
    let mut rows = vec![
        ("connections of MTAs", milter.connections.to_string()),
        ("messages being answered", milter.in_flight.to_string()),
        ("answers overdue", milter.overdue_total.to_string()),
        ("messages without room", milter.overload_total.to_string()),
        ("panics", milter.panics_total.to_string()),
    ];
    if let Some(journal) = filter.journal() {
        rows.push(("decisions that wait to be written", journal.waiting().to_string()));
        rows.push(("decisions lost", journal.lost().to_string()));
    }
    if let Some(baselines) = filter.baselines() {
        let state = baselines.state();
        rows.push(("messages that wait to be learned", state.queued.to_string()));
        rows.push(("messages not learned", state.dropped.to_string()));
        rows.push(("messages ever learned", state.learned.to_string()));
        rows.push(("baselines can be written", if state.writable { "yes" } else { "no" }.to_owned()));
    }
    rows.extend(resident_bytes().map(|bytes| ("memory", format!("{} MiB", bytes / 1_048_576))));
    let digests = filter.digests();
    rows.push(("model", digests.model.clone()));
    rows.push(("policy", digests.policy.clone()));
    let rows = rows.into_iter().map(|(what, value)| vec![what.to_owned(), value]).collect();
    Table { title: "State", heads: vec!["What", "Now"], rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_below_is_a_class_s_bound() {
        let check = |counts: &[u64], share: f64, expected: &str| {
            let histogram = Histogram { bounds: &[0.001, 0.01], counts: counts.to_vec(), sum: 0.0 };
            assert_eq!(below(&histogram, share), expected);
        };
        check(&[0, 0, 0], 0.5, "none");
        check(&[1, 1, 0], 0.5, "1.000 ms");
        check(&[1, 1, 0], 0.99, "10.000 ms");
        check(&[0, 0, 1], 0.5, "beyond all classes");
    }
}

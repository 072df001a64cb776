//! The audit: a few messages of each day, drawn by chance, that are looked at and labelled here.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::held::Actor;
use super::super::labels::Said;
use super::super::reply::{failed, message, page, see_other};
use super::super::reports::{day, is_past_day};
use super::super::shown::visible;
use super::super::users::Role;
use super::held::undone;
use super::{Choice, Frame, Tab};
use crate::decision::DecisionId;
use crate::mail::{Category, Moment};
use crate::report::Drawn;

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/audit", "Audit");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/audit", get(show).post(say))
}

/// Days that can be chosen: older mail is nobody's memory.
const DAYS: u32 = 14;

/// What is asked for in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Asked {
    date: String,
}

impl Asked {
    /// The day that is meant: yesterday where none is named; `Err` where it is none, or not over.
    pub(in crate::admin) fn read(&self, now: Moment) -> Result<String, String> {
        let date = if self.date.is_empty() { day(now, 1) } else { self.date.clone() };
        if is_past_day(&date, now) {
            return Ok(date);
        }
        Err(format!("{date:?} is no day that is over; write it as 2026-11-25"))
    }
}

struct Shown {
    id: String,
    verdict: String,
    score: String,
    author: String,
    subject: String,
    label: String,
}

#[derive(Template)]
#[template(path = "audit.html", config = "src/admin/askama.toml")]
struct Audit {
    frame: Frame,
    date: String,
    dates: Vec<String>,
    may_act: bool,
    labelled: usize,
    rows: Vec<Shown>,
    categories: Vec<Choice>,
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let now = Moment::now();
    let date = asked.read(now).map_err(|why| message(StatusCode::BAD_REQUEST, &why))?;
    let drawn = console.audit(date.clone(), false).await?;
    // The tables learn of a label when they are packed; the page knows it at once.
    let ids: Vec<DecisionId> = drawn.iter().filter_map(|one| DecisionId::parse(&one.id)).collect();
    let labels = tokio::task::spawn_blocking(move || {
        let labels = console.labels.newest(&ids)?;
        Ok::<_, std::io::Error>(ids.into_iter().zip(labels).collect::<Vec<_>>())
    });
    let labels = labels.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let of = |one: &Drawn| {
        let label = labels.iter().find(|(id, _)| id.to_string() == one.id).and_then(|(_, label)| label.as_ref());
        label.map_or_else(String::new, |label| label.words().replace('_', " ").replace(':', ": "))
    };
    let mut rows: Vec<Shown> = drawn.iter().map(|one| row(one, of(one))).collect();
    // What is still to be looked at comes first.
    rows.sort_by_key(|row| !row.label.is_empty());
    Ok(page(&Audit {
        frame: Frame::of(&person, "audit"),
        date,
        dates: (1..=DAYS).map(|ago| day(now, ago)).collect(),
        may_act: person.role >= Role::Operator,
        labelled: rows.iter().filter(|row| !row.label.is_empty()).count(),
        rows,
        categories: Choice::list(Category::ALL.map(Category::name), ""),
    }))
}

fn row(drawn: &Drawn, label: String) -> Shown {
    let or_none = |text: &Option<String>| visible(text.as_deref().unwrap_or("none")).into_owned();
    Shown {
        id: visible(&drawn.id).into_owned(),
        verdict: visible(&drawn.verdict).into_owned(),
        score: drawn.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score:+.2}")),
        author: or_none(&drawn.author),
        subject: or_none(&drawn.subject),
        label,
    }
}

/// A form of the page: draws the sample, or labels one message of it.
#[derive(Deserialize)]
struct Sent {
    token: String,
    date: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    category: String,
}

async fn say(
    person: Person,
    State(console): State<Arc<Console>>,
    Form(form): Form<Sent>,
) -> Result<Response, Response> {
    person.sent(&form.token)?;
    person.may(Role::Operator)?;
    let wrong = |why: String| message(StatusCode::BAD_REQUEST, &why);
    let date = Asked { date: form.date }.read(Moment::now()).map_err(wrong)?;
    if form.label.is_empty() {
        console.audit(date.clone(), true).await?;
        console.activity.note(&person.name, &person.from, "drew_audit_sample", &date);
        return Ok(see_other(&format!("/audit?date={date}")));
    }
    let id = DecisionId::parse(&form.id).ok_or_else(|| wrong("That is no decision's id.".to_owned()))?;
    let category = if form.label == "safe" { String::new() } else { form.category };
    let said = Said { label: form.label, category, note: String::new() };
    let labelled = tokio::task::spawn_blocking(move || console.label(&Actor::from(&person), id, &said));
    labelled.await.map_err(|error| failed(&error))?.map_err(|why| undone(&why))?;
    Ok(see_other(&format!("/audit?date={date}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_over_is_meant() {
        let now = Moment::parse("2026-11-25T12:00:00Z").expect("a moment");
        let check = |date: &str, expected: Option<&str>| {
            assert_eq!(Asked { date: date.into() }.read(now).ok().as_deref(), expected, "{date}");
        };
        check("", Some("2026-11-24"));
        check("2026-11-01", Some("2026-11-01"));
        check("2026-11-25", None);
        check("2026-1-01&x", None);
    }
}

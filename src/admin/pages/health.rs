//! How each detector fares, and what an administrator says of one.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::reply::{failed, message, page, see_other};
use super::super::shown::visible;
use super::super::users::Role;
use super::{Frame, Tab};
use crate::health::{Order, Row, Said, State as Health};
use crate::mail::Moment;

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/health", "Health");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/health", get(show).post(say))
}

/// A detector as the page shows it.
pub(super) struct Shown {
    pub(super) name: String,
    /// The rule's page, where it is one.
    pub(super) link: String,
    pub(super) state: &'static str,
    pub(super) because: String,
    pub(super) is_muted: bool,
    pub(super) is_unwell: bool,
    /// Whether a person may mute it.
    pub(super) may_mute: bool,
    pub(super) cells: Vec<String>,
}

#[derive(Template)]
#[template(path = "health.html", config = "src/admin/askama.toml")]
struct HealthPage {
    frame: Frame,
    may_order: bool,
    unwell: Vec<Shown>,
    others: Vec<Shown>,
    silent: usize,
}

/// What the form of a detector says.
#[derive(Deserialize)]
pub(in crate::admin) struct Ordered {
    token: String,
    detector: String,
    order: String,
}

async fn show(person: Person, State(console): State<Arc<Console>>) -> Result<Response, Response> {
    let (frame, may_order) = (Frame::of(&person, "health"), person.role == Role::Administrator);
    let rows = tokio::task::spawn_blocking(move || console.filter().health()).await.map_err(|error| failed(&error))?;
    let all = rows.len();
    let rows: Vec<Row> = rows.into_iter().filter(|row| row.last_day > 0 || row.state > Health::Usual).collect();
    let silent = all - rows.len();
    let (unwell, others) = rows.iter().map(shown).partition(|one| one.is_unwell);
    Ok(page(&HealthPage { frame, may_order, unwell, others, silent }))
}

pub(super) fn shown(row: &Row) -> Shown {
    let number =
        |value: Option<f64>, digits: usize| value.map_or_else(|| "unknown".to_owned(), |v| format!("{v:.digits$}"));
    let name = visible(&row.name).into_owned();
    let link = row.name.strip_prefix("rule.").map(|key| format!("/rules/{}", super::decisions::encoded(key)));
    Shown {
        name,
        link: link.unwrap_or_default(),
        state: row.state.name(),
        because: visible(&row.because).into_owned(),
        is_muted: row.state == Health::Muted,
        is_unwell: row.state > Health::Usual,
        may_mute: row.sort != "model",
        cells: vec![
            row.last_hour.to_string(),
            number(row.expected.or(row.usual_per_hour), 1),
            row.last_day.to_string(),
            number(row.drift, 2),
            row.spoke.to_string(),
            row.decisive.to_string(),
            row.labels_safe.to_string(),
            row.labels_attack.to_string(),
        ],
    }
}

async fn say(
    person: Person,
    State(console): State<Arc<Console>>,
    Form(form): Form<Ordered>,
) -> Result<Response, Response> {
    person.may(Role::Administrator)?;
    person.sent(&form.token)?;
    let wrong = |why: &str| message(StatusCode::BAD_REQUEST, why);
    let order = Order::of(&form.order).ok_or_else(|| wrong("This cannot be done to a detector."))?;
    let done = tokio::task::spawn_blocking(move || {
        let filter = console.filter();
        let Some(row) = filter.health_of(&form.detector) else { return Ok(false) };
        if order == Order::Mute && row.sort == "model" {
            return Ok(false);
        }
        filter.say_of_detector(&Said::new(&row.name, order, &person.name, Moment::now()))?;
        console.activity.note(&person.name, &person.from, order.name(), &row.name);
        Ok::<_, std::io::Error>(true)
    });
    match done.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))? {
        true => Ok(see_other("/health")),
        false => Err(wrong("There is no such detector, or it cannot be muted.")),
    }
}

//! One held message: what it is, what it says, and what is to become of it. Nothing in it is run, loaded or opened.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_DNS_PREFETCH_CONTROL, X_FRAME_OPTIONS};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::super::console::Console;
use super::super::framed;
use super::super::guard::Person;
use super::super::held::{Actor, Undone, beside};
use super::super::reply::{Refused, failed, message, page};
use super::super::shown::visible;
use super::super::users::Role;
use super::super::viewed::{self, View};
use super::quarantine::Asked;
use super::{Choice, Frame, Tab};
use crate::decision::DecisionId;
use crate::labels::Label;
use crate::mail::{Category, Moment};
use crate::quarantine::{Event, Kept, Row};

/// Where it stands in the navigation: it belongs to the list.
pub(super) const TAB: Option<Tab> = None;

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/quarantine/{id}", get(show))
        .route("/quarantine/{id}/html", get(html))
        .route("/quarantine/{id}/raw", get(raw))
}

/// Recipients that are shown one by one.
const RECIPIENTS_MAX: usize = 100;
/// The page may hold a frame of our own, and nothing else that others may not.
const WITH_FRAME: &str = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; \
                          frame-ancestors 'none'; base-uri 'none'";
/// What stands in the frame, or alone, may do nothing at all.
const NOTHING: &str = "default-src 'none'; sandbox; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
/// An isolated group of windows and a sandbox exclude each other (HTML, cross-origin opener policies).
const UNISOLATED: (HeaderName, &str) = (HeaderName::from_static("cross-origin-opener-policy"), "unsafe-none");

struct Addressee {
    address: String,
    shown: String,
    state: &'static str,
}

struct Said {
    words: String,
    who: String,
    at: String,
}

#[derive(Template)]
#[template(path = "held.html", config = "src/admin/askama.toml")]
struct HeldPage {
    frame: Frame,
    id: String,
    filter: String,
    told: &'static str,
    subject: String,
    category: String,
    state: &'static str,
    unheard: bool,
    facts: Vec<(&'static str, String)>,
    recipients: Vec<Addressee>,
    recipients_left_out: usize,
    labels: Vec<Said>,
    events: Vec<String>,
    view: View,
    may_act: bool,
    may_release: bool,
    categories: Vec<Choice>,
    newer: String,
    older: String,
}

fn parse(id: &str) -> Result<DecisionId, Refused> {
    DecisionId::parse(id).ok_or_else(|| message(StatusCode::NOT_FOUND, "This is no message's id.").into())
}

/// A page that says why something was not done.
pub(super) fn undone(undone: &Undone) -> Response {
    message(undone.status, &undone.why)
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let id = parse(&id)?;
    let made = tokio::task::spawn_blocking(move || made(&console, &person, id, &asked));
    let made = made.await.map_err(|error| failed(&error))?.map_err(|why| undone(&why))?;
    let mut response = page(&made);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, axum::http::HeaderValue::from_static(WITH_FRAME));
    Ok(response)
}

fn made(console: &Console, person: &Person, id: DecisionId, asked: &Asked) -> Result<HeldPage, Undone> {
    let kept = console.kept(id)?;
    let view = viewed::view(&console.content(id)?);
    let (row, actor) = (Row::from(&kept), Actor::from(person));
    console.activity.note(&person.name, &person.from, "looked_at", &id.to_string());
    let (wanted, _) = asked.read(Moment::now()).map_err(|why| Undone { status: StatusCode::BAD_REQUEST, why })?;
    let (newer, older) = beside(&console.shelf.look().map_err(Undone::failed)?, &wanted, id);
    let at = |id: Option<DecisionId>| id.map(|id| id.to_string()).unwrap_or_default();
    let labels = console.labels.of(id).map_err(Undone::failed)?;
    let events = console.shelf.folder().events(id).map_err(Undone::failed)?;
    Ok(HeldPage {
        frame: Frame::of(person, "quarantine"),
        id: id.to_string(),
        filter: asked.filter(),
        told: asked.told(),
        subject: visible(row.subject.as_deref().unwrap_or("none")).into_owned(),
        category: row.category.map_or("policy", Category::name).replace('_', " "),
        state: row.state,
        unheard: row.unheard,
        facts: facts(&kept, &row),
        recipients: row.recipients.iter().take(RECIPIENTS_MAX).map(addressee).collect(),
        recipients_left_out: row.recipients.len().saturating_sub(RECIPIENTS_MAX),
        labels: labels.iter().map(said).collect(),
        events: events.iter().map(event).collect(),
        view,
        may_act: person.role >= Role::Operator,
        may_release: console.may_release(&actor, &row),
        categories: Choice::list(Category::ALL.map(Category::name), row.category.map_or("", Category::name)),
        newer: at(newer),
        older: at(older),
    })
}

fn addressee(one: &crate::quarantine::Recipient) -> Addressee {
    Addressee { address: one.address.clone(), shown: visible(&one.address).into_owned(), state: one.state }
}

fn said(label: &Label) -> Said {
    Said {
        words: visible(&label.words().replace('_', " ").replace(':', ": ")).into_owned(),
        who: visible(&label.who).into_owned(),
        at: visible(&label.at).into_owned(),
    }
}

fn event(event: &Event) -> String {
    visible(&event.line()).into_owned()
}

fn facts(kept: &Kept, row: &Row) -> Vec<(&'static str, String)> {
    let or_none = |text: &Option<String>| visible(text.as_deref().unwrap_or("none")).into_owned();
    vec![
        ("Held since", row.at.clone()),
        ("From", or_none(&row.author)),
        ("Envelope sender", or_none(&row.sender)),
        ("Score", row.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score:+.2}"))),
        ("Reasons", visible(&row.reasons.join(", ").replace('_', " ")).into_owned()),
        ("Message-ID", or_none(&row.message_id)),
        ("Queue id", or_none(&row.queue_id)),
        ("Bytes", row.bytes.to_string()),
        ("SHA-256", visible(&kept.held.sha256).into_owned()),
    ]
}

/// The HTML of a message, written anew, for the frame of its page.
async fn html(
    person: Person,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    person.may(Role::Viewer)?;
    let id = parse(&id)?;
    let made = tokio::task::spawn_blocking(move || {
        console.kept(id)?;
        Ok(framed::document(&viewed::html(&console.content(id)?)))
    });
    let made = made.await.map_err(|error| failed(&error))?.map_err(|why| undone(&why))?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, NOTHING),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
        (X_DNS_PREFETCH_CONTROL, "off"),
        UNISOLATED,
    ];
    Ok((headers, made).into_response())
}

/// A message byte for byte, as text and nothing else.
async fn raw(
    person: Person,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    person.may(Role::Viewer)?;
    let id = parse(&id)?;
    let read = tokio::task::spawn_blocking(move || {
        console.kept(id)?;
        console.content(id)
    });
    let content = read.await.map_err(|error| failed(&error))?.map_err(|why| undone(&why))?;
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CONTENT_SECURITY_POLICY, NOTHING), UNISOLATED];
    Ok((headers, content).into_response())
}

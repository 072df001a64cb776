//! Held mail as JSON: listed, shown, let go, deleted.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::super::console::Console;
use super::super::gates::later;
use super::super::guard::Program;
use super::super::held::{Actor, Undone, leaf};
use super::super::pages::quarantine::Asked;
use super::super::reply::{self, Refused, failed, refusal};
use super::super::users::Role;
use super::{aside, parse};
use crate::mail::{Address, Moment};
use crate::quarantine::{Released, Row};

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/api/quarantine", get(list))
        .route("/api/quarantine/{id}", get(show).delete(remove))
        .route("/api/quarantine/{id}/raw", get(raw))
        .route("/api/quarantine/{id}/release", post(release))
}

async fn list(
    program: Program,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    let (wanted, before) = asked.read(Moment::now()).map_err(|why| refusal(StatusCode::BAD_REQUEST, &why))?;
    let limit = asked.limit();
    let leaf = aside(move || Ok(leaf(&console.shelf.look()?, &wanted, before, limit))).await?;
    let leaf = leaf.map_err(|error: std::io::Error| failed(&error))?;
    let rows: Vec<&Row> = leaf.rows.iter().map(|row| &**row).collect();
    let (matching, next, unreadable) = (leaf.matching, leaf.next, leaf.unreadable);
    let page = json!({ "messages": rows, "matching": matching, "next": next, "unreadable": unreadable });
    Ok(reply::json(StatusCode::OK, &page))
}

async fn show(
    program: Program,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    let id = parse(&id)?;
    let found = aside(move || {
        let kept = console.kept(id)?;
        let events = console.shelf.folder().events(id).map_err(Undone::failed)?;
        let labels = console.labels.of(id).map_err(Undone::failed)?;
        Ok::<_, Undone>(json!({ "message": Row::from(&kept), "events": events, "labels": labels }))
    });
    Ok(reply::json(StatusCode::OK, &found.await??))
}

/// A message byte for byte.
async fn raw(
    program: Program,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    let id = parse(&id)?;
    let read = aside(move || {
        console.kept(id)?;
        let content = console.content(id)?;
        let actor = Actor::from(&program);
        console.activity.note(&actor.who, &actor.from, "looked_at", &id.to_string());
        Ok::<_, Undone>(content)
    });
    // Whatever it holds, no browser is to take it for more.
    Ok(([(CONTENT_TYPE, "application/octet-stream")], read.await??).into_response())
}

/// To whom a message is to go.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct Wanted {
    to: Option<Vec<String>>,
}

async fn release(
    program: Program,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Response> {
    program.may(Role::Operator)?;
    let id = parse(&id)?;
    let wrong = |why: String| refusal(StatusCode::BAD_REQUEST, &why);
    let wanted: Wanted = if body.is_empty() {
        Wanted::default()
    } else {
        serde_json::from_str(&body).map_err(|error| wrong(format!("the body does not say to whom: {error}")))?
    };
    let to = wanted.to.unwrap_or_default();
    let address = |text: &String| {
        Address::parse(text).ok_or_else(|| Refused::from(wrong(format!("{text:?} is no mail address"))))
    };
    let to = to.iter().map(address).collect::<Result<Vec<_>, _>>()?;
    let worked = Arc::clone(&console);
    let released = console.gates.orders.run(move || worked.release(&Actor::from(&program), id, &to));
    let released =
        released.await?.ok_or_else(|| later("The mail server has not answered yet; what has begun goes on."))??;
    Ok(reply::json(StatusCode::OK, &told(&released)))
}

fn told(released: &Released) -> serde_json::Value {
    let names = |all: &[Address]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
    let why = |all: &[(Address, String)]| {
        all.iter().map(|(one, why)| json!({ "recipient": one.to_string(), "why": why })).collect::<Vec<_>>()
    };
    json!({
        "released": names(&released.released),
        "before": names(&released.before),
        "refused": why(&released.refused),
        "doubtful": why(&released.doubtful),
    })
}

async fn remove(
    program: Program,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    program.may(Role::Operator)?;
    let id = parse(&id)?;
    aside(move || console.delete(&Actor::from(&program), id)).await??;
    Ok(StatusCode::NO_CONTENT.into_response())
}

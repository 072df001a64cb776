//! Decisions as JSON: found, told of, labelled.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::super::console::Console;
use super::super::guard::Program;
use super::super::held::Actor;
use super::super::index::{Hit, Page};
use super::super::labels::Said;
use super::super::pages::decisions::Asked;
use super::super::reply::{self, failed, refusal};
use super::super::users::Role;
use super::{aside, parse};
use crate::filter::direction_name;

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new()
        .route("/api/decisions", get(decisions))
        .route("/api/decisions/{id}", get(decision))
        .route("/api/decisions/{id}/label", post(label))
}

async fn decisions(
    program: Program,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    let (wanted, before) = asked.read().map_err(|why| refusal(StatusCode::BAD_REQUEST, &why))?;
    let patience = Duration::from_millis(console.settings.search_milliseconds_max);
    let limit = asked.limit();
    let searching = move || console.index.search(&wanted, before, limit, patience);
    let page = tokio::task::spawn_blocking(searching).await.map_err(|error| failed(&error))?;
    Ok(reply::json(StatusCode::OK, &listed(&page.map_err(|error| failed(&error))?)))
}

fn listed(page: &Page) -> Value {
    let one = |hit: &Hit| {
        json!({
            "id": hit.row.id,
            "at": hit.row.at.rfc3339(),
            "verdict": hit.row.verdict,
            "action": hit.row.action,
            "category": hit.row.category,
            "score": hit.row.score,
            "direction": direction_name(hit.row.direction),
            "sender": hit.sender,
            "author": hit.author,
            "recipients": hit.recipients,
            "subject": hit.subject,
            "has_gap": hit.row.has_gap,
            "is_alert": hit.row.is_alert,
        })
    };
    json!({
        "decisions": page.hits.iter().map(one).collect::<Vec<_>>(),
        "next": page.next.map(|cursor| cursor.to_string()),
        "searched_back_to": page.searched_back_to.map(|moment| moment.rfc3339()),
        "index_is_building": page.is_building,
    })
}

async fn decision(
    program: Program,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    let id = parse(&id)?;
    let found = tokio::task::spawn_blocking(move || {
        let Some(entry) = console.index.entry(id)? else { return Ok(None) };
        let explained = console.filter().explain(&entry);
        let labels = console.labels.of(id)?;
        Ok::<_, std::io::Error>(Some(json!({ "entry": entry, "explained": explained, "labels": labels })))
    });
    let found = found.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    match found {
        Some(value) => Ok(reply::json(StatusCode::OK, &value)),
        None => Err(refusal(StatusCode::NOT_FOUND, "the journal holds no such decision")),
    }
}

async fn label(
    program: Program,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    body: String,
) -> Result<Response, Response> {
    program.may(Role::Operator)?;
    let id = parse(&id)?;
    let said: Said = serde_json::from_str(&body)
        .map_err(|error| refusal(StatusCode::BAD_REQUEST, &format!("the body is no label: {error}")))?;
    let label = aside(move || console.label(&Actor::from(&program), id, &said)).await??;
    Ok(reply::json(StatusCode::CREATED, &label))
}

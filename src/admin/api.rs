//! The JSON of the pages, for programs with a token.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::console::Console;
use super::guard::Program;
use super::index::{Hit, Page};
use super::labels::Said;
use super::pages::decisions::Asked;
use super::reply::{self, Refused, failed, refusal};
use super::users::Role;
use crate::decision::DecisionId;
use crate::filter::direction_name;
use crate::labels::{How, Label};

/// What programs can ask, as an OpenAPI document.
const OPENAPI: &str = include_str!("openapi.json");

pub(super) fn router() -> Router<Arc<Console>> {
    Router::new()
        .route("/api/openapi.json", get(openapi))
        .route("/api/decisions", get(decisions))
        .route("/api/decisions/{id}", get(decision))
        .route("/api/decisions/{id}/label", post(label))
}

async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], OPENAPI).into_response()
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

/// The decision of an id in an address.
fn parse(id: &str) -> Result<DecisionId, Refused> {
    DecisionId::parse(id).ok_or_else(|| refusal(StatusCode::NOT_FOUND, "this is no decision's id").into())
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
    let wrong = |why: String| refusal(StatusCode::BAD_REQUEST, &why);
    let said: Said = serde_json::from_str(&body).map_err(|error| wrong(format!("the body is no label: {error}")))?;
    let who = format!("token {}", program.name);
    let label = said.label(id, &who, How::Api).map_err(wrong)?;
    put(console, label, who, program.from).await.map(|label| reply::json(StatusCode::CREATED, &label))
}

/// Writes a label of a decision that is there, and that it was written.
pub(super) async fn put(console: Arc<Console>, label: Label, who: String, from: String) -> Result<Label, Response> {
    let written = tokio::task::spawn_blocking(move || {
        if console.index.entry(label.id)?.is_none() {
            return Ok(None);
        }
        console.labels.add(&label)?;
        console.activity.note(&who, &from, "labelled", &format!("{} {}", label.id, label.words()));
        Ok::<_, std::io::Error>(Some(label))
    });
    let written = written.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    written.ok_or_else(|| refusal(StatusCode::NOT_FOUND, "the journal holds no such decision"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The source of [`router`] is the list of what is there.
    #[test]
    fn the_openapi_document_names_every_route_and_no_other() {
        let document: Value = serde_json::from_str(OPENAPI).expect("JSON");
        let paths = document["paths"].as_object().expect("paths");
        let mut documented: Vec<String> = Vec::new();
        for (path, methods) in paths {
            let methods = methods.as_object().expect("methods");
            documented
                .extend(methods.keys().filter(|key| *key != "parameters").map(|method| format!("{method} {path}")));
            for (method, operation) in methods.iter().filter(|(key, _)| *key != "parameters") {
                let described = operation["summary"].is_string() && operation["responses"].is_object();
                assert!(described, "{method} {path} says what it does and answers");
            }
        }
        let routes = include_str!("api.rs").lines().filter_map(|line| {
            let (path, handler) = line.trim().strip_prefix(".route(\"")?.split_once("\", ")?;
            Some(format!("{} {path}", handler.split('(').next()?))
        });
        let mut routes: Vec<String> = routes.collect();
        routes.sort();
        documented.sort();
        assert_eq!(documented, routes);
        assert_eq!(document["openapi"], "3.1.0");
    }
}

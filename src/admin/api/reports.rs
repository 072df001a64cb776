//! Reports and the audit sample as JSON.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use super::super::console::Console;
use super::super::guard::Program;
use super::super::held::Actor;
use super::super::pages::{audit, reports};
use super::super::reply::{self, Refused, refusal};
use super::super::users::Role;
use crate::mail::Moment;

pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/api/reports", get(report)).route("/api/audit", get(sample).post(draw))
}

async fn report(
    program: Program,
    State(console): State<Arc<Console>>,
    Query(asked): Query<reports::Asked>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    let question = asked.read().map_err(|why| refusal(StatusCode::BAD_REQUEST, &why))?;
    Ok(reply::json(StatusCode::OK, &*console.report(question).await?))
}

async fn sample(
    program: Program,
    State(console): State<Arc<Console>>,
    Query(asked): Query<audit::Asked>,
) -> Result<Response, Response> {
    program.may(Role::Viewer)?;
    answer(&console, date(&asked)?, false).await
}

async fn draw(
    program: Program,
    State(console): State<Arc<Console>>,
    Query(asked): Query<audit::Asked>,
) -> Result<Response, Response> {
    program.may(Role::Operator)?;
    let date = date(&asked)?;
    let drawn = answer(&console, date.clone(), true).await?;
    let actor = Actor::from(&program);
    console.activity.note(&actor.who, &actor.from, "drew_audit_sample", &date);
    Ok(drawn)
}

/// The day that is meant.
fn date(asked: &audit::Asked) -> Result<String, Refused> {
    asked.read(Moment::now()).map_err(|why| refusal(StatusCode::BAD_REQUEST, &why).into())
}

async fn answer(console: &Arc<Console>, date: String, draw: bool) -> Result<Response, Response> {
    let drawn = console.audit(date.clone(), draw).await?;
    Ok(reply::json(StatusCode::OK, &json!({ "date": date, "messages": drawn })))
}

//! Which page is where.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::console::Console;
use super::guard::{Program, guard};
use super::reply::{message, see_other};
use super::{api, exposition, pages};

/// Bytes of a form, with room to spare for a note.
const BODY_BYTES_MAX: usize = 16_384;
/// The one style sheet.
const STYLE: &str = include_str!("pages/style.css");

/// All pages.
pub(super) fn router(console: Arc<Console>) -> Router {
    Router::new()
        .route("/", get(async || see_other("/decisions")))
        .route("/style.css", get(style))
        .route("/held/style.css", get(style))
        .route("/metrics", get(metrics))
        .merge(pages::router())
        .merge(api::router())
        .fallback(async || message(StatusCode::NOT_FOUND, "There is no such page."))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&console), guard))
        .with_state(console)
}

async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=3600")], STYLE).into_response()
}

/// The metrics, for whoever reaches the port or for programs with a token, as the settings say.
async fn metrics(State(console): State<Arc<Console>>, program: Result<Program, Response>) -> Response {
    if !console.settings.metrics_open
        && let Err(refusal) = program
    {
        return refusal;
    }
    ([(CONTENT_TYPE, exposition::CONTENT_TYPE)], exposition::metrics(&console)).into_response()
}

//! What is answered: pages of templates, JSON, plain text, and refusals.

use askama::Template;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A page that says one thing.
#[derive(Template)]
#[template(path = "message.html", config = "src/admin/askama.toml")]
struct Message<'a> {
    title: &'a str,
    message: &'a str,
}

/// An answer that says no; small enough to travel beside a result.
#[derive(Debug)]
pub(super) struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl From<Refused> for Response {
    fn from(refused: Refused) -> Self {
        *refused.0
    }
}

/// A page.
pub(super) fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(text) => ([(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(error) => failed(&error),
    }
}

/// A page that says one thing, with its status.
pub(super) fn message(status: StatusCode, text: &str) -> Response {
    let title = status.canonical_reason().unwrap_or("Kith");
    let mut response = page(&Message { title, message: text });
    *response.status_mut() = status;
    response
}

/// Something that the daemon needs cannot be had; the log says what, the reader does not learn it.
pub(super) fn failed(error: &dyn std::fmt::Display) -> Response {
    log::error!("console: {error}");
    (StatusCode::INTERNAL_SERVER_ERROR, "Something failed; the log of kith says what.\n").into_response()
}

/// Goes on at another page, by GET.
pub(super) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(path) {
        response.headers_mut().insert(LOCATION, value);
    }
    response
}

/// A value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => (status, [(CONTENT_TYPE, "application/json")], bytes).into_response(),
        Err(error) => failed(&error),
    }
}

/// A refusal as JSON.
pub(super) fn refusal(status: StatusCode, why: &str) -> Response {
    json(status, &serde_json::json!({ "error": why }))
}

//! The JSON of the pages, for programs with a token.

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::console::Console;
use super::held::Undone;
use super::reply::{Refused, failed, refusal};
use crate::decision::DecisionId;

/// The parts: each file has its `routes`.
macro_rules! parts {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        pub(super) fn router() -> Router<Arc<Console>> {
            Router::new().route("/api/openapi.json", get(openapi))$(.merge($name::routes()))*
        }

        /// The sources of what is asked, which are the list of what there is.
        #[cfg(test)]
        const SOURCES: &[&str] = &[include_str!("mod.rs"), $(include_str!(concat!(stringify!($name), ".rs"))),*];
    };
}

parts! { decisions, quarantine, reports }

/// What programs can ask, as an OpenAPI document.
const OPENAPI: &str = include_str!("openapi.json");

async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// The decision of an id in an address.
fn parse(id: &str) -> Result<DecisionId, Refused> {
    DecisionId::parse(id).ok_or_else(|| refusal(StatusCode::NOT_FOUND, "this is no decision's id").into())
}

impl From<Undone> for Response {
    fn from(undone: Undone) -> Self {
        refusal(undone.status, &undone.why)
    }
}

/// Does what reads or writes files where it keeps nobody waiting.
async fn aside<T: Send + 'static>(what: impl FnOnce() -> T + Send + 'static) -> Result<T, Response> {
    tokio::task::spawn_blocking(what).await.map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The routes of a source, as `method path`.
    fn routes(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        for part in source.split(".route(\"/api").skip(1) {
            let Some((path, rest)) = part.split_once("\", ") else { continue };
            let handlers = rest.split(".route(").next().unwrap_or_default();
            for method in ["get", "post", "delete", "put", "patch"] {
                let begins = handlers.starts_with(&format!("{method}("));
                let end = handlers.find([';', '\n', '$']).unwrap_or(handlers.len());
                if begins || handlers[..end].contains(&format!(").{method}(")) {
                    found.push(format!("{method} /api{path}"));
                }
            }
        }
        found
    }

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
        let product = |source: &&str| source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
        let mut routes: Vec<String> = SOURCES.iter().flat_map(|source| routes(&product(source))).collect();
        routes.sort();
        documented.sort();
        assert_eq!(documented, routes);
        assert!(routes.len() > 10 && document["openapi"] == "3.1.0");
    }

    #[test]
    fn whatever_the_document_refers_to_is_there() {
        let document: Value = serde_json::from_str(OPENAPI).expect("JSON");
        for part in OPENAPI.split("\"$ref\": \"#").skip(1) {
            let path = part.split('"').next().unwrap_or_default();
            assert!(document.pointer(path).is_some(), "{path}");
        }
    }
}

//! The settings in force, secrets hidden.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::super::console::{Console, Shown};
use super::super::guard::Person;
use super::super::reply::page;
use super::{Frame, Tab};

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/settings", "Settings");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/settings", get(show))
}

#[derive(Template)]
#[template(path = "settings.html", config = "src/admin/askama.toml")]
struct SettingsPage {
    frame: Frame,
    rows: Arc<Vec<Shown>>,
}

async fn show(person: Person, State(console): State<Arc<Console>>) -> Response {
    page(&SettingsPage { frame: Frame::of(&person, "settings"), rows: console.shown() })
}

//! The settings in force, secrets hidden.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::super::console::{Console, Shown};
use super::super::guard::Person;
use super::super::reply::page;
use super::Frame;

#[derive(Template)]
#[template(path = "settings.html", config = "src/admin/askama.toml")]
struct SettingsPage {
    frame: Frame,
    rows: Arc<Vec<Shown>>,
}

pub(in crate::admin) async fn show(person: Person, State(console): State<Arc<Console>>) -> Response {
    page(&SettingsPage { frame: Frame::of(&person, "settings"), rows: console.shown() })
}

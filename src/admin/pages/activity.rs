//! Who signed in, and who did what.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::super::activity::Deed;
use super::super::console::Console;
use super::super::guard::Person;
use super::super::reply::{failed, page};
use super::super::shown::visible;
use super::super::users::Role;
use super::{Frame, Tab};

/// Deeds of the page.
const DEEDS: usize = 500;

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::to_administrators("/activity", "Activity");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/activity", get(show))
}

#[derive(Template)]
#[template(path = "activity.html", config = "src/admin/askama.toml")]
struct ActivityPage {
    frame: Frame,
    deeds: Vec<Deed>,
}

async fn show(person: Person, State(console): State<Arc<Console>>) -> Result<Response, Response> {
    person.may(Role::Administrator)?;
    let frame = Frame::of(&person, "activity");
    let read = tokio::task::spawn_blocking(move || console.activity.last(DEEDS));
    let deeds = read.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let safe = |text: &str| visible(text).into_owned();
    let deeds = deeds.iter().map(|deed| Deed {
        at: safe(&deed.at),
        who: safe(&deed.who),
        from: safe(&deed.from),
        did: safe(&deed.did.replace('_', " ")),
        what: safe(&deed.what),
    });
    Ok(page(&ActivityPage { frame, deeds: deeds.collect() }))
}

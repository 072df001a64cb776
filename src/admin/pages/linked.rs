//! The page behind a link of a letter about held mail: looking changes nothing, and one button lets the message go.

use std::sync::Arc;
use std::time::Instant;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::super::console::Console;
use super::super::guard::origin;
use super::super::reply::{Refused, failed, page};
use super::Tab;
use crate::labels::{LettingGo, NotLetGo};
use crate::mail::Moment;
use crate::quarantine::{Asker, Folder, Link, LinkFlaw, Linked, Part, Released, SealKey, Unreleased};

/// Wrong links from one address within a quarter of an hour, after which no more are looked at: people copy one wrongly
/// now and then, and 128 bits are not found by trying.
const WRONG_MAX: usize = 30;

/// Where it stands in the navigation: recipients have none.
pub(super) const TAB: Option<Tab> = None;

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/held/{link}", get(show).post(release))
}

/// A page that says how it stands, and may ask.
#[derive(Template)]
#[template(path = "linked.html", config = "src/admin/askama.toml")]
struct Held<'a> {
    title: &'a str,
    message: &'a str,
    facts: Vec<(&'static str, String)>,
    asks: bool,
}

/// What the button sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Pressed {
    deed: String,
}

/// Shows what the link leads to. Nothing is changed, whoever fetches it and however often.
async fn show(State(console): State<Arc<Console>>, Path(link): Path<String>, parts: Parts) -> Response {
    match followed(&console, link, &parts).await {
        Ok(linked) => {
            let (title, message, asks) = standing(&console, &linked);
            let status = if asks || linked.is_done() { StatusCode::OK } else { StatusCode::CONFLICT };
            said(status, title, message, linked.facts(), asks)
        }
        Err(refused) => refused.into(),
    }
}

/// Lets the message go for the one for whom the link was made, once.
async fn release(
    State(console): State<Arc<Console>>,
    Path(link): Path<String>,
    parts: Parts,
    Form(pressed): Form<Pressed>,
) -> Response {
    let linked = match followed(&console, link, &parts).await {
        Ok(linked) => linked,
        Err(refused) => return refused.into(),
    };
    let (title, message, asks) = standing(&console, &linked);
    if !asks || pressed.deed != "release" {
        let status = if linked.is_done() { StatusCode::OK } else { StatusCode::CONFLICT };
        return said(status, title, message, linked.facts(), asks);
    }
    let from = origin(&console, &parts);
    let done = spawn_blocking(move || let_go(&console, &linked, &from)).await;
    match done {
        Ok(Ok((status, title, message))) => said(status, title, message, Vec::new(), false),
        Ok(Err(why)) => failed(&why),
        Err(error) => failed(&error),
    }
}

/// What a link leads to; a page that says no where it does not count.
async fn followed(console: &Arc<Console>, link: String, parts: &Parts) -> Result<Linked, Refused> {
    let attempt = [(format!("link {}", origin(console, parts)), WRONG_MAX)];
    if let Err(wait) = console.limiter.take(&attempt, Instant::now()) {
        let message = "Too many links were wrong that came from your address. Try again later.";
        let mut response = said(StatusCode::TOO_MANY_REQUESTS, "Not now", message, Vec::new(), false);
        response.headers_mut().insert(RETRY_AFTER, wait.as_secs().max(1).into());
        return Err(response.into());
    }
    let state = console.state().to_owned();
    let look = move || {
        let key = SealKey::open(&state).map_err(std::io::Error::other)?;
        Link::follow(&Folder::of(&state), &key, &link, Moment::now())
    };
    let found = spawn_blocking(look).await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let (status, message) = match found {
        Ok(linked) => {
            console.limiter.forgive(&attempt);
            return Ok(linked);
        }
        Err(LinkFlaw::Expired) => {
            console.limiter.forgive(&attempt);
            (StatusCode::GONE, "This link counts no longer. Your administrator can still help.")
        }
        Err(LinkFlaw::Unknown) => (
            StatusCode::NOT_FOUND,
            "This link is none of ours, or its message is gone. Copy all of it from the letter.",
        ),
    };
    Err(said(status, "This link does not count", message, Vec::new(), false).into())
}

/// How it stands, in words, and whether there is something to ask.
fn standing(console: &Console, linked: &Linked) -> (&'static str, &'static str, bool) {
    let filter = console.filter();
    let rights = &filter.quarantine().rights;
    match &linked.part {
        _ if linked.is_done() => {
            ("Delivered already", "This message was delivered to you. There is nothing to do.", false)
        }
        None => ("Removed", "This message is held no longer: it was removed.", false),
        Some(_) if !rights.allow(Asker::Recipient, linked.held.category, &linked.held.grounds) => {
            ("Ask your administrator", "Only an administrator lets this message go.", false)
        }
        Some(_) if linked.unheard => ("Ask your administrator", "Somebody has to look at this message first.", false),
        Some(Part::Held) => (
            "Deliver this message?",
            "It is held for the reasons below. Let it be delivered only if you expected it and know who wrote it.",
            true,
        ),
        // Begun, and perhaps cut short: to press again finishes it, and hands nothing over twice.
        Some(Part::Releasing(..)) => ("Finish its delivery?", "Its delivery was begun. It does not come twice.", true),
        Some(Part::Released) => ("Delivered already", "There is nothing to do.", false),
    }
}

/// Lets it go, and writes down that its recipient says it is safe.
fn let_go(console: &Console, linked: &Linked, from: &str) -> Result<(StatusCode, &'static str, &'static str), String> {
    let (id, who, filter) = (linked.held.id, linked.recipient.to_string(), console.filter());
    let (state, settings, asker) = (console.state(), filter.quarantine(), Asker::Recipient);
    let letting = LettingGo { state, settings, who: &who, asker, again: false };
    let help = "It could not be delivered now. Try again later; your administrator can help.";
    let let_go = match letting.let_go(&linked.held, std::slice::from_ref(&linked.recipient), Moment::now()) {
        Ok(let_go) => let_go,
        Err(NotLetGo::Unreleased(Unreleased::Busy)) => {
            let message = "It is being delivered at this moment. There is nothing to do.";
            return Ok((StatusCode::CONFLICT, "On its way", message));
        }
        Err(NotLetGo::Key(fault)) => return Err(fault.to_string()),
        Err(NotLetGo::Unreleased(Unreleased::Disk(error))) => {
            return Err(format!("{id}: its release cannot be written down: {error}"));
        }
        Err(_) => {
            let message = "It is held no longer, or somebody has to look first.";
            return Ok((StatusCode::CONFLICT, "Not delivered", message));
        }
    };
    let Released { released, before, doubtful, .. } = let_go.released;
    if !released.is_empty() || !before.is_empty() {
        console.activity.note(&who, from, "released", &id.to_string());
        if let Some(error) = let_go.unlabelled {
            return Err(format!("{id}: its label cannot be written: {error}"));
        }
        return Ok((StatusCode::OK, "It is on its way", "The message is being delivered to you."));
    }
    if !doubtful.is_empty() {
        let message = "Nobody knows whether it was delivered. Ask your administrator before you try again.";
        return Ok((StatusCode::BAD_GATEWAY, "Not known", message));
    }
    Ok((StatusCode::BAD_GATEWAY, "Not delivered", help))
}

fn said(status: StatusCode, title: &str, message: &str, facts: Vec<(&'static str, String)>, asks: bool) -> Response {
    let mut response = page(&Held { title, message, facts, asks });
    *response.status_mut() = status;
    response
}

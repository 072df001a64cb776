//! The page behind a link of a letter about held mail: looking changes nothing, and one button lets the message go.

use std::sync::Arc;
use std::time::Instant;

use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::super::console::Console;
use super::super::guard::origin;
use super::super::reply::{Refused, failed, page};
use crate::decision::DecisionId;
use crate::labels::{How, Label, Opinion};
use crate::mail::Moment;
use crate::quarantine::{Asker, Folder, Link, LinkFlaw, Linked, Part, Release, Released, SealKey, Unreleased};

/// Wrong links from one address within a quarter of an hour, after which no more are looked at: people copy one wrongly
/// now and then, and 128 bits are not found by trying.
const WRONG_MAX: usize = 30;

/// A page that says how it stands, and may ask.
#[derive(Template)]
#[template(path = "held.html", config = "src/admin/askama.toml")]
struct Held<'a> {
    title: &'a str,
    message: &'a str,
    facts: Vec<(&'static str, String)>,
    asks: bool,
}

/// What the button sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Pressed {
    deed: String,
}

/// Shows what the link leads to. Nothing is changed, whoever fetches it and however often.
pub(in crate::admin) async fn show(
    State(console): State<Arc<Console>>,
    Path(link): Path<String>,
    parts: Parts,
) -> Response {
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
pub(in crate::admin) async fn release(
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
    let (id, who) = (linked.held.id, linked.recipient.to_string());
    let key = SealKey::open(console.state()).map_err(|fault| fault.to_string())?;
    let (folder, filter) = (Folder::of(console.state()), console.filter());
    let release = Release { folder: &folder, key: &key, settings: filter.quarantine(), who: &who, again: false };
    let help = "It could not be delivered now. Try again later; your administrator can help.";
    match release.run(id, std::slice::from_ref(&linked.recipient), Moment::now()) {
        Ok(Released { released, before, .. }) if !released.is_empty() || !before.is_empty() => {
            console.activity.note(&who, from, "released", &id.to_string());
            label(console, id, &who, !released.is_empty())
                .map_err(|error| format!("{id}: its label cannot be written: {error}"))?;
            Ok((StatusCode::OK, "It is on its way", "The message is being delivered to you."))
        }
        Ok(Released { doubtful, .. }) if !doubtful.is_empty() => {
            let message = "Nobody knows whether it was delivered. Ask your administrator before you try again.";
            Ok((StatusCode::BAD_GATEWAY, "Not known", message))
        }
        Ok(_) => Ok((StatusCode::BAD_GATEWAY, "Not delivered", help)),
        Err(Unreleased::Busy) => {
            Ok((StatusCode::CONFLICT, "On its way", "It is being delivered at this moment. There is nothing to do."))
        }
        Err(Unreleased::Disk(error)) => Err(format!("{id}: its release cannot be written down: {error}")),
        Err(_) => Ok((StatusCode::CONFLICT, "Not delivered", "It is held no longer, or somebody has to look first.")),
    }
}

/// Whoever lets a message go says that it is safe; one that was let go before may lack only that.
fn label(console: &Console, id: DecisionId, who: &str, is_new: bool) -> std::io::Result<()> {
    if !is_new && !console.labels.of(id)?.is_empty() {
        return Ok(());
    }
    console.labels.add(&Label::new(id, Opinion::Safe, who, How::Release, Moment::now()))
}

fn said(status: StatusCode, title: &str, message: &str, facts: Vec<(&'static str, String)>, asks: bool) -> Response {
    let mut response = page(&Held { title, message, facts, asks });
    *response.status_mut() = status;
    response
}

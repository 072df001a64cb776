//! Signing in and out.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::console::Console;
use super::super::gates::later;
use super::super::guard::{Cookie, Person, origin, wait};
use super::super::reply::{failed, message, page, see_other};
use super::super::secret;
use super::Tab;

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = None;

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/sign-in", get(show).post(sign_in)).route("/sign-out", post(sign_out))
}

#[derive(Template)]
#[template(path = "sign_in.html", config = "src/admin/askama.toml")]
struct SignIn {
    token: String,
    has_failed: bool,
}

/// The form as it comes.
#[derive(Deserialize)]
pub(in crate::admin) struct Entered {
    token: String,
    name: String,
    password: String,
}

/// A form that bears a token and nothing else.
#[derive(Deserialize)]
pub(in crate::admin) struct Bare {
    token: String,
}

/// The form. It belongs to a cookie of its own, so that no other site can sign anybody in.
fn form(console: &Console, has_failed: bool) -> Response {
    let visit = match secret::draw() {
        Ok(visit) => visit,
        Err(error) => return failed(&error),
    };
    let mut response = page(&SignIn { token: secret::form_token(&visit), has_failed });
    Cookie::Visit.set(console, &mut response, &visit);
    response
}

async fn show(State(console): State<Arc<Console>>) -> Response {
    form(&console, false)
}

async fn sign_in(State(console): State<Arc<Console>>, request: Request) -> Result<Response, Response> {
    let (parts, body) = request.into_parts();
    let (from, visit) = (origin(&console, &parts), Cookie::Visit.read(&console, &parts.headers));
    let request = Request::from_parts(parts, body);
    let entered = Form::<Entered>::from_request(request, &console).await;
    let Ok(Form(entered)) = entered else { return Err(message(StatusCode::BAD_REQUEST, "This form is not whole.")) };
    if !visit.is_some_and(|visit| secret::same(&secret::form_token(&visit), &entered.token)) {
        return Err(message(StatusCode::FORBIDDEN, "This form is out of date: load the page again, and repeat."));
    }
    let asked = Arc::clone(&console);
    let tried = console.gates.passwords.run(move || asked.sign_in(&entered.name, &entered.password, &from));
    let tried = tried.await?.ok_or_else(|| later("Too many sign in at this moment. Try again."))?;
    let tried = tried.map_err(|error| failed(&error))?;
    match tried {
        Ok(Some(session)) => {
            let mut response = see_other("/decisions");
            Cookie::Session.set(&console, &mut response, &session);
            Cookie::Visit.set(&console, &mut response, "");
            Ok(response)
        }
        Ok(None) => {
            let mut response = form(&console, true);
            *response.status_mut() = StatusCode::UNAUTHORIZED;
            Ok(response)
        }
        Err(patience) => Err(wait(patience)),
    }
}

async fn sign_out(
    person: Person,
    State(console): State<Arc<Console>>,
    Form(bare): Form<Bare>,
) -> Result<Response, Response> {
    person.sent(&bare.token)?;
    console.sessions.close(&person.session);
    console.activity.note(&person.name, &person.from, "signed_out", "");
    let mut response = see_other("/sign-in");
    Cookie::Session.set(&console, &mut response, "");
    Ok(response)
}

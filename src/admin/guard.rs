//! Who asks, and whether he may: sessions of people, tokens of programs, and what protects both from third parties.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, COOKIE, HOST, ORIGIN, REFERRER_POLICY, RETRY_AFTER, SET_COOKIE,
};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::console::Console;
use super::listener::Peer;
use super::reply::{Refused, message, refusal, see_other};
use super::secret;
use super::users::Role;

/// Where the pages are that take no sign-in but a link.
const LINKS: &str = "/held/";
/// Longest a request may take, a slow disk included.
const ANSWER_MAX: Duration = Duration::from_secs(20);

/// Sent with every answer: no script at all, nothing from elsewhere, in no frame.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];

/// Stands before every page: turns away what no honest browser sends, and sets the headers of every answer.
pub(super) async fn guard(State(console): State<Arc<Console>>, request: Request, next: Next) -> Response {
    let refused = turned_away(&console, &request);
    let mut response = match refused {
        Some(why) => message(StatusCode::FORBIDDEN, why),
        None => match tokio::time::timeout(ANSWER_MAX, next.run(request)).await {
            Ok(response) => response,
            Err(_) => message(StatusCode::SERVICE_UNAVAILABLE, "This took too long."),
        },
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Why a request is not even looked at.
fn turned_away(console: &Console, request: &Request) -> Option<&'static str> {
    let headers = request.headers();
    let host = text(headers, &HOST).unwrap_or_default();
    let is_linked = request.uri().path().starts_with(LINKS) && is_host_of_links(console, host);
    if !is_linked && !is_own_host(console, host) {
        // A name of the attacker's that leads to loopback would make his page one of ours.
        return Some("The console is not called so: use its address, or set admin.public_url.");
    }
    if request.method() == Method::GET || request.method() == Method::HEAD {
        return None;
    }
    let elsewhere = text(headers, &HeaderName::from_static("sec-fetch-site")).is_some_and(|site| site != "same-origin");
    let foreign = text(headers, &ORIGIN).is_some_and(|origin| {
        let named = origin.split_once("://").map_or("", |(_, host)| host);
        // Our own policy of no referrer makes browsers name no origin in our own forms either.
        origin != "null" && !named.eq_ignore_ascii_case(host)
    });
    (elsewhere || foreign).then_some("This was sent by a page of another site.")
}

/// Whether a request names the console as people name it: by an address, as `localhost`, or by its public name.
fn is_own_host(console: &Console, host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_start_matches('[').trim_end_matches(']');
    let is_public = console.settings.public_host().is_some_and(|public| public.eq_ignore_ascii_case(host));
    is_public || name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok()
}

/// Whether a request names the console as the letters of held mail do.
fn is_host_of_links(console: &Console, host: &str) -> bool {
    console.filter().quarantine().digest.host().is_some_and(|known| known.eq_ignore_ascii_case(host))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The cookies of the console. Behind TLS their names make browsers refuse them from anywhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookie {
    /// Who is signed in.
    Session,
    /// Who is about to sign in.
    Visit,
}

impl Cookie {
    fn name(self, console: &Console) -> String {
        let name = match self {
            Self::Session => "kith_session",
            Self::Visit => "kith_visit",
        };
        let prefix = if console.settings.public_url.is_empty() { "" } else { "__Host-" };
        format!("{prefix}{name}")
    }

    /// Its value in a request.
    pub(super) fn read(self, console: &Console, headers: &HeaderMap) -> Option<String> {
        let name = self.name(console);
        let all = headers.get_all(COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    }

    /// Gives it to a browser with an answer; an empty value takes it back.
    pub(super) fn set(self, console: &Console, response: &mut Response, value: &str) {
        let secure = if console.settings.public_url.is_empty() { "" } else { "; Secure" };
        let age = if value.is_empty() { "; Max-Age=0" } else { "" };
        let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}", self.name(console));
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
}

/// The address a request came from; behind the proxy that the settings name, the one that this names last.
pub(super) fn origin(console: &Console, parts: &Parts) -> String {
    let peer = parts.extensions.get::<ConnectInfo<Peer>>().map(|info| info.0.0.ip());
    let named = text(&parts.headers, &HeaderName::from_static("x-forwarded-for"));
    let last = named.and_then(|all| all.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
    let is_proxied = !console.settings.public_url.is_empty() && peer.is_some_and(|peer| peer.is_loopback());
    let address = if is_proxied { last.or(peer) } else { peer };
    address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// A person who is signed in.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) role: Role,
    /// The address he comes from.
    pub(super) from: String,
    /// His session's id.
    pub(super) session: String,
}

impl Person {
    /// The token that his forms bear.
    pub(super) fn form_token(&self) -> String {
        secret::form_token(&self.session)
    }

    /// Whether he may do what takes this role; a page that says no.
    pub(super) fn may(&self, role: Role) -> Result<(), Refused> {
        if self.role >= role {
            return Ok(());
        }
        Err(message(StatusCode::FORBIDDEN, &format!("This takes the role of {}.", role.name())).into())
    }

    /// Whether a form is his own.
    pub(super) fn sent(&self, token: &str) -> Result<(), Refused> {
        if secret::same(token, &self.form_token()) {
            return Ok(());
        }
        Err(message(StatusCode::FORBIDDEN, "This form is out of date: go back, load the page again, and repeat.")
            .into())
    }
}

impl FromRequestParts<Arc<Console>> for Person {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Response> {
        let signed_in = Cookie::Session.read(console, &parts.headers).and_then(|session| {
            let (name, role) = console.signed_in(&session)?;
            Some(Self { name, role, from: origin(console, parts), session })
        });
        signed_in.ok_or_else(|| see_other("/sign-in"))
    }
}

/// A program that bears a token.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) role: Role,
    pub(super) from: String,
}

impl Program {
    /// Whether it may do what takes this role; an answer that says no.
    pub(super) fn may(&self, role: Role) -> Result<(), Refused> {
        if self.role >= role {
            return Ok(());
        }
        Err(refusal(StatusCode::FORBIDDEN, &format!("this takes a token with the role of {}", role.name())).into())
    }
}

impl FromRequestParts<Arc<Console>> for Program {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, console: &Arc<Console>) -> Result<Self, Response> {
        let header = text(&parts.headers, &AUTHORIZATION);
        let token = header.and_then(|header| header.strip_prefix("Bearer "));
        let users = console.users();
        let known = token.and_then(|token| users.bearer(token.trim()));
        let known = known.map(|(name, role)| Self { name: name.to_owned(), role, from: origin(console, parts) });
        known.ok_or_else(|| {
            let why = "send a token of `kith admin token add` as Authorization: Bearer";
            let mut response = refusal(StatusCode::UNAUTHORIZED, why);
            let name = HeaderName::from_static("www-authenticate");
            response.headers_mut().insert(name, HeaderValue::from_static("Bearer"));
            response
        })
    }
}

/// An answer to who tried too often.
pub(super) fn wait(patience: Duration) -> Response {
    let minutes = patience.as_secs().div_ceil(60);
    let text = format!("Too many sign-ins failed. Try again in {minutes} minutes.");
    let mut response = message(StatusCode::TOO_MANY_REQUESTS, &text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(patience.as_secs().max(1)));
    response
}

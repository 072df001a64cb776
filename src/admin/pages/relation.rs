//! What the baselines know of an address, a domain, or a pair.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::reply::{failed, page};
use super::super::shown::visible;
use super::decisions::encoded;
use super::{Frame, Tab};
use crate::baseline::{Custom, Portrait, Profile, Shape, Subject};
use crate::mail::{Address, Domain, Moment};

/// Time for the words behind what is usual, which all facts are read for.
const WORDS: Duration = Duration::from_millis(15);
/// Values of a trait that are shown.
const VALUES_MAX: usize = 8;

#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Asked {
    key: String,
}

struct Shown {
    title: String,
    /// The search for the decisions on mail of the subject.
    decisions: String,
    rows: Vec<(&'static str, String)>,
    usual: Vec<(&'static str, String, String)>,
}

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/relations", "Relations");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/relations", get(show))
}

#[derive(Template)]
#[template(path = "relation.html", config = "src/admin/askama.toml")]
struct Relation {
    frame: Frame,
    key: String,
    fault: String,
    portraits: Vec<Shown>,
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let key = asked.key.trim().to_owned();
    let sought = key.clone();
    let found = tokio::task::spawn_blocking(move || look_up(&console, &sought));
    let (portraits, fault) = match found.await.map_err(|error| failed(&error))? {
        Ok(portraits) => (portraits, String::new()),
        Err(fault) => (Vec::new(), fault),
    };
    let key = visible(&key).into_owned();
    Ok(page(&Relation { frame: Frame::of(&person, "relations"), key, fault, portraits }))
}

fn look_up(console: &Console, key: &str) -> Result<Vec<Shown>, String> {
    if key.is_empty() {
        return Ok(Vec::new());
    }
    let subjects = subjects(key);
    if subjects.is_empty() {
        return Err("This is neither an address, a domain, nor a pair AUTHOR:RECIPIENT.".to_owned());
    }
    let filter = console.filter();
    let Some(baselines) = filter.baselines() else { return Err("The baselines are not open; see the log.".to_owned()) };
    let now = Moment::now();
    let mut shown = Vec::new();
    for (title, subject) in subjects {
        let portrait = baselines.portray_within(&subject, now, WORDS).map_err(|why| {
            log::warn!("console: the baselines cannot be read: {why}");
            "The baselines cannot be read now; see the log.".to_owned()
        })?;
        shown.push(shown_of(&title, decisions(&subject), portrait.as_ref()));
    }
    Ok(shown)
}

/// What a key may name: of a pair, both sides and what is between them.
fn subjects(key: &str) -> Vec<(String, Subject)> {
    if let Some((author, recipient)) = key.split_once(':') {
        let (Some(author), Some(recipient)) = (Address::parse(author), Address::parse(recipient)) else {
            return Vec::new();
        };
        return vec![
            (format!("{author} to {recipient}"), Subject::Pair(author.clone(), recipient.clone())),
            (format!("{author} as author"), Subject::Sender(author)),
            (format!("{recipient} as recipient"), Subject::Recipient(recipient)),
        ];
    }
    if let Some(address) = Address::parse(key) {
        let domain = address.domain().clone();
        return vec![
            (format!("{address} as author"), Subject::Sender(address.clone())),
            (format!("{address} as recipient"), Subject::Recipient(address)),
            (format!("{domain} as author"), Subject::Domain(domain)),
        ];
    }
    Domain::parse(key).map(|domain| (format!("{domain} as author"), Subject::Domain(domain))).into_iter().collect()
}

/// The search for the decisions on mail of a subject.
fn decisions(subject: &Subject) -> String {
    match subject {
        Subject::Sender(author) => format!("sender={}", encoded(&author.to_string())),
        Subject::Domain(domain) => format!("sender={}", encoded(domain.as_str())),
        Subject::Recipient(recipient) => format!("recipient={}", encoded(&recipient.to_string())),
        Subject::Name(name) => format!("text={}", encoded(name)),
        Subject::Pair(author, recipient) => {
            format!("sender={}&recipient={}", encoded(&author.to_string()), encoded(&recipient.to_string()))
        }
    }
}

fn shown_of(title: &str, decisions: String, portrait: Option<&Portrait>) -> Shown {
    let (rows, usual) = match portrait.map(|portrait| &portrait.shape) {
        Some(Shape::Profile(profile, customs)) => (counts(profile), customs.iter().filter_map(custom).collect()),
        _ => (Vec::new(), Vec::new()),
    };
    Shown { title: visible(title).into_owned(), decisions, rows, usual }
}

fn counts(profile: &Profile) -> Vec<(&'static str, String)> {
    let counts = &profile.counts;
    let age = if profile.young {
        "young: it still counts as new"
    } else if profile.is_solicited() {
        "settled: our own people wrote there"
    } else {
        "settled"
    };
    vec![
        ("Seen", format!("{} times", profile.seen)),
        ("First seen", profile.first_seen.rfc3339()),
        ("Last seen", profile.last_seen.rfc3339()),
        ("Age", age.to_owned()),
        ("Recent messages", format!("{:.1}", counts.messages)),
        ("Delivered and proved", format!("{:.1}", counts.trusted)),
        ("Refused", format!("{:.1}", counts.refused)),
        ("Labelled as attacks", format!("{:.1}", counts.attacks)),
        ("Our people wrote there", format!("{} times (recently {:.1})", profile.written_to, counts.written_to)),
        ("Of these, answers", format!("{:.1}", counts.answered)),
        ("Answers to ours", format!("{:.1}", counts.solicited)),
        ("Correspondents", format!("about {}", profile.correspondents)),
        ("Last day", format!("{:.1} messages", profile.pace)),
    ]
}

fn custom(custom: &Custom) -> Option<(&'static str, String, String)> {
    if custom.values.is_empty() {
        return None;
    }
    let values = custom.values.iter().take(VALUES_MAX);
    let mut values: Vec<String> =
        values.map(|(value, share)| format!("{} {:.0} %", visible(value), share * 100.0)).collect();
    if custom.values.len() > VALUES_MAX {
        values.push(format!("{} more", custom.values.len() - VALUES_MAX));
    }
    Some((custom.noun, values.join(", "), format!("{:.1}", custom.messages)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_an_address_a_domain_or_a_pair() {
        let check = |key: &str, expected: usize| assert_eq!(subjects(key).len(), expected, "{key}");
        check("a@x.example", 3);
        check("x.example", 1);
        check("a@x.example:b@y.example", 3);
        check("a@x.example:nobody", 0);
        check("<script>", 0);
    }

    #[test]
    fn a_subject_s_decisions_are_searched_by_its_addresses() {
        let check = |key: &str, expected: &str| assert_eq!(decisions(&subjects(key)[0].1), expected);
        check("a+b@x.example:c@y.example", "sender=a%2Bb%40x.example&recipient=c%40y.example");
        check("x.example", "sender=x.example");
    }

    #[test]
    fn many_values_are_cut_and_hostile_ones_shown() {
        let values = (0..10).map(|n| (format!("v{n}\u{202e}"), 0.1)).collect();
        let shown = custom(&Custom { name: "mailer", noun: "mail program", messages: 8.0, values }).expect("some");
        assert!(shown.1.starts_with("v0⟨U+202E⟩ 10 %, ") && shown.1.ends_with(", 2 more"), "{}", shown.1);
        assert_eq!(custom(&Custom { name: "", noun: "", messages: 1.0, values: Vec::new() }), None);
    }
}

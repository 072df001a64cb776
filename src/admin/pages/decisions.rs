//! The list of decisions, newest first, with filters.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::index::{Cursor, Hit, Wanted};
use super::super::reply::{failed, message, page};
use super::super::shown::visible;
use super::{Choice, Frame, Tab};
use crate::decision::Verdict;
use crate::labels::Label;
use crate::mail::Category;

/// Rows of a page.
const ROWS: usize = 50;
/// Rows that a program may ask for at once.
const ROWS_MAX: usize = 500;

/// All verdicts.
pub(super) const VERDICTS: [Verdict; 5] =
    [Verdict::Accept, Verdict::Tag, Verdict::Hold, Verdict::Tempfail, Verdict::Reject];

/// What is asked for in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Asked {
    verdict: String,
    category: String,
    sender: String,
    recipient: String,
    text: String,
    before: String,
    limit: Option<usize>,
}

impl Asked {
    /// What is searched, and from where on; `Err` says what is no word of ours.
    pub(in crate::admin) fn read(&self) -> Result<(Wanted, Option<Cursor>), String> {
        let verdict = VERDICTS.into_iter().find(|known| known.name() == self.verdict);
        if verdict.is_none() && !self.verdict.is_empty() {
            return Err(format!("{:?} is no verdict", self.verdict));
        }
        let category = Category::ALL.into_iter().find(|known| known.name() == self.category);
        if category.is_none() && !self.category.is_empty() {
            return Err(format!("{:?} is no kind of attack", self.category));
        }
        let before = Cursor::parse(&self.before);
        if before.is_none() && !self.before.is_empty() {
            return Err(format!("{:?} is no place to go on from", self.before));
        }
        let (sender, recipient, text) = (self.sender.clone(), self.recipient.clone(), self.text.clone());
        Ok((Wanted { verdict, category, sender, recipient, text }, before))
    }

    /// How many are wanted.
    pub(in crate::admin) fn limit(&self) -> usize {
        self.limit.unwrap_or(ROWS).clamp(1, ROWS_MAX)
    }

    /// The address of the same search from another place on.
    fn at(&self, next: Cursor) -> String {
        let filters = [
            ("verdict", &self.verdict),
            ("category", &self.category),
            ("sender", &self.sender),
            ("recipient", &self.recipient),
            ("text", &self.text),
        ];
        let set = filters.into_iter().filter(|(_, value)| !value.is_empty());
        let pairs = set.map(|(name, value)| format!("{name}={}&", encoded(value)));
        format!("{}before={next}", pairs.collect::<String>())
    }
}

/// A value as it stands in an address.
pub(super) fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

struct Shown {
    id: String,
    at: String,
    verdict: &'static str,
    action: &'static str,
    category: String,
    score: String,
    sender: String,
    author: String,
    recipients: String,
    subject: String,
    label: String,
    is_alert: bool,
    has_gap: bool,
}

impl Shown {
    fn of(hit: &Hit, label: Option<&Label>) -> Self {
        let row = &hit.row;
        let or_none = |text: &str| if text.is_empty() { "none".to_owned() } else { visible(text).into_owned() };
        Self {
            id: row.id.to_string(),
            at: row.at.rfc3339().replace('T', " ").chars().take(19).collect(),
            verdict: row.verdict.name(),
            action: row.action.name(),
            category: row.category.map_or_else(String::new, |category| category.name().replace('_', " ")),
            score: row.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score:+.2}")),
            sender: or_none(&hit.sender),
            author: or_none(if hit.author.is_empty() { &hit.sender } else { &hit.author }),
            recipients: or_none(&hit.recipients),
            subject: visible(&hit.subject).into_owned(),
            label: label.map_or_else(String::new, |label| label.words().replace('_', " ").replace(':', ": ")),
            is_alert: row.is_alert,
            has_gap: row.has_gap,
        }
    }
}

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/decisions", "Decisions");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/decisions", get(show))
}

#[derive(Template)]
#[template(path = "decisions.html", config = "src/admin/askama.toml")]
struct Decisions {
    frame: Frame,
    asked: Asked,
    is_filtered: bool,
    verdicts: Vec<Choice>,
    categories: Vec<Choice>,
    rows: Vec<Shown>,
    next: String,
    searched: String,
    is_building: bool,
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let (wanted, before) = asked.read().map_err(|why| message(StatusCode::BAD_REQUEST, &why))?;
    let is_filtered = wanted != Wanted::default();
    let patience = Duration::from_millis(console.settings.search_milliseconds_max);
    let found = tokio::task::spawn_blocking(move || {
        let found = console.index.search(&wanted, before, ROWS, patience)?;
        let ids: Vec<_> = found.hits.iter().map(|hit| hit.row.id).collect();
        let labels = console.labels.newest(&ids)?;
        Ok::<_, std::io::Error>((found, labels))
    });
    let (found, labels) = found.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    Ok(page(&Decisions {
        frame: Frame::of(&person, "decisions"),
        is_filtered,
        verdicts: Choice::list(VERDICTS.map(Verdict::name), &asked.verdict),
        categories: Choice::list(Category::ALL.map(Category::name), &asked.category),
        rows: found.hits.iter().zip(&labels).map(|(hit, label)| Shown::of(hit, label.as_ref())).collect(),
        next: found.next.map_or_else(String::new, |next| asked.at(next)),
        searched: found.searched_back_to.map_or_else(String::new, |moment| moment.rfc3339()),
        is_building: found.is_building,
        asked,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_in_the_address_of_the_next_page() {
        let cursor = Cursor::parse("01HF7YAT000000000000000001-7").expect("a cursor");
        let asked = Asked { verdict: "hold".into(), text: "a&b=<ü>\"".into(), ..Asked::default() };
        assert_eq!(asked.at(cursor), format!("verdict=hold&text=a%26b%3D%3C%C3%BC%3E%22&before={cursor}"));
    }

    #[test]
    fn what_is_no_word_of_ours_is_refused() {
        let check = |verdict: &str, category: &str, before: &str, sound: bool| {
            let (verdict, category, before) = (verdict.into(), category.into(), before.into());
            assert_eq!(Asked { verdict, category, before, ..Asked::default() }.read().is_ok(), sound);
        };
        check("", "", "", true);
        check("tempfail", "spam", "01HF7YAT000000000000000001-7", true);
        check("Hold", "", "", false);
        check("", "none", "", false);
        check("", "", "7", false);
        let limits = [None, Some(0), Some(ROWS_MAX), Some(ROWS_MAX + 1)];
        let read = limits.map(|limit| Asked { limit, ..Asked::default() }.limit());
        assert_eq!(read, [ROWS, 1, ROWS_MAX, ROWS_MAX]);
    }
}

//! The list of held mail, newest first, with filters, and boxes to choose several.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::held::leaf;
use super::super::reply::{failed, message, page};
use super::super::shown::visible;
use super::super::users::Role;
use super::decisions::encoded;
use super::{Choice, Frame, Tab};
use crate::decision::DecisionId;
use crate::labels::Label;
use crate::mail::{Category, Moment};
use crate::quarantine::{Row, Standings, Wanted};

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/quarantine", "Quarantine");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/quarantine", get(show))
}

/// Rows of a page: as many as are looked through before some are chosen.
const ROWS: usize = 50;
/// Rows that a program may ask for at once.
const ROWS_MAX: usize = 500;
/// Recipients named in a row.
const NAMED_MAX: usize = 3;
/// Of no kind of attack.
const POLICY: &str = "policy";
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Spans of time that are asked for: their words, and from how many to how many days ago.
const AGES: [(&str, Option<i64>, Option<i64>); 5] = [
    ("last_day", Some(1), None),
    ("last_week", Some(7), None),
    ("last_month", Some(30), None),
    ("older_than_a_week", None, Some(7)),
    ("older_than_a_month", None, Some(30)),
];
/// Which stand how.
const STANDINGS: [(&str, Standings); 3] =
    [("held", Standings::Held), ("released", Standings::Released), ("all", Standings::All)];
/// What may have been done on the page before.
const DONE: [&str; 3] = ["released", "deleted", "labelled"];

/// What is asked for in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Asked {
    state: String,
    category: String,
    sender: String,
    recipient: String,
    subject: String,
    reason: String,
    age: String,
    before: String,
    limit: Option<usize>,
    /// Whether all of the page are chosen.
    tick: String,
    /// What was done on the page before.
    pub(super) done: String,
}

impl Asked {
    /// Which rows are wanted, and from where on; `Err` says what is no word of ours.
    pub(in crate::admin) fn read(&self, now: Moment) -> Result<(Wanted, Option<DecisionId>), String> {
        let category = match self.category.as_str() {
            "" => None,
            POLICY => Some(None),
            name => {
                let known = Category::ALL.into_iter().find(|known| known.name() == name);
                Some(Some(known.ok_or_else(|| format!("{name:?} is no kind of attack"))?))
            }
        };
        let standings = match self.state.as_str() {
            "" => Standings::default(),
            name => {
                let known = STANDINGS.into_iter().find(|(known, _)| *known == name);
                known.ok_or_else(|| format!("{name:?} is none of held, released and all"))?.1
            }
        };
        let (from, to) = match self.age.as_str() {
            "" => (None, None),
            name => {
                let known = AGES.into_iter().find(|(known, ..)| *known == name);
                known.map(|(_, from, to)| (from, to)).ok_or_else(|| format!("{name:?} is no age"))?
            }
        };
        let before = DecisionId::parse(&self.before);
        if before.is_none() && !self.before.is_empty() {
            return Err(format!("{:?} is no place to go on from", self.before));
        }
        let ago = |days: i64| Moment(now.0.saturating_sub(days * DAY));
        let wanted = Wanted {
            since: from.map(ago),
            until: to.map(ago),
            category,
            sender: self.sender.clone(),
            recipient: self.recipient.clone(),
            subject: self.subject.clone(),
            reason: self.reason.clone(),
            standings,
            unheard: false,
        };
        Ok((wanted, before))
    }

    /// How many are wanted.
    pub(in crate::admin) fn limit(&self) -> usize {
        self.limit.unwrap_or(ROWS).clamp(1, ROWS_MAX)
    }

    /// The filter as it stands in an address, each pair with its `&`.
    pub(super) fn filter(&self) -> String {
        let filters = [
            ("state", &self.state),
            ("category", &self.category),
            ("sender", &self.sender),
            ("recipient", &self.recipient),
            ("subject", &self.subject),
            ("reason", &self.reason),
            ("age", &self.age),
        ];
        let set = filters.into_iter().filter(|(_, value)| !value.is_empty());
        set.map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }

    /// Reads what [`Asked::filter`] wrote. What is no filter is none.
    pub(super) fn of_filter(text: &str) -> Self {
        let uri = format!("/?{text}").parse().ok();
        uri.and_then(|uri| Query::<Self>::try_from_uri(&uri).ok()).map(|Query(asked)| asked).unwrap_or_default()
    }

    /// What was done on the page before, in words.
    pub(super) fn told(&self) -> &'static str {
        DONE.into_iter().find(|known| *known == self.done).unwrap_or_default()
    }
}

struct Shown {
    id: String,
    at: String,
    state: &'static str,
    unheard: bool,
    category: String,
    score: String,
    author: String,
    recipients: String,
    subject: String,
    reasons: String,
    label: String,
}

impl Shown {
    fn of(row: &Row, label: Option<&Label>) -> Self {
        let author = row.author.as_deref().or(row.sender.as_deref()).unwrap_or("none (a bounce)");
        let mut named: Vec<&str> = row.recipients.iter().take(NAMED_MAX).map(|one| one.address.as_str()).collect();
        let more = format!("{} more", row.recipients.len().saturating_sub(NAMED_MAX));
        if row.recipients.len() > NAMED_MAX {
            named.push(&more);
        }
        let reasons: Vec<&str> = row.reasons.iter().take(NAMED_MAX).map(String::as_str).collect();
        Self {
            id: row.id.to_string(),
            at: row.at.replace('T', " ").chars().take(16).collect(),
            state: row.state,
            unheard: row.unheard,
            category: row.category.map_or("policy", Category::name).replace('_', " "),
            score: row.score.map_or_else(|| "unknown".to_owned(), |score| format!("{score:+.2}")),
            author: visible(author).into_owned(),
            recipients: visible(&named.join(", ")).into_owned(),
            subject: visible(row.subject.as_deref().unwrap_or("none")).into_owned(),
            reasons: visible(&reasons.join(", ").replace('_', " ")).into_owned(),
            label: label.map_or_else(String::new, |label| label.words().replace('_', " ").replace(':', ": ")),
        }
    }
}

#[derive(Template)]
#[template(path = "quarantine.html", config = "src/admin/askama.toml")]
struct Quarantine {
    frame: Frame,
    asked: Asked,
    filter: String,
    told: &'static str,
    is_filtered: bool,
    is_ticked: bool,
    may_act: bool,
    standings: Vec<Choice>,
    categories: Vec<Choice>,
    kinds: Vec<Choice>,
    ages: Vec<Choice>,
    matching: usize,
    unreadable: usize,
    rows: Vec<Shown>,
    next: String,
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let (wanted, before) = asked.read(Moment::now()).map_err(|why| message(StatusCode::BAD_REQUEST, &why))?;
    let found = tokio::task::spawn_blocking(move || {
        let leaf = leaf(&console.shelf.look()?, &wanted, before, ROWS);
        let ids: Vec<_> = leaf.rows.iter().map(|row| row.id).collect();
        let labels = console.labels.newest(&ids)?;
        Ok::<_, std::io::Error>((leaf, labels))
    });
    let (leaf, labels) = found.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let kinds = Category::ALL.map(Category::name);
    Ok(page(&Quarantine {
        frame: Frame::of(&person, "quarantine"),
        filter: asked.filter(),
        told: asked.told(),
        is_filtered: !asked.filter().is_empty(),
        is_ticked: !asked.tick.is_empty(),
        may_act: person.role >= Role::Operator,
        standings: Choice::list(STANDINGS.map(|(name, _)| name), &asked.state),
        categories: Choice::list(kinds.into_iter().chain([POLICY]), &asked.category),
        kinds: Choice::list(kinds, ""),
        ages: Choice::list(AGES.map(|(name, ..)| name), &asked.age),
        matching: leaf.matching,
        unreadable: leaf.unreadable,
        rows: leaf.rows.iter().zip(&labels).map(|(row, label)| Shown::of(row, label.as_ref())).collect(),
        next: leaf.next.map_or_else(String::new, |next| format!("{}before={next}", asked.filter())),
        asked,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_700_000_000_000);

    #[test]
    fn a_filter_comes_back_as_it_was_written() {
        let text = |text: &str| text.to_owned();
        let asked = Asked {
            state: text("all"),
            category: text("policy"),
            sender: text("a&b=<ü>\"'"),
            subject: text("#?%20+x"),
            age: text("last_week"),
            ..Asked::default()
        };
        assert_eq!(Asked::of_filter(&asked.filter()), asked);
        assert_eq!(Asked::of_filter("limit=many"), Asked::default());
        assert_eq!(Asked::of_filter("\r\nx y"), Asked::default());
        assert_eq!(Asked::default().filter(), "");
    }

    #[test]
    fn words_of_ours_are_read_and_no_others() {
        let check = |state: &str, category: &str, age: &str, before: &str, sound: bool| {
            let (state, category, age, before) = (state.into(), category.into(), age.into(), before.into());
            let asked = Asked { state, category, age, before, ..Asked::default() };
            assert_eq!(asked.read(NOW).is_ok(), sound, "{asked:?}");
        };
        check("", "", "", "", true);
        check("released", "malware", "older_than_a_week", "01HF7YAT000000000000000001", true);
        check("gone", "", "", "", false);
        check("", "mischief", "", "", false);
        check("", "", "old", "", false);
        check("", "", "", "x", false);
        let week = Asked { age: "last_week".into(), category: "policy".into(), ..Asked::default() };
        let (wanted, before) = week.read(NOW).expect("sound");
        assert_eq!((wanted.since, wanted.until, wanted.category), (Some(Moment(NOW.0 - 7 * DAY)), None, Some(None)));
        assert_eq!((before, week.limit(), Asked { done: "<b>".into(), ..week }.told()), (None, ROWS, ""));
    }
}

//! Reports: how much came, what was stopped, how often that was right, in all and by parts, with intervals and plots.

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
use super::super::reply::{message, page};
use super::super::reports::{Made, Question, REMEMBERED};
use super::super::shown::visible;
use super::{Choice, Frame, Tab};
use crate::report::{By, Figures, Report, Share};

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/reports", "Reports");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/reports", get(show))
}

/// Width of the plots.
const WIDTH: f64 = 200.0;
/// Height of the columns of days.
const HEIGHT: f64 = 120.0;
/// Characters of a part's name: a rule's name is a sentence.
const NAME_CHARS_MAX: usize = 80;
/// Spans that are asked for.
const SPANS: [(&str, Option<u32>); 5] =
    [("1_day", Some(1)), ("7_days", Some(7)), ("30_days", Some(30)), ("90_days", Some(90)), ("all", None)];
/// The span of who asks for none.
const SPAN: &str = "30_days";

/// What is asked for in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::admin) struct Asked {
    span: String,
    by: String,
}

impl Asked {
    /// The question; `Err` says what is no word of ours.
    pub(in crate::admin) fn read(&self) -> Result<Question, String> {
        let span = if self.span.is_empty() { SPAN } else { &self.span };
        let known = SPANS.into_iter().find(|(name, _)| *name == span);
        let (_, days) = known
            .ok_or_else(|| format!("{span:?} is no span; it is one of {}", SPANS.map(|(name, _)| name).join(", ")))?;
        let by = By::ALL.into_iter().find(|by| by.name() == self.by);
        if by.is_none() && !self.by.is_empty() {
            return Err(format!("{:?} is none of {}", self.by, By::ALL.map(By::name).join(", ")));
        }
        Ok(Question { days, by })
    }
}

/// A line and its ends in a plot of shares, from 0 to 100 %.
#[derive(Clone, Debug, PartialEq)]
struct Whisker {
    low: String,
    high: String,
    share: String,
}

/// A part with its place in the plots.
struct Part {
    name: String,
    decisions: u64,
    width: String,
    tagged: u64,
    held: u64,
    refused: u64,
    misses: u64,
    precision: String,
    whisker: Option<Whisker>,
}

/// A day in the plot of days.
struct Column {
    x: String,
    width: String,
    y: String,
    height: String,
}

#[derive(Template)]
#[template(path = "reports.html", config = "src/admin/askama.toml")]
struct Reports {
    frame: Frame,
    spans: Vec<Choice>,
    ways: Vec<Choice>,
    made_at: String,
    minutes: u64,
    facts: Vec<(&'static str, String)>,
    whiskers: Vec<(&'static str, String, Option<Whisker>)>,
    by: String,
    parts: Vec<Part>,
    columns: Vec<Column>,
    days: String,
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let question = asked.read().map_err(|why| message(StatusCode::BAD_REQUEST, &why))?;
    let made = console.report(question).await?;
    let span = if asked.span.is_empty() { SPAN } else { &asked.span };
    Ok(page(&shown(&person, &made, span)))
}

fn shown(person: &Person, made: &Made, span: &str) -> Reports {
    let report = &made.report;
    let by = report.by.map_or("", By::name);
    let columns = if report.by == Some(By::Day) { columns(&report.parts) } else { Vec::new() };
    let most = report.parts.iter().map(|part| part.decisions).max().unwrap_or(0);
    let range = |part: Option<&Figures>| part.and_then(|part| part.part.clone()).unwrap_or_default();
    Reports {
        frame: Frame::of(person, "reports"),
        spans: Choice::list(SPANS.map(|(name, _)| name), span),
        ways: Choice::list(By::ALL.map(By::name), by),
        made_at: made.made_at.clone(),
        minutes: REMEMBERED.as_secs() / 60,
        facts: facts(report),
        whiskers: [
            ("Precision of hold and refuse", &report.all.precision),
            ("Precision of tag", &report.all.tag_precision),
            ("Attacks among passed mail", &report.missed.among_passed),
        ]
        .map(|(name, share)| (name, share.to_string(), whisker(share)))
        .into(),
        by: by.to_owned(),
        days: visible(&format!("{} to {}", range(report.parts.last()), range(report.parts.first()))).into_owned(),
        parts: report.parts.iter().map(|figures| part(figures, most)).collect(),
        columns,
    }
}

fn facts(report: &Report) -> Vec<(&'static str, String)> {
    let all = &report.all;
    let hours = report.label_delay_hours.map(|hours| format!("{hours:.1} hours on the average"));
    let missed = match (report.missed.attacks_passed, report.missed.miss_rate) {
        (Some(attacks), Some(rate)) => {
            format!("{:.1} % of all attacks: about {attacks:.0} passed on the days of the sample", rate * 100.0)
        }
        (Some(attacks), None) => format!("unknown: about {attacks:.0} attacks"),
        (None, _) => "not enough labels in the audit sample".to_owned(),
    };
    vec![
        ("Decisions", format!("{} on {} days", all.decisions, report.days)),
        ("Verdicts", format!("{} hold, {} refuse, {} tag", all.held, all.refused, all.tagged)),
        ("Kept back in fact", format!("{} ({:.1} a day to review)", all.kept_back, report.reviews_per_day)),
        ("Known false positives", format!("{:.1} in a million decisions", all.false_positives_per_million)),
        ("Known misses", all.known_misses.to_string()),
        ("Miss rate", missed),
        ("Audit sample", format!("{} of {} drawn messages are labelled", report.missed.labelled, report.missed.drawn)),
        ("Label delay", hours.unwrap_or_else(|| "not enough labels (0)".to_owned())),
    ]
}

fn whisker(share: &Share) -> Option<Whisker> {
    let Share::Known { share, interval, .. } = share else { return None };
    let at = |share: f64| format!("{:.1}", share.clamp(0.0, 1.0) * WIDTH);
    Some(Whisker { low: at(interval.low), high: at(interval.high), share: at(*share) })
}

fn part(figures: &Figures, most: u64) -> Part {
    let name: String = figures.part.as_deref().unwrap_or("(none)").chars().take(NAME_CHARS_MAX).collect();
    Part {
        name: visible(&name).into_owned(),
        decisions: figures.decisions,
        width: format!("{:.1}", figures.decisions as f64 / most.max(1) as f64 * WIDTH),
        tagged: figures.tagged,
        held: figures.held,
        refused: figures.refused,
        misses: figures.known_misses,
        precision: figures.precision.to_string(),
        whisker: whisker(&figures.precision),
    }
}

/// Messages kept back or tagged each day, oldest first.
fn columns(days: &[Figures]) -> Vec<Column> {
    let stopped = |day: &Figures| day.held + day.refused + day.tagged;
    let most = days.iter().map(stopped).max().unwrap_or(0).max(1) as f64;
    let width = 3.0 * WIDTH / days.len().max(1) as f64;
    let column = |(nth, day): (usize, &Figures)| {
        let height = stopped(day) as f64 / most * HEIGHT;
        Column {
            x: format!("{:.1}", nth as f64 * width),
            width: format!("{:.1}", width * 0.8),
            y: format!("{:.1}", HEIGHT - height),
            height: format!("{height:.1}"),
        }
    };
    days.iter().rev().enumerate().map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Interval;

    fn figures(held: u64) -> Figures {
        Figures {
            part: None,
            decisions: held * 10,
            tagged: 0,
            held,
            refused: 0,
            kept_back: held,
            precision: Share::NotEnoughLabels(3),
            tag_precision: Share::NotEnoughLabels(0),
            false_positives_per_million: 0.0,
            known_misses: 0,
        }
    }

    #[test]
    fn questions_are_words_of_ours() {
        let check = |span: &str, by: &str, expected: Option<(Option<u32>, Option<By>)>| {
            let read = Asked { span: span.into(), by: by.into() }.read().ok();
            assert_eq!(read.map(|question| (question.days, question.by)), expected, "{span} {by}");
        };
        check("", "", Some((Some(30), None)));
        check("all", "rule", Some((None, Some(By::Rule))));
        check("8_days", "", None);
        check("", "sender", None);
    }

    #[test]
    fn plots_are_scaled_and_what_is_not_known_has_no_line() {
        let days = columns(&[figures(4), figures(2), figures(0)]);
        let heights: Vec<_> = days.iter().map(|day| day.height.as_str()).collect();
        assert_eq!(heights, ["0.0", "60.0", "120.0"], "oldest first");
        assert!(columns(&[]).is_empty());
        let interval = Interval { low: 0.4, high: 0.6 };
        let known = whisker(&Share::Known { share: 0.5, interval, labels: 90 }).expect("known");
        assert_eq!((known.low.as_str(), known.share.as_str(), known.high.as_str()), ("80.0", "100.0", "120.0"));
        let few = part(&figures(4), 40);
        assert_eq!((few.whisker, few.precision.as_str(), few.width.as_str()), (None, "not enough labels (3)", "200.0"));
        assert_eq!(part(&figures(0), 0).width, "0.0");
    }
}

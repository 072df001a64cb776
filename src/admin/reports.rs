//! Reports and audit samples for the console: asked of the tables one after another, and remembered for a while.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::response::Response;
use serde::Serialize;

use super::console::Console;
use super::gates::later;
use super::reply::failed;
use crate::mail::Moment;
use crate::report::{self, By, Drawn, Report};
use crate::sql::Limits;
use crate::tables::{Period, Tables};

/// For how long a report is shown again before it is made anew: the tables change by the hour.
pub(super) const REMEMBERED: Duration = Duration::from_secs(300);
/// Reports remembered: every choice of the page for some days' spans.
const REPORTS_MAX: usize = 32;
/// Messages of a day's sample, as `kith audit next` draws them.
const SAMPLE: usize = 20;
/// The seed of the sample that everybody sees, as `kith audit next` draws it.
const SEED: &str = "kith";
/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// So many days up to now; `None` for all.
    pub(super) days: Option<u32>,
    /// By what it is divided.
    pub(super) by: Option<By>,
}

/// A report, and when it was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Made {
    pub(super) made_at: String,
    #[serde(flatten)]
    pub(super) report: Report,
}

/// A report with what it answers and when it was made.
#[derive(Debug)]
struct Remembered {
    question: Question,
    at: Instant,
    made: Arc<Made>,
}

/// What was made lately.
#[derive(Debug, Default)]
pub(super) struct Reports(Mutex<Vec<Remembered>>);

impl Reports {
    fn find(&self, question: Question, now: Instant) -> Option<Arc<Made>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|one| now.duration_since(one.at) < REMEMBERED);
        known.iter().find(|one| one.question == question).map(|one| Arc::clone(&one.made))
    }

    fn keep(&self, question: Question, made: &Arc<Made>, now: Instant) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REPORTS_MAX {
            known.remove(0);
        }
        known.push(Remembered { question, at: now, made: Arc::clone(made) });
    }
}

/// The day so many days ago, in UTC.
pub(super) fn day(now: Moment, ago: u32) -> String {
    Moment(now.0.saturating_sub(i64::from(ago) * DAY)).rfc3339().chars().take(10).collect()
}

/// Whether a text is a day that is over.
pub(super) fn is_past_day(text: &str, now: Moment) -> bool {
    text.len() == 10 && Moment::parse(&format!("{text}T00:00:00Z")).is_some() && text < day(now, 0).as_str()
}

fn make(state: &Path, question: Question) -> Result<Made, String> {
    let now = Moment::now();
    let period = Period { since: question.days.map(|days| day(now, days)), until: None };
    let tables = Tables::open(state).map_err(|error| error.to_string())?;
    let report = report::report(&tables, state, &period, question.by, &Limits::default());
    let report = report.map_err(|error| error.to_string())?;
    Ok(Made { made_at: now.rfc3339(), report })
}

impl Console {
    /// A report of the tables as they are packed.
    pub(super) async fn report(self: &Arc<Self>, question: Question) -> Result<Arc<Made>, Response> {
        if let Some(made) = self.reports.find(question, Instant::now()) {
            return Ok(made);
        }
        let console = Arc::clone(self);
        let made = self.gates.questions.run(move || {
            // Who waited for the same one takes that.
            if let Some(made) = console.reports.find(question, Instant::now()) {
                return Ok(made);
            }
            let made = Arc::new(make(console.state(), question)?);
            console.reports.keep(question, &made, Instant::now());
            Ok::<_, String>(made)
        });
        made.await?.ok_or_else(|| later("The report is still being made. Try again."))?.map_err(|why| failed(&why))
    }

    /// A day's audit sample; `draw` draws it where nobody did.
    pub(super) async fn audit(self: &Arc<Self>, date: String, draw: bool) -> Result<Vec<Drawn>, Response> {
        let console = Arc::clone(self);
        let found = self.gates.questions.run(move || {
            let (state, limits) = (console.state(), Limits::default());
            let tables = Tables::open(state).map_err(|error| error.to_string())?;
            let found = if draw {
                report::next(&tables, state, &date, SEED, SAMPLE, &limits)
            } else {
                report::drawn(&tables, state, &date, SEED, &limits)
            };
            found.map_err(|error| error.to_string())
        });
        found.await?.ok_or_else(|| later("The sample is still being read. Try again."))?.map_err(|why| failed(&why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_remembered_for_a_while() {
        let (reports, now) = (Reports::default(), Instant::now());
        let state = tempfile::tempdir().expect("a directory");
        let question = |days| Question { days: Some(days), by: None };
        let made = Arc::new(make(state.path(), question(7)).expect("there is nothing to report"));
        assert_eq!(made.report.all.decisions, 0);
        reports.keep(question(7), &made, now);
        assert_eq!(reports.find(question(7), now + REMEMBERED - Duration::from_secs(1)).as_deref(), Some(&*made));
        assert_eq!(reports.find(question(8), now), None);
        assert_eq!(reports.find(question(7), now + REMEMBERED), None);
        (0..40).for_each(|days| reports.keep(question(days), &made, now));
        assert_eq!(reports.0.lock().expect("whole").len(), REPORTS_MAX);
    }

    #[test]
    fn days_that_are_over_are_known() {
        let now = Moment::parse("2026-11-25T12:00:00Z").expect("a moment");
        assert_eq!((day(now, 0).as_str(), day(now, 1).as_str()), ("2026-11-25", "2026-11-24"));
        let check = |text: &str, expected: bool| assert_eq!(is_past_day(text, now), expected, "{text}");
        check("2026-11-24", true);
        check("2026-11-25", false);
        check("2026-13-01", false);
        check("yesterday!", false);
        check("", false);
    }
}

//! The report: volumes, precision, misses, review load, in all or by parts.

use serde::Serialize;

use super::estimate::{self, Missed};
use super::share::Share;
use crate::sql::{self, Answer, Limits, SqlError, Value};
use crate::tables::{Period, Tables};

/// Parts of which a report speaks: the largest ones.
const PARTS_MAX: usize = 50;

/// By what a report is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The kind of attack.
    Category,
    /// The reason that speaks most for an attack.
    Detector,
    /// The rule that matched; a message with several stands under each.
    Rule,
    /// The model, by its digest.
    Model,
    /// The domain of the first recipient.
    Recipient,
    /// The day, in UTC.
    Day,
}

impl By {
    /// All, as people ask for them.
    pub const ALL: [Self; 6] = [Self::Category, Self::Detector, Self::Rule, Self::Model, Self::Recipient, Self::Day];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Detector => "detector",
            Self::Rule => "rule",
            Self::Model => "model",
            Self::Recipient => "recipient",
            Self::Day => "day",
        }
    }

    /// The part of a decision `d`, in SQL.
    fn part(self) -> &'static str {
        match self {
            Self::Category => "d.category",
            Self::Detector => "d.detector",
            Self::Rule => "m.rule",
            Self::Model => "d.model",
            Self::Recipient => "substr(d.recipient, instr(d.recipient, '@') + 1)",
            Self::Day => "d.date",
        }
    }
}

/// What is told of all messages, or of a part of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// Which part; `None` where the decisions have none, or where these are all.
    pub part: Option<String>,
    /// Decisions.
    pub decisions: u64,
    /// Verdicts to tag.
    pub tagged: u64,
    /// Verdicts to hold.
    pub held: u64,
    /// Verdicts to refuse, for now or for good.
    pub refused: u64,
    /// Messages that were kept back in fact, which somebody has to look at.
    pub kept_back: u64,
    /// The share of attacks among labelled held and refused mail.
    pub precision: Share,
    /// The share of attacks among labelled tagged mail.
    pub tag_precision: Share,
    /// Held and refused messages known to be safe, in a million decisions: a lower bound, for not all are labelled.
    pub false_positives_per_million: f64,
    /// Attacks known to have passed without a mark.
    pub known_misses: u64,
}

/// What a report says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The first day that was read.
    pub since: Option<String>,
    /// The last day that was read.
    pub until: Option<String>,
    /// Days with decisions.
    pub days: u64,
    /// All decisions.
    pub all: Figures,
    /// Messages kept back a day.
    pub reviews_per_day: f64,
    /// Hours from a decision to its label, on the average; `None` without labels.
    pub label_delay_hours: Option<f64>,
    /// The share of all attacks that passed without a mark, from the audit sample.
    pub missed: Missed,
    /// By what the parts are parts.
    pub by: Option<By>,
    /// The largest parts.
    pub parts: Vec<Figures>,
}

/// The figures of decisions `d` with the current label `l`, in SQL.
const FIGURES: &str = "count(*), \
    sum(case when d.verdict = 'tag' then 1 else 0 end), \
    sum(case when d.verdict = 'hold' then 1 else 0 end), \
    sum(case when d.verdict in ('reject', 'tempfail') then 1 else 0 end), \
    sum(case when d.action in ('hold', 'reject', 'tempfail') then 1 else 0 end), \
    sum(case when d.verdict in ('hold', 'reject', 'tempfail') and l.label = 'attack' then 1 else 0 end), \
    sum(case when d.verdict in ('hold', 'reject', 'tempfail') and l.label = 'safe' then 1 else 0 end), \
    sum(case when d.verdict = 'tag' and l.label = 'attack' then 1 else 0 end), \
    sum(case when d.verdict = 'tag' and l.label = 'safe' then 1 else 0 end), \
    sum(case when d.verdict = 'accept' and l.label = 'attack' then 1 else 0 end), \
    count(distinct d.date), avg((l.at_ms - d.at_ms) / 3600000.0)";

/// Makes the report of a period, in all or by parts too.
pub fn report(
    tables: &Tables,
    state: &std::path::Path,
    period: &Period,
    by: Option<By>,
    limits: &Limits,
) -> Result<Report, SqlError> {
    let from = "decisions d left join (select id, label, at_ms from labels where current = 1) l on l.id = d.id";
    let mut queries = vec![format!("select null, {FIGURES} from {from}")];
    if let Some(by) = by {
        let matches = if by == By::Rule { " join matches m on m.id = d.id" } else { "" };
        // Days are read in their order, all else by how much there is of it.
        let order = if by == By::Day { "1 desc" } else { "2 desc, 1" };
        let part = by.part();
        queries.push(format!(
            "select {part}, {FIGURES} from {from}{matches} group by 1 order by {order} limit {PARTS_MAX}"
        ));
    }
    let texts: Vec<&str> = queries.iter().map(String::as_str).collect();
    let mut answers = sql::queries(tables, &texts, period, limits)?.into_iter();
    let all = answers.next().unwrap_or_default();
    let row = all.rows.first().cloned().unwrap_or_default();
    let figures = figures(&row);
    let days = count(&row, 11);
    let missed = estimate::missed(tables, state, period, limits)?;
    Ok(Report {
        since: period.since.clone(),
        until: period.until.clone(),
        days,
        reviews_per_day: figures.kept_back as f64 / days.max(1) as f64,
        label_delay_hours: row.get(12).and_then(Value::number),
        all: figures,
        missed,
        by,
        parts: answers.next().map(parts).unwrap_or_default(),
    })
}

fn parts(answer: Answer) -> Vec<Figures> {
    answer.rows.iter().map(|row| figures(row)).collect()
}

/// A count of the answer; nothing to add up is none.
fn count(row: &[Value], at: usize) -> u64 {
    match row.get(at) {
        Some(Value::Int(count)) => u64::try_from(*count).unwrap_or(0),
        _ => 0,
    }
}

fn figures(row: &[Value]) -> Figures {
    let count = |at| count(row, at);
    let decisions = count(1);
    let (attacks, safe, tagged_attacks, tagged_safe) = (count(6), count(7), count(8), count(9));
    Figures {
        part: row.first().and_then(Value::text).map(str::to_owned),
        decisions,
        tagged: count(2),
        held: count(3),
        refused: count(4),
        kept_back: count(5),
        precision: Share::of(attacks, attacks + safe),
        tag_precision: Share::of(tagged_attacks, tagged_attacks + tagged_safe),
        false_positives_per_million: safe as f64 * 1e6 / decisions.max(1) as f64,
        known_misses: count(10),
    }
}

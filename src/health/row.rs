//! One detector as it is shown: in the table of the command line, on the console's page, among the metrics.

use serde::Serialize;

use super::board::Board;
use super::counts::Span;
use super::episode::Why;
use super::latency::Latency;
use super::record::{Now, Record, Sort};
use super::values::Values;

/// How a detector is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Too little was seen of it to say.
    Learning,
    /// As usual.
    Usual,
    /// Its values have drifted.
    Drifted,
    /// Its rate is not the usual one.
    Alert,
    /// It adds nothing to verdicts.
    Muted,
}

impl State {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Learning => "learning",
            Self::Usual => "usual",
            Self::Drifted => "drifted",
            Self::Alert => "alert",
            Self::Muted => "muted",
        }
    }
}

/// One detector as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// What it is: `signal`, `rule`, `rarity`, `model`.
    pub sort: &'static str,
    /// How it is.
    pub state: State,
    /// What is the matter, in words; empty where nothing is.
    pub because: String,
    /// How often it spoke in the last hour.
    pub last_hour: u32,
    /// And in the last day.
    pub last_day: u32,
    /// How often it usually speaks in an hour; `None` where too little was seen.
    pub usual_per_hour: Option<f64>,
    /// How often it was expected to speak in the last hour, by the messages that came and the hour of the week.
    pub expected: Option<f64>,
    /// The population stability index of its values; `None` where too little was seen, or it has none.
    pub drift: Option<f64>,
    /// How often it ever spoke against a message.
    pub spoke: u64,
    /// In how many of these decisions the verdict would have been another without it.
    pub decisive: u64,
    /// Its labelled matches of the last month that are safe.
    pub labels_safe: u32,
    /// And those that are attacks.
    pub labels_attack: u32,
    /// The mean time that it takes, in microseconds; `None` where that is not measured.
    pub latency_us: Option<f64>,
    /// How long it takes.
    #[serde(skip)]
    pub latency: Option<Latency>,
    /// When it was muted, by RFC 3339; `None` where it is not.
    pub muted_since: Option<String>,
    /// By what: `rate`, `labels`, or a person's name.
    pub muted_by: Option<String>,
    /// When it speaks again by itself.
    pub muted_until: Option<String>,
}

impl Board {
    /// All detectors in force, those first of which something is the matter.
    pub fn rows(&self) -> Vec<Row> {
        let now = self.now();
        let mut rows: Vec<Row> =
            self.records.iter().filter(|record| record.is_in_force).map(|record| row(record, &now)).collect();
        let worst_first = |a: &Row, b: &Row| {
            b.state.max(State::Usual).cmp(&a.state.max(State::Usual)).then(b.last_day.cmp(&a.last_day))
        };
        rows.sort_by(|a, b| worst_first(a, b).then_with(|| a.name.cmp(&b.name)));
        rows
    }

    /// One detector in force.
    pub fn row(&self, name: &str) -> Option<Row> {
        let record = self.records.iter().find(|record| record.is_in_force && record.name == name)?;
        Some(row(record, &self.now()))
    }
}

fn row(record: &Record, now: &Now<'_>) -> Row {
    let expected = record.expected(Span::Hour, now).map(|expected| expected.mean);
    let state = match record {
        Record { mute: Some(_), .. } => State::Muted,
        Record { episode: Some(_), .. } => State::Alert,
        Record { drift: Some(_), .. } => State::Drifted,
        _ if expected.is_none() => State::Learning,
        _ => State::Usual,
    };
    let mute = record.mute.as_ref();
    let words = [
        mute.filter(|mute| matches!(mute.why, Why::Person(_))).map(|mute| format!("muted {}", mute.words)),
        record.episode_words(now.at),
        record.drifted(),
    ];
    let said: Vec<String> = words.into_iter().flatten().collect();
    let because = match (said.is_empty(), mute) {
        (true, Some(mute)) => mute.words.clone(),
        _ => said.join("; "),
    };
    Row {
        name: record.name.clone(),
        sort: Sort::of(&record.name).name(),
        state,
        because,
        last_hour: record.counts.of(Span::Hour),
        last_day: record.counts.of(Span::Day),
        usual_per_hour: record.usual.an_hour(),
        expected,
        drift: record.values.as_deref().and_then(Values::drift),
        spoke: record.spoke,
        decisive: record.decisive,
        labels_safe: record.tally.safe,
        labels_attack: record.tally.attack,
        latency_us: record.latency.as_deref().and_then(Latency::mean_ns).map(|ns| ns / 1e3),
        latency: record.latency.as_deref().cloned(),
        muted_since: mute.map(|mute| mute.since.rfc3339()),
        muted_by: mute.map(|mute| match &mute.why {
            Why::Rate => "rate".to_owned(),
            Why::Labels => "labels".to_owned(),
            Why::Person(who) => who.clone(),
        }),
        muted_until: mute.and_then(|mute| mute.until).map(crate::mail::Moment::rfc3339),
    }
}

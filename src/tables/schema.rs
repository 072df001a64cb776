//! The columns of each table: those of decisions and their parts from one list each, those of signals from the registry.

use std::borrow::Cow;

use super::cells::{Cell, Kind};
use super::labels::Said;
use super::line::Line;
use crate::decision::Reason;
use crate::journal::Source;
use crate::mail::{Category, Direction};
use crate::signals;

/// A column as it is known to readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
}

/// The tables, in the order in which they are described.
pub const TABLES: &[&str] = &["decisions", "deliveries", "signals", "contributions", "matches", "labels"];

/// Stages whose time has a column.
const STAGES: [(&str, &str); 7] = [
    ("parse_us", "parse"),
    ("verify_us", "verify"),
    ("recall_us", "recall"),
    ("match_us", "match"),
    ("measure_us", "measure"),
    ("score_us", "score"),
    ("decide_us", "decide"),
];

/// A column of a table whose rows are made of an `R`, or of a part of it by its number.
struct Field<R: 'static> {
    name: &'static str,
    kind: Kind,
    of: for<'r> fn(&'r R, usize) -> Cell<'r>,
}

macro_rules! fields {
    ($($name:ident: $kind:ident = $of:expr),+ $(,)?) => {
        &[$(Field { name: stringify!($name), kind: Kind::$kind, of: $of }),+]
    };
}

const DECISIONS: &[Field<Line>] = fields! {
    id: Text = |l, _| Cell::Text(l.id.as_str().into()),
    at: Text = |l, _| Cell::Text(l.entry.at.as_str().into()),
    at_ms: Int = |l, _| l.at_ms.map_or(Cell::Null, Cell::Int),
    schema: Int = |l, _| Cell::Int(l.entry.schema.into()),
    source: Text = |l, _| Cell::Text(match l.entry.source {
        Source::Milter => "milter".into(),
        Source::Scan => "scan".into(),
    }),
    queue_id: Text = |l, _| Cell::text(l.entry.queue_id.as_deref()),
    message_id: Text = |l, _| Cell::text(l.entry.message_id.as_deref()),
    client: Text = |l, _| l.entry.envelope.client.map_or(Cell::Null, |client| Cell::Text(client.to_string().into())),
    client_name: Text = |l, _| Cell::text(l.entry.envelope.client_name.as_deref()),
    helo: Text = |l, _| Cell::text(l.entry.envelope.helo.as_deref()),
    login: Text = |l, _| Cell::text(l.entry.envelope.login.as_deref()),
    sender: Text = |l, _| Cell::text(l.entry.envelope.sender.as_deref()),
    recipient: Text = |l, _| Cell::text(l.entry.envelope.recipients.first().map(String::as_str)),
    recipient_count: Int = |l, _| Cell::count(l.entry.envelope.recipient_count),
    author: Text = |l, _| Cell::text(l.entry.author.as_deref()),
    author_domain: Text = |l, _| Cell::text(l.entry.author.as_deref().and_then(domain)),
    subject: Text = |l, _| Cell::text(l.entry.subject.as_deref()),
    bytes: Int = |l, _| Cell::count(l.entry.bytes),
    direction: Text = |l, _| Cell::text(l.entry.direction.map(way)),
    verdict: Text = |l, _| Cell::Text(l.entry.verdict.name().into()),
    action: Text = |l, _| Cell::Text(l.entry.action.name().into()),
    category: Text = |l, _| Cell::text(l.entry.category.map(|category| category.name())),
    score: Float = |l, _| Cell::float(l.entry.score),
    base: Float = |l, _| Cell::Float(l.entry.base),
    threshold: Float = |l, _| Cell::float(l.entry.threshold),
    probability: Float = |l, _| Cell::float(l.entry.probability),
    detector: Text = |l, _| Cell::text(l.entry.reasons.iter().find(|r| speaks(r)).map(|reason| reason.name.as_str())),
    rarity_detector: Text = |l, _| Cell::text(l.entry.rarity.as_ref().map(|rarity| rarity.detector.as_str())),
    rarity_alert: Int = |l, _| l.entry.rarity.as_ref().map_or(Cell::Null, |rarity| Cell::Int(rarity.alert.into())),
    rarity_alerts_per_day: Float = |l, _| Cell::float(
        l.entry.rarity.as_ref().and_then(|rarity| rarity.alerts_per_day).map(|alerts| alerts as f32),
    ),
    gaps: Text = |l, _| joined(l.entry.gaps.iter().map(|gap| gap.missing.name())),
    auth_source: Text = |l, _| Cell::Text(l.entry.auth.source.as_str().into()),
    spf: Text = |l, _| Cell::Text(l.entry.auth.spf.as_str().into()),
    dkim: Text = |l, _| joined(l.entry.auth.dkim.iter().map(String::as_str)),
    dmarc: Text = |l, _| Cell::Text(l.entry.auth.dmarc.as_str().into()),
    arc: Text = |l, _| Cell::Text(l.entry.auth.arc.as_str().into()),
    model: Text = |l, _| Cell::Text(l.entry.digests.model.as_str().into()),
    signals_digest: Text = |l, _| Cell::Text(l.entry.digests.signals.as_str().into()),
    policy: Text = |l, _| Cell::Text(l.entry.digests.policy.as_str().into()),
    rules: Text = |l, _| Cell::text(l.entry.rules.as_ref().map(|rules| rules.digest.as_str())),
    elapsed_us: Int = |l, _| Cell::Int(l.entry.elapsed_us.0.iter().map(|(_, us)| clamped(*us)).sum()),
};

const DELIVERIES: &[Field<Line>] = fields! {
    id: Text = |l, _| Cell::Text(l.id.as_str().into()),
    at: Text = |l, _| Cell::Text(l.entry.at.as_str().into()),
    recipient: Text = |l, n| Cell::text(recipient(l, n)),
    recipient_domain: Text = |l, n| Cell::text(recipient(l, n).and_then(domain)),
    verdict: Text = |l, _| Cell::Text(l.entry.verdict.name().into()),
    action: Text = |l, _| Cell::Text(l.entry.action.name().into()),
    category: Text = |l, _| Cell::text(l.entry.category.map(|category| category.name())),
};

const CONTRIBUTIONS: &[Field<Line>] = fields! {
    id: Text = |l, _| Cell::Text(l.id.as_str().into()),
    name: Text = |l, n| Cell::text(l.entry.contributions.0.get(n).map(|(name, _)| name.as_ref())),
    points: Float = |l, n| Cell::float(l.entry.contributions.0.get(n).map(|(_, points)| *points)),
};

const MATCHES: &[Field<Line>] = fields! {
    id: Text = |l, _| Cell::Text(l.id.as_str().into()),
    rule: Text = |l, n| Cell::text(l.matched().get(n).map(|m| m.rule.as_str())),
    severity: Text = |l, n| Cell::text(l.matched().get(n).and_then(|m| m.severity.as_deref())),
    kind: Text = |l, n| Cell::text(l.matched().get(n).map(|m| m.r#type.as_str())),
    does: Text = |l, n| Cell::text(l.matched().get(n).map(|m| m.does.name())),
    muted: Int = |l, n| l.matched().get(n).map_or(Cell::Null, |m| Cell::Int(m.muted.into())),
};

const LABELS: &[Field<Said>] = fields! {
    id: Text = |l, _| Cell::Text(l.id.as_str().into()),
    label: Text = |l, _| Cell::Text(l.label.opinion.name().into()),
    category: Text = |l, _| Cell::text(l.label.category.map(Category::name)),
    who: Text = |l, _| Cell::Text(l.label.who.as_str().into()),
    at: Text = |l, _| Cell::Text(l.label.at.as_str().into()),
    at_ms: Int = |l, _| l.at_ms.map_or(Cell::Null, Cell::Int),
    how: Text = |l, _| Cell::Text(l.label.how.name().into()),
    weight: Float = |l, _| Cell::float(Some(l.label.weight)),
    note: Text = |l, _| Cell::text(l.label.note.as_deref()),
    current: Int = |l, _| Cell::Int(l.current.into()),
};

/// The columns of a table as it is written now; empty for a table that is none.
pub fn columns(table: &str) -> Vec<Column> {
    fn of<R>(fields: &[Field<R>]) -> Vec<Column> {
        fields.iter().map(|field| Column { name: field.name.into(), kind: field.kind }).collect()
    }
    match table {
        "decisions" => {
            let stages = STAGES.map(|(name, _)| Column { name: name.into(), kind: Kind::Int });
            [of(DECISIONS), stages.to_vec()].concat()
        }
        "deliveries" => of(DELIVERIES),
        "signals" => {
            let id = Column { name: "id".into(), kind: Kind::Text };
            let values = signals::registry().iter().map(|s| Column { name: s.name.into(), kind: Kind::Float });
            std::iter::once(id).chain(values).collect()
        }
        "contributions" => of(CONTRIBUTIONS),
        "matches" => of(MATCHES),
        "labels" => of(LABELS),
        _ => Vec::new(),
    }
}

fn emit<R>(fields: &[Field<R>], row: &R, parts: usize, put: &mut dyn FnMut(Cell<'_>)) {
    for part in 0..parts {
        for field in fields {
            put((field.of)(row, part));
        }
    }
}

/// Gives the rows of a decision's line in a table, cell by cell in the order of its columns.
pub(super) fn rows(table: &str, line: &Line, put: &mut dyn FnMut(Cell<'_>)) {
    match table {
        "decisions" => {
            emit(DECISIONS, line, 1, put);
            for (_, stage) in STAGES {
                put(line.entry.elapsed_us.of(stage).map_or(Cell::Null, |us| Cell::Int(clamped(*us))));
            }
        }
        "deliveries" => emit(DELIVERIES, line, line.entry.envelope.recipients.len(), put),
        "signals" => {
            put(Cell::Text(line.id.as_str().into()));
            line.signals().into_iter().for_each(|value| put(Cell::float(value)));
        }
        "contributions" => emit(CONTRIBUTIONS, line, line.entry.contributions.0.len(), put),
        "matches" => emit(MATCHES, line, line.matched().len(), put),
        _ => {}
    }
}

/// Gives the row of a label.
pub(super) fn label_row(label: &Said, put: &mut dyn FnMut(Cell<'_>)) {
    emit(LABELS, label, 1, put);
}

/// Whether a reason speaks for an attack: the first that does is the decision's detector.
fn speaks(reason: &Reason) -> bool {
    reason.contribution > 0.0
}

fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
        Direction::Internal => "internal",
    }
}

fn recipient(line: &Line, number: usize) -> Option<&str> {
    line.entry.envelope.recipients.get(number).map(String::as_str)
}

fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

fn clamped(us: u64) -> i64 {
    i64::try_from(us).unwrap_or(i64::MAX)
}

/// Names in one text; null where there are none.
fn joined<'a>(names: impl Iterator<Item = &'a str>) -> Cell<'static> {
    let names: Vec<_> = names.collect();
    if names.is_empty() { Cell::Null } else { Cell::Text(names.join(", ").into()) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_table_has_an_id_and_no_column_twice() {
        for table in TABLES {
            let columns = columns(table);
            let names: HashSet<_> = columns.iter().map(|column| column.name.clone()).collect();
            assert_eq!(names.len(), columns.len(), "{table}");
            assert_eq!(columns[0], Column { name: "id".into(), kind: Kind::Text }, "{table}");
        }
        assert!(columns("nothing").is_empty());
    }

    #[test]
    fn rows_fill_their_columns() {
        let text = r#"{"id":"01HF7YAT000000000000000001","at":"2023-11-14T22:13:20.000Z","verdict":"hold","score":5.0,
            "envelope":{"recipients":["a@own.example","b@own.example"],"recipient_count":2},
            "contributions":{"reply_to_differs":1.5},"rules":{"matched":[{"rule":"r"}]},"elapsed_us":{"parse":7}}"#;
        let line = Line::read(text.as_bytes()).expect("readable");
        for (table, rows_expected) in
            [("decisions", 1), ("deliveries", 2), ("signals", 1), ("contributions", 1), ("matches", 1), ("labels", 0)]
        {
            let mut cells = Vec::new();
            rows(table, &line, &mut |cell| cells.push(format!("{cell:?}")));
            assert_eq!(cells.len(), rows_expected * columns(table).len(), "{table}");
        }
    }

    #[test]
    fn every_signal_has_a_column() {
        let names: HashSet<_> = columns("signals").into_iter().map(|column| column.name).collect();
        assert!(signals::registry().iter().all(|signal| names.contains(signal.name)));
    }
}

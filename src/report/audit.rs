//! The audit sample: a few messages a day, drawn by chance, that somebody looks at and labels.

use std::collections::HashSet;
use std::fmt;
use std::io;
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::draw::{Drawing, Stratum, append, read};
use crate::mail::Moment;
use crate::sql::{self, Limits, SqlError, Value};
use crate::tables::{Period, Tables};

/// How far below its threshold a score is still near it, in log-odds: a factor of seven.
const NEAR_POINTS: f64 = 2.0;
/// What each stratum gets of ten messages: where misses are likeliest, and where precision is measured.
const SHARES: [(Stratum, usize); 4] =
    [(Stratum::Near, 3), (Stratum::Passed, 3), (Stratum::Tagged, 2), (Stratum::Stopped, 2)];

/// Why no sample could be drawn.
#[derive(Debug)]
pub enum AuditError {
    /// The tables could not be asked.
    Sql(SqlError),
    /// The drawings cannot be read or written.
    Io(io::Error),
}

impl fmt::Display for AuditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sql(error) => error.fmt(f),
            Self::Io(error) => write!(f, "the audit sample cannot be written down: {error}"),
        }
    }
}

impl std::error::Error for AuditError {}

impl From<SqlError> for AuditError {
    fn from(error: SqlError) -> Self {
        Self::Sql(error)
    }
}

impl From<io::Error> for AuditError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A message to look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Drawn {
    /// The decision's id.
    pub id: String,
    /// What was decided.
    pub verdict: String,
    /// Its score.
    pub score: Option<f64>,
    /// The author's address.
    pub author: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// Whether somebody said already what it is.
    pub is_labelled: bool,
}

/// Draws so many messages of a day, writes down each with its chance, and gives them. The same day and seed give the same
/// messages, whoever asks, and whatever is labelled meanwhile; a day that was drawn already is given as it was drawn.
pub fn next(
    tables: &Tables,
    state: &Path,
    date: &str,
    seed: &str,
    wanted: usize,
    limits: &Limits,
) -> Result<Vec<Drawn>, AuditError> {
    let rows = of_day(tables, date, limits)?;
    let earlier = drawings_of(state, date, seed)?;
    let drawings = if earlier.is_empty() { draw(&rows, date, seed, wanted) } else { earlier.clone() };
    if earlier.is_empty() && !drawings.is_empty() {
        append(state, &drawings)?;
    }
    Ok(chosen(&rows, &drawings))
}

/// The messages of a day that were drawn before; none where nobody drew. Draws nothing.
pub fn drawn(tables: &Tables, state: &Path, date: &str, seed: &str, limits: &Limits) -> Result<Vec<Drawn>, AuditError> {
    let drawings = drawings_of(state, date, seed)?;
    if drawings.is_empty() {
        return Ok(Vec::new());
    }
    Ok(chosen(&of_day(tables, date, limits)?, &drawings))
}

fn drawings_of(state: &Path, date: &str, seed: &str) -> io::Result<Vec<Drawing>> {
    Ok(read(state)?.into_iter().filter(|drawing| drawing.date == date && drawing.seed == seed).collect())
}

/// All decisions of a day.
fn of_day(tables: &Tables, date: &str, limits: &Limits) -> Result<Vec<Vec<Value>>, SqlError> {
    let period = Period { since: Some(date.to_owned()), until: Some(date.to_owned()) };
    let everything = Limits { rows_max: usize::MAX, ..*limits };
    let text = "select d.id, d.verdict, d.score, d.threshold, d.author, d.subject, l.label from decisions d \
                left join (select id, label from labels where current = 1) l on l.id = d.id";
    Ok(sql::query(tables, text, &period, &everything)?.rows)
}

fn chosen(rows: &[Vec<Value>], drawings: &[Drawing]) -> Vec<Drawn> {
    let ids: HashSet<&str> = drawings.iter().map(|drawing| drawing.id.as_str()).collect();
    let chosen = rows.iter().filter(|row| row[0].text().is_some_and(|id| ids.contains(id)));
    chosen.map(|row| shown(row)).collect()
}

fn shown(row: &[Value]) -> Drawn {
    let text = |at: usize| row[at].text().map(str::to_owned);
    Drawn {
        id: text(0).unwrap_or_default(),
        verdict: text(1).unwrap_or_default(),
        score: row[2].number(),
        author: text(4),
        subject: text(5),
        is_labelled: row[6] != Value::Null,
    }
}

fn stratum(row: &[Value]) -> Stratum {
    match row[1].text() {
        Some("accept") | None => match (row[2].number(), row[3].number()) {
            (Some(score), Some(threshold)) if score >= threshold - NEAR_POINTS => Stratum::Near,
            _ => Stratum::Passed,
        },
        Some("tag") => Stratum::Tagged,
        Some(_) => Stratum::Stopped,
    }
}

/// Draws from each stratum those whose digest with the seed is least, which is by chance, and the same each time. What a
/// small stratum leaves goes to the largest one.
fn draw(rows: &[Vec<Value>], date: &str, seed: &str, wanted: usize) -> Vec<Drawing> {
    let mut strata: Vec<(Stratum, Vec<(String, &str)>)> = Stratum::ALL.map(|stratum| (stratum, Vec::new())).to_vec();
    for row in rows {
        let Some(id) = row[0].text() else { continue };
        let digest = Sha256::digest(format!("{seed}\n{date}\n{id}").as_bytes());
        let order: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        if let Some((_, members)) = strata.iter_mut().find(|(known, _)| *known == stratum(row)) {
            members.push((order, id));
        }
    }
    let share = |stratum: Stratum| SHARES.iter().find(|(known, _)| *known == stratum).map_or(0, |(_, share)| *share);
    let mut quota: Vec<usize> =
        strata.iter().map(|(stratum, members)| (wanted * share(*stratum) / 10).max(1).min(members.len())).collect();
    let mut left = wanted.saturating_sub(quota.iter().sum());
    for at in [1, 0, 2, 3] {
        let more = left.min(strata[at].1.len() - quota[at]);
        quota[at] += more;
        left -= more;
    }
    let at = Moment::now().rfc3339();
    let mut drawings = Vec::new();
    for ((stratum, mut members), quota) in strata.into_iter().zip(quota) {
        members.sort_unstable();
        let probability = quota as f64 / members.len() as f64;
        drawings.extend(members.into_iter().take(quota).map(|(_, id)| Drawing {
            id: id.to_owned(),
            date: date.to_owned(),
            seed: seed.to_owned(),
            stratum,
            probability,
            at: at.clone(),
        }));
    }
    drawings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many decisions of a verdict and score.
    fn rows(count: usize, verdict: &str, score: f64) -> Vec<Vec<Value>> {
        let text = |text: String| Value::Text(text);
        let row = |n: usize| {
            vec![text(format!("{verdict}{score}{n}")), text(verdict.to_owned()), Value::Real(score), Value::Real(2.0)]
        };
        (0..count).map(row).collect()
    }

    fn day() -> Vec<Vec<Value>> {
        [rows(30, "accept", 1.0), rows(900, "accept", -3.0), rows(40, "tag", 3.0), rows(2, "hold", 6.0)].concat()
    }

    #[test]
    fn strata_are_drawn_with_known_chances() {
        let drawings = draw(&day(), "2026-11-25", "s", 20);
        assert_eq!(drawings.len(), 20);
        for (stratum, count, of) in [
            (Stratum::Near, 6, 30.0),
            (Stratum::Passed, 8, 900.0),
            (Stratum::Tagged, 4, 40.0),
            (Stratum::Stopped, 2, 2.0),
        ] {
            let chosen: Vec<_> = drawings.iter().filter(|drawing| drawing.stratum == stratum).collect();
            assert_eq!(chosen.len(), count, "{stratum:?}");
            assert!(chosen.iter().all(|drawing| (drawing.probability - count as f64 / of).abs() < 1e-9));
        }
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let ids = |seed: &str| draw(&day(), "2026-11-25", seed, 20).into_iter().map(|d| d.id).collect::<HashSet<_>>();
        assert_eq!(ids("s"), ids("s"));
        assert_ne!(ids("s"), ids("t"));
    }

    #[test]
    fn no_more_are_drawn_than_there_are() {
        assert!(draw(&[], "2026-11-25", "s", 20).is_empty());
        let few = draw(&rows(3, "accept", 1.0), "2026-11-25", "s", 20);
        assert!(few.len() == 3 && few.iter().all(|drawing| drawing.probability == 1.0));
    }

    #[test]
    fn every_message_of_a_stratum_has_its_chance() {
        let mut hits = 0;
        for round in 0..2_000 {
            let drawings = draw(&rows(10, "accept", -3.0), "2026-11-25", &round.to_string(), 3);
            hits += usize::from(drawings.iter().any(|drawing| drawing.id == "accept-37"));
        }
        assert!((500..700).contains(&hits), "{hits} of 600 awaited");
    }
}

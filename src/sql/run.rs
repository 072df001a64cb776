//! A query from its text to its answer.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::fault::SqlError;
use super::{days, load, plan};
use crate::tables::{Period, Tables};

/// Steps of the engine between two looks at the clock: some 100 µs.
const STEPS: i32 = 10_000;

/// What a query may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of the answer; what lies beyond is cut off, and the answer says so.
    pub rows_max: usize,
    /// Bytes of memory of the engine, columns included.
    pub memory_bytes_max: u64,
    /// Seconds from the start to the last row.
    pub seconds_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // More than anybody reads; what is meant for a program says how much it wants.
            rows_max: 10_000,
            // A million decisions with twenty columns each take half of it.
            memory_bytes_max: 1_073_741_824,
            // Every question to a million decisions is answered in a tenth of it.
            seconds_max: 60,
        }
    }
}

/// A value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// Text.
    Text(String),
}

impl Value {
    /// As a number; `None` for what is none.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Real(number) => Some(*number),
            _ => None,
        }
    }

    /// As text; `None` for what is none.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// What a query gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
    /// Whether there were more rows than the limit.
    pub is_cut: bool,
}

/// Runs one query that only reads. The period bounds the days that are read; where the query itself says plainly which days
/// it wants, no others are read either.
pub fn query(tables: &Tables, text: &str, period: &Period, limits: &Limits) -> Result<Answer, SqlError> {
    let period = days::narrowed(text, period);
    Ok(queries(tables, &[text], &period, limits)?.pop().unwrap_or_default())
}

/// Runs several queries over the same days; what more than one of them reads is read once.
pub fn queries(tables: &Tables, texts: &[&str], period: &Period, limits: &Limits) -> Result<Vec<Answer>, SqlError> {
    let deadline = Instant::now() + Duration::from_secs(limits.seconds_max);
    let mut wanted = plan::Wanted::new();
    for text in texts {
        for (table, columns) in plan::plan(tables, text, period)? {
            let known = wanted.entry(table).or_default();
            for column in columns {
                if !known.contains(&column) {
                    known.push(column);
                }
            }
        }
    }
    let mut engine = engine(limits, deadline)?;
    load::load(&mut engine, tables, &wanted, period, deadline)?;
    plan::guard(&mut engine, None)?;
    texts.iter().map(|text| answer(&engine, text, limits)).collect()
}

/// An engine that holds nothing yet and keeps to the limits.
fn engine(limits: &Limits, deadline: Instant) -> Result<Connection, SqlError> {
    let mut engine = Connection::open_in_memory()?;
    let heap = i64::try_from(limits.memory_bytes_max).unwrap_or(i64::MAX);
    for (key, value) in [("hard_heap_limit", heap), ("journal_mode", 0), ("temp_store", 2)] {
        let value = if key == "journal_mode" { "off".to_owned() } else { value.to_string() };
        engine.pragma_update_and_check(None, key, value, |_| Ok(())).or_else(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => Ok(()),
            other => Err(other),
        })?;
    }
    engine.progress_handler(STEPS, Some(move || Instant::now() > deadline))?;
    Ok(engine)
}

fn answer(engine: &Connection, text: &str, limits: &Limits) -> Result<Answer, SqlError> {
    let mut statement = engine.prepare(text)?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut found = statement.query([])?;
    let mut answer = Answer { columns, ..Answer::default() };
    while let Some(row) = found.next()? {
        if answer.rows.len() == limits.rows_max {
            answer.is_cut = true;
            break;
        }
        let value = |at| {
            Ok::<_, rusqlite::Error>(match row.get_ref(at)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Real(number) => Value::Real(number),
                ValueRef::Text(text) | ValueRef::Blob(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
            })
        };
        answer.rows.push((0..answer.columns.len()).map(value).collect::<Result<_, _>>()?);
    }
    Ok(answer)
}

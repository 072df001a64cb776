//! Why a query gave no answer, with the name that may have been meant.

use std::collections::BTreeMap;
use std::fmt;
use std::io;

use rusqlite::ErrorCode;

use crate::mail::resemblance::nearest;
use crate::tables::Column;

/// Why a query gave no answer.
#[derive(Debug)]
pub enum SqlError {
    /// The query itself is wrong; in words, with what may have been meant.
    Query(String),
    /// It would change something.
    Writes,
    /// It took longer than it may.
    Time,
    /// It took more memory than it may.
    Memory,
    /// A file cannot be read.
    Io(io::Error),
    /// The engine failed, in its words.
    Engine(String),
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Query(why) => f.write_str(why),
            Self::Writes => f.write_str("a query only reads: write one SELECT statement (or WITH … SELECT)"),
            Self::Time => {
                f.write_str("the query took too long; ask for fewer days or columns, or give it more --seconds")
            }
            Self::Memory => f.write_str(
                "the query needs more memory than it may; ask for fewer days or columns, or give it more --mib",
            ),
            Self::Io(error) => write!(f, "the tables cannot be read: {error}"),
            Self::Engine(why) => write!(f, "the query failed: {why}"),
        }
    }
}

impl std::error::Error for SqlError {}

impl From<io::Error> for SqlError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::OperationInterrupted) => Self::Time,
            Some(ErrorCode::OutOfMemory) => Self::Memory,
            Some(ErrorCode::AuthorizationForStatementDenied) => Self::Writes,
            _ => Self::Engine(error.to_string()),
        }
    }
}

impl SqlError {
    /// Why a query cannot be prepared.
    pub(super) fn of_query(error: rusqlite::Error, known: &BTreeMap<&str, Vec<Column>>) -> Self {
        match error {
            rusqlite::Error::MultipleStatement => {
                Self::Query("one query at a time: remove what follows the ;".to_owned())
            }
            rusqlite::Error::InvalidQuery => Self::Writes,
            rusqlite::Error::SqlInputError { msg, sql, offset, .. } => {
                let place = usize::try_from(offset).ok().and_then(|offset| sql.get(..offset)).map(|before| {
                    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                    format!("line {}, column {column}: ", before.matches('\n').count() + 1)
                });
                Self::wrong(&place.unwrap_or_default(), &msg, known)
            }
            rusqlite::Error::SqliteFailure(code, Some(msg)) if code.code == ErrorCode::Unknown => {
                Self::wrong("", &msg, known)
            }
            other => match Self::from(other) {
                Self::Engine(why) => Self::Query(why),
                fault => fault,
            },
        }
    }

    fn wrong(place: &str, msg: &str, known: &BTreeMap<&str, Vec<Column>>) -> Self {
        let meant = meant(msg, known).map(|meant| format!("; did you mean {meant}?"));
        Self::Query(format!("{place}{msg}{}", meant.unwrap_or_default()))
    }
}

/// The name that is nearest to the one that is unknown.
fn meant(msg: &str, known: &BTreeMap<&str, Vec<Column>>) -> Option<String> {
    let wrong = |begins: &str| msg.strip_prefix(begins).map(|name| name.rsplit('.').next().unwrap_or(name));
    if let Some(table) = wrong("no such table: ") {
        return nearest(table, known.keys().copied()).map(str::to_owned);
    }
    let column = wrong("no such column: ")?;
    let columns =
        || known.iter().flat_map(|(table, columns)| columns.iter().map(move |column| (table, column.name.as_ref())));
    let meant = nearest(column, columns().map(|(_, name)| name))?;
    // The same name elsewhere: the query does not name its table.
    let table = columns().find(|(_, name)| *name == meant).map(|(table, _)| *table)?;
    Some(format!("{meant} of {table}"))
}

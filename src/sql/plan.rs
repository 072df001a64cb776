//! Which columns a query reads, as the engine itself says when it prepares it over tables without rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use super::fault::SqlError;
use crate::tables::{self, Column, Kind, Period, TABLES, Tables};

/// The columns to read of each table. A table of which only rows are counted has none.
pub(super) type Wanted = BTreeMap<String, Vec<Column>>;

type Seen = Arc<Mutex<BTreeSet<(String, String)>>>;

/// Which columns of which tables a query reads.
pub(super) fn plan(tables: &Tables, text: &str, period: &Period) -> Result<Wanted, SqlError> {
    let mut engine = Connection::open_in_memory()?;
    let mut known: BTreeMap<&str, Vec<Column>> = BTreeMap::new();
    let lower = text.to_ascii_lowercase();
    for table in TABLES {
        // Columns that only older files have are looked up where they could be meant.
        let columns = if lower.contains(table) { tables.columns(table, period)? } else { tables::columns(table) };
        create(&engine, table, &columns)?;
        known.insert(table, columns);
    }
    let seen: Seen = Arc::default();
    guard(&mut engine, Some(seen.clone()))?;
    let prepared = engine.prepare(text).and_then(|statement| match statement.column_count() {
        0 => Err(rusqlite::Error::InvalidQuery),
        _ => Ok(()),
    });
    prepared.map_err(|error| SqlError::of_query(error, &known))?;
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    let mut wanted = Wanted::new();
    for (table, name) in seen.iter() {
        let Some(columns) = known.get(table.as_str()) else { continue };
        let wanted = wanted.entry(table.clone()).or_default();
        wanted.extend(columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)).cloned());
    }
    Ok(wanted)
}

/// Makes a table with these columns.
pub(super) fn create(engine: &Connection, table: &str, columns: &[Column]) -> Result<(), SqlError> {
    let column = |column: &Column| {
        let kind = match column.kind {
            Kind::Text => "text",
            Kind::Int => "integer",
            Kind::Float => "real",
        };
        format!("{} {kind}", quoted(&column.name))
    };
    // A table needs a column, even where only its rows are counted.
    let columns = if columns.is_empty() {
        "no_column".to_owned()
    } else {
        columns.iter().map(column).collect::<Vec<_>>().join(",")
    };
    Ok(engine.execute_batch(&format!("create table {} ({columns})", quoted(table)))?)
}

/// A name as SQL writes it, whatever it holds.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// From now on the engine only reads; what it reads is written down where that is wanted.
pub(super) fn guard(engine: &mut Connection, seen: Option<Seen>) -> Result<(), SqlError> {
    engine.authorizer(Some(move |context: AuthContext<'_>| match context.action {
        AuthAction::Select | AuthAction::Recursive => Authorization::Allow,
        AuthAction::Read { table_name, column_name } => {
            if let Some(seen) = &seen {
                let read = (table_name.to_owned(), column_name.to_owned());
                seen.lock().unwrap_or_else(PoisonError::into_inner).insert(read);
            }
            Authorization::Allow
        }
        AuthAction::Function { function_name } if !function_name.eq_ignore_ascii_case("load_extension") => {
            Authorization::Allow
        }
        _ => Authorization::Deny,
    }))?;
    Ok(())
}

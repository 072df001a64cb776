//! The columns of a query, from the files into the engine: one thread reads, the other one writes.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

use rusqlite::{Connection, Statement};

use super::fault::SqlError;
use super::plan::{self, Wanted};
use crate::tables::{Cells, Column, Period, Rows, Tables};

/// Groups of rows that wait to be written: reading is then never idle, and little is kept.
const WAITING_MAX: usize = 2;

/// Loads the columns that are wanted, of the days of a period.
pub(super) fn load(
    engine: &mut Connection,
    tables: &Tables,
    wanted: &Wanted,
    period: &Period,
    deadline: Instant,
) -> Result<(), SqlError> {
    for (table, columns) in wanted {
        plan::create(engine, table, columns)?;
        let transaction = engine.transaction()?;
        {
            let marks = vec!["?"; columns.len().max(1)].join(",");
            let mut insert = transaction.prepare(&format!("insert into {} values ({marks})", plan::quoted(table)))?;
            load_table(&mut insert, tables, table, columns, period, deadline)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

fn load_table(
    insert: &mut Statement<'_>,
    tables: &Tables,
    table: &str,
    columns: &[Column],
    period: &Period,
    deadline: Instant,
) -> Result<(), SqlError> {
    // Where a file lies is known of its rows without reading them.
    let is_read = |column: &&Column| table == "labels" || !["date", "hour"].contains(&column.name.as_ref());
    let read: Vec<Column> = columns.iter().filter(is_read).cloned().collect();
    let (send, receive) = sync_channel::<Rows>(WAITING_MAX);
    thread::scope(|scope| {
        let reading: thread::ScopedJoinHandle<'_, io::Result<()>> = scope.spawn(|| {
            let send = send;
            tables.scan(table, &read, period, &mut |rows| send.send(rows).is_ok())
        });
        let mut written = Ok(());
        for rows in receive.iter() {
            written = if Instant::now() > deadline { Err(SqlError::Time) } else { write(insert, columns, &rows) };
            if written.is_err() {
                break;
            }
        }
        // A reader that still sends finds nobody, and ends.
        drop(receive);
        let read = reading.join().unwrap_or_else(|_| Err(io::Error::other("reading a file failed")));
        written.and(read.map_err(SqlError::from))
    })
}

/// Writes a group of rows.
fn write(insert: &mut Statement<'_>, columns: &[Column], rows: &Rows) -> Result<(), SqlError> {
    enum Of<'r> {
        Cells(&'r Cells),
        Constant(&'r str),
    }
    let mut cells = rows.cells.iter();
    let of = |column: &Column| match column.name.as_ref() {
        "date" if rows.cells.len() < columns.len() => Some(Of::Constant(&rows.date)),
        "hour" if rows.cells.len() < columns.len() => Some(Of::Constant(&rows.hour)),
        _ => cells.next().map(Of::Cells),
    };
    let sources: Vec<Of<'_>> = columns.iter().filter_map(of).collect();
    for row in 0..rows.count {
        for (at, source) in sources.iter().enumerate() {
            match source {
                Of::Cells(Cells::Text(values)) => insert.raw_bind_parameter(at + 1, values[row].as_deref())?,
                Of::Cells(Cells::Int(values)) => insert.raw_bind_parameter(at + 1, values[row])?,
                Of::Cells(Cells::Float(values)) => insert.raw_bind_parameter(at + 1, values[row])?,
                Of::Constant(text) => insert.raw_bind_parameter(at + 1, text)?,
            }
        }
        insert.raw_execute()?;
    }
    Ok(())
}

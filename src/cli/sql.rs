//! `kith sql`: questions to the journal's tables.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::journal::bring_up_to_date;
use super::{Common, Exit, Failure};
use crate::mail::Moment;
use crate::sql::{self, Form, Limits, SqlError};
use crate::tables::{Period, TABLES, Tables};

/// Ask the journal's tables in SQL: decisions, deliveries, signals, contributions, matches, labels
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// One SELECT statement in SQLite's dialect; without it, the tables and their columns are listed
    query: Option<String>,
    /// Read the query from a file, such as one of conf/metrics
    #[arg(long, value_name = "FILE", conflicts_with = "query")]
    file: Option<PathBuf>,
    #[command(flatten)]
    days: Days,
    /// Comma-separated values
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// One JSON object a row
    #[arg(long)]
    json: bool,
    /// Columns for people, which is the default
    #[arg(long, conflicts_with_all = ["csv", "json"])]
    table: bool,
    /// Most rows of the answer
    #[arg(long, default_value_t = Limits::default().rows_max, value_name = "N")]
    rows: usize,
    /// Most memory of the query in MiB
    #[arg(long, default_value_t = Limits::default().memory_bytes_max / 1_048_576, value_name = "N")]
    mib: u64,
    /// Most seconds that the query may take
    #[arg(long, default_value_t = Limits::default().seconds_max, value_name = "N")]
    seconds: u64,
    /// Ask the tables as they are, without packing what the journal has gained
    #[arg(long)]
    as_is: bool,
}

/// Which days are meant.
#[derive(Args, Clone, Debug)]
pub(super) struct Days {
    /// First day: 2026-11-25, or 30d for the last thirty days
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Last day, likewise
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
}

impl Days {
    /// The period, seen from now.
    pub(super) fn period(&self, now: Moment) -> Result<Period, Failure> {
        let day = |text: &Option<String>| text.as_deref().map(|text| day(text, now)).transpose();
        Ok(Period { since: day(&self.since)?, until: day(&self.until)? })
    }
}

/// A day as `2026-11-25`, from that or from so many days ago.
pub(super) fn day(text: &str, now: Moment) -> Result<String, Failure> {
    let ago = text.strip_suffix('d').and_then(|days| days.parse::<i64>().ok());
    let moment = match ago {
        Some(days) if days >= 0 => days.checked_mul(86_400_000).map(|ms| Moment(now.0.saturating_sub(ms))),
        _ => Moment::parse(&format!("{text}T00:00:00Z")),
    };
    let moment = moment.ok_or_else(|| Failure::usage(format!("{text:?} is no day; write 2026-11-25, or 30d")))?;
    Ok(moment.rfc3339().chars().take(10).collect())
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let period = arguments.days.period(Moment::now())?;
    let text = match (&arguments.query, &arguments.file) {
        (Some(text), _) => Some(text.clone()),
        (None, Some(path)) => Some(fs::read_to_string(path).map_err(|error| {
            Failure::new(Exit::NoInput, format!("the query {} cannot be read: {error}", path.display()))
        })?),
        (None, None) => None,
    };
    if !arguments.as_is {
        bring_up_to_date(&settings)?;
    }
    let tables = Tables::open(&settings.state_directory).map_err(Failure::unavailable)?;
    let Some(text) = text else { return list(&tables, &period) };
    let limits = Limits {
        rows_max: arguments.rows,
        memory_bytes_max: arguments.mib.saturating_mul(1_048_576),
        seconds_max: arguments.seconds,
    };
    let answer = sql::query(&tables, &text, &period, &limits).map_err(failure)?;
    let form = match (arguments.csv, arguments.json) {
        (true, _) => Form::Csv,
        (_, true) => Form::Json,
        _ => Form::Table,
    };
    std::io::stdout().lock().write_all(answer.text(form).as_bytes())?;
    if answer.is_cut {
        eprintln!("only the first {} rows are shown; --rows N shows more", arguments.rows);
    }
    Ok(())
}

/// A query that gave no answer.
pub(super) fn failure(error: SqlError) -> Failure {
    match error {
        SqlError::Query(_) | SqlError::Writes => Failure::usage(error),
        _ => Failure::unavailable(error),
    }
}

/// The tables with their columns.
fn list(tables: &Tables, period: &Period) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for table in TABLES {
        let columns = tables.columns(table, period).map_err(Failure::unavailable)?;
        let names: Vec<_> = columns.iter().map(|column| column.name.as_ref()).collect();
        writeln!(out, "{table}: {}", names.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates_or_so_many_ago() {
        let now = Moment::parse("2026-11-25T12:00:00Z").expect("a moment");
        let check = |text: &str, expected: Option<&str>| assert_eq!(day(text, now).ok().as_deref(), expected, "{text}");
        check("2026-11-01", Some("2026-11-01"));
        check("30d", Some("2026-10-26"));
        check("0d", Some("2026-11-25"));
        for wrong in ["-3d", "yesterday", "2026-13-01", "", "d", "99999999999999999999d"] {
            check(wrong, None);
        }
    }
}

//! `kith report`: how much came, what was stopped, how often that was right.

use std::io::Write;

use clap::{Args, ValueEnum};

use super::journal::bring_up_to_date;
use super::sql::{Days, failure};
use super::{Common, Failure};
use crate::mail::Moment;
use crate::report::{self, By};
use crate::sql::Limits;
use crate::tables::Tables;

/// Report volumes, precision, misses and review load, with intervals, from the journal's tables and the labels
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    days: Days,
    /// Divide it, too
    #[arg(long, value_enum)]
    by: Option<Part>,
    /// As one JSON object
    #[arg(long)]
    json: bool,
    /// Report from the tables as they are, without packing what the journal has gained
    #[arg(long)]
    as_is: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Part {
    Category,
    Detector,
    Rule,
    Model,
    Recipient,
    Day,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let period = arguments.days.period(Moment::now())?;
    if !arguments.as_is {
        bring_up_to_date(&settings)?;
    }
    let by = arguments.by.map(|part| match part {
        Part::Category => By::Category,
        Part::Detector => By::Detector,
        Part::Rule => By::Rule,
        Part::Model => By::Model,
        Part::Recipient => By::Recipient,
        Part::Day => By::Day,
    });
    let state = &settings.state_directory;
    let tables = Tables::open(state).map_err(Failure::unavailable)?;
    let report = report::report(&tables, state, &period, by, &Limits::default()).map_err(failure)?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::json!(report))?;
    } else {
        write!(out, "{report}")?;
    }
    Ok(())
}

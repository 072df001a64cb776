//! `kith budget`: the threshold that keeps to what the administrator accepts.

use std::io::Write;

use clap::Args;

use super::journal::bring_up_to_date;
use super::sql::{Days, failure};
use super::{Common, Failure};
use crate::mail::Moment;
use crate::report::{self, Bounds};
use crate::sql::Limits;
use crate::tables::Tables;

/// Find the threshold to hold that keeps to a budget of wrong holds and reviews, from labelled history
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    days: Days,
    /// Safe messages that may be held, in a million messages
    #[arg(long, value_name = "X")]
    wrong_holds_per_million: f64,
    /// Held messages that people can look at in a day
    #[arg(long, value_name = "Y")]
    reviews_per_day: f64,
    /// As one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let period = arguments.days.period(Moment::now())?;
    bring_up_to_date(&settings)?;
    let tables = Tables::open(&settings.state_directory).map_err(Failure::unavailable)?;
    let bounds = Bounds {
        wrong_holds_per_million: arguments.wrong_holds_per_million,
        reviews_per_day: arguments.reviews_per_day,
    };
    let budget = report::budget(&tables, &period, bounds, &Limits::default()).map_err(failure)?;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        writeln!(out, "{}", serde_json::json!(budget))?;
    } else {
        write!(out, "{budget}")?;
    }
    Ok(())
}

//! `kith quarantine expire`: removes what is older than the settings allow, as the daemon does each hour.

use std::io::Write;

use clap::Args;

use super::{Place, who};
use crate::cli::{Common, Failure};
use crate::mail::Moment;

/// Remove from Kith's own store what is older than quarantine.kept_days_max; the daemon does it each hour
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Days instead of quarantine.kept_days_max
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    days: Option<u32>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let settings = &place.settings.quarantine;
    let days = arguments.days.unwrap_or(settings.kept_days_max);
    let expired = place.folder.expire(days, settings.log_days_max, &who(None), Moment::now());
    let expired = expired.map_err(|error| place.unreadable(&error))?;
    writeln!(std::io::stdout().lock(), "{expired} messages expired")?;
    Ok(())
}

//! `kith baseline rebuild`: all profiles anew from what is kept of each message.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use super::{open, shown_on};
use crate::baseline::FOLDER;
use crate::cli::{Common, Failure, progress};
use crate::mail::Moment;

/// Make all profiles anew from what is kept of each message, up to a moment where one is given
///
/// In the same store: it is built beside it and then takes its place, so that one of the two is whole at any time.
/// Messages older than facts_days are gone, and what they told with them.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Leave out what came after this moment, and labels given after it: a day or RFC 3339
    #[arg(long, value_name = "T")]
    until: Option<String>,
    /// Write into the state folder DIR instead, which must hold no baselines; the present ones stay as they are
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let until = arguments.until.as_deref().map(|text| crate::cli::when::moment(text, true)).transpose();
    let until = until.map_err(Failure::usage)?;
    let (baselines, settings) = open(&arguments.common)?;
    let bar = progress::bar("rebuilding");
    let (place, rebuilt) = match &arguments.to {
        Some(to) => {
            let until = until.unwrap_or(Moment(i64::MAX));
            (to.join(FOLDER), baselines.as_of(until, &to.join(FOLDER), shown_on(&bar)).map(drop))
        }
        None => (settings.state_directory.join(FOLDER), baselines.rebuild(until, shown_on(&bar))),
    };
    bar.finish_and_clear();
    rebuilt.map_err(Failure::unavailable)?;
    writeln!(std::io::stdout().lock(), "the baselines in {} are made anew", place.display())?;
    Ok(())
}

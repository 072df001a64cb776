//! `kith quarantine log`: who did what to which held message.

use std::io::Write;
use std::thread;
use std::time::Duration;

use clap::Args;

use super::Place;
use crate::cli::{Common, Failure};

/// How often a followed log is looked at: what a person takes for at once.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Show what happened to held mail: kept, released, deleted, expired, and by whom
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How many lines
    #[arg(short = 'n', long, default_value_t = 20)]
    lines: usize,
    /// Go on with each line as it is written
    #[arg(short, long)]
    follow: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let place = Place::open(&arguments.common)?;
    let mut out = std::io::stdout().lock();
    let mut log = place.folder.follow(arguments.lines).map_err(|error| place.unreadable(&error))?;
    loop {
        for event in log.events().map_err(|error| place.unreadable(&error))? {
            if arguments.json {
                writeln!(out, "{}", serde_json::to_string(&event).map_err(std::io::Error::from)?)?;
            } else {
                writeln!(out, "{}", event.line())?;
            }
        }
        out.flush()?;
        if !arguments.follow {
            return Ok(());
        }
        thread::sleep(LOOK_EVERY);
    }
}

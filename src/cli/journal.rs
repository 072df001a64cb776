//! `kith journal`: read the record of decisions.

use std::io::Write;
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Common, Failure};
use crate::journal::{FOLDER, Tail, line};
use crate::mail::Moment;
use crate::settings::Settings;
use crate::tables::{self, PackError};

/// How often a followed journal is looked at: what a person takes for at once.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Read the record of decisions, or pack it into tables
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Print the last decisions, one line each
    Tail {
        #[command(flatten)]
        common: Common,
        /// How many
        #[arg(short = 'n', long, default_value_t = 20)]
        lines: usize,
        /// Go on with each decision as it is made
        #[arg(short, long)]
        follow: bool,
        /// The whole entries as JSON instead of a summary
        #[arg(long)]
        json: bool,
    },
    /// Pack what was written since the last time into the Parquet tables, merge small files, drop days that are too old
    Pack {
        #[command(flatten)]
        common: Common,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Tail { common, lines, follow, json } => tail(&common, lines, follow, json),
        What::Pack { common } => pack(&common),
    }
}

fn tail(common: &Common, lines: usize, follow: bool, json: bool) -> Result<(), Failure> {
    let folder = common.settings()?.state_directory.join(FOLDER);
    let unreadable = |error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display()));
    let mut tail = Tail::open(&folder, lines).map_err(unreadable)?;
    let mut out = std::io::stdout().lock();
    loop {
        for text in tail.lines().map_err(unreadable)? {
            match (json, serde_json::from_str(&text)) {
                (false, Ok(entry)) => writeln!(out, "{}", line(&entry))?,
                _ => writeln!(out, "{text}")?,
            }
        }
        out.flush()?;
        if !follow {
            return Ok(());
        }
        thread::sleep(LOOK_EVERY);
    }
}

fn pack(common: &Common) -> Result<(), Failure> {
    let settings = common.settings()?;
    let packed = tables::pack(&settings.state_directory, &settings.tables, Moment::now(), &mut || {})
        .map_err(Failure::unavailable)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} decisions packed, {} files merged, {} days dropped", packed.decisions, packed.merged, packed.dropped)?;
    if packed.known > 0 {
        writeln!(out, "{} decisions were packed already", packed.known)?;
    }
    if packed.unread > 0 {
        writeln!(out, "{} lines of the journal cannot be read and are left out", packed.unread)?;
    }
    Ok(())
}

/// Packs what the journal has gained, so that a question is answered from all of it; where another process packs already,
/// or this one may not write here, from what is packed.
pub(super) fn bring_up_to_date(settings: &Settings) -> Result<(), Failure> {
    match tables::pack(&settings.state_directory, &settings.tables, Moment::now(), &mut || {}) {
        Ok(_) => Ok(()),
        Err(PackError::Busy) => {
            eprintln!("the journal is being packed: its newest decisions are not among these");
            Ok(())
        }
        Err(error) => Err(Failure::unavailable(error)),
    }
}

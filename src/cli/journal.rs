//! `kith journal`: read the record of decisions.

use std::io::Write;
use std::thread;
use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Common, Failure};
use crate::journal::{FOLDER, Tail, line};

/// How often a followed journal is looked at: what a person takes for at once.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Read the record of decisions
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
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let What::Tail { common, lines, follow, json } = arguments.what;
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

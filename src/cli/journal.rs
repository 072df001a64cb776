//! `kith journal`: read the record of decisions.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{Common, Failure};
use crate::journal;

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
    let folder = common.settings()?.state_directory.join(journal::FOLDER);
    let mut out = std::io::stdout().lock();
    let mut failure = None;
    let read = journal::tail(&folder, lines, follow, &mut |line| {
        let written = match (json, serde_json::from_str(line)) {
            (false, Ok(entry)) => writeln!(out, "{}", journal::line(&entry)),
            _ => writeln!(out, "{line}"),
        };
        failure = written.and_then(|()| out.flush()).err();
        failure.is_none()
    });
    read.map_err(|error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display())))?;
    failure.map_or(Ok(()), |error| Err(error.into()))
}

//! `kith baseline export`: all profiles as JSON lines.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;

use super::open;
use super::show::object;
use crate::cli::{Common, Failure, progress};
use crate::mail::Moment;

/// Write all profiles as JSON lines, one a line, sorted by kind and key
///
/// `about` names who or what a profile is about, as far as a kept message names it. Needs scratch room for these names
/// in the system's temporary folder; memory stays bounded.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Weights as of this moment, a day or RFC 3339 [default: now]
    #[arg(long, value_name = "T")]
    at: Option<String>,
    /// File to write to, which must not exist; standard output where none is named
    #[arg(value_name = "FILE")]
    to: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let at = match &arguments.at {
        Some(text) => crate::cli::when::moment(text, true).map_err(Failure::usage)?,
        None => Moment::now(),
    };
    let (baselines, _) = open(&arguments.common)?;
    let scratch = tempfile::Builder::new().prefix("kith-export-").tempdir()?;
    let mut out: Box<dyn Write> = match &arguments.to {
        Some(path) => Box::new(BufWriter::with_capacity(1 << 16, File::create_new(path)?)),
        None => Box::new(BufWriter::with_capacity(1 << 16, std::io::stdout().lock())),
    };
    let bar = progress::bar("exporting");
    let count = baselines.export(at, scratch.path(), |portrait| -> Result<(), Stop> {
        bar.inc(1);
        writeln!(out, "{}", object(&portrait)).map_err(|error| Stop(error.into()))
    });
    bar.finish_and_clear();
    let count = count.map_err(|Stop(failure)| failure)?;
    out.flush()?;
    if arguments.to.is_some() {
        eprintln!("{count} profiles written");
    }
    Ok(())
}

/// Why an export ended early.
struct Stop(Failure);

impl From<String> for Stop {
    fn from(why: String) -> Self {
        Self(Failure::unavailable(why))
    }
}

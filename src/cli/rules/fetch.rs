//! `kith rules fetch`: a set of rules from a git URL or a folder.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::cli::{Exit, Failure};
use crate::rules::fetch::{FetchError, fetch, roll_back};

/// Fetch a set of rules: verified first, then put in place of the old one, which is kept
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where the rules are put: the folder that rules.paths of the settings names
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Put the set back that stood there before, instead
    #[arg(long, conflicts_with = "source")]
    roll_back: bool,
    /// Percent of the rules that may be refused; with more the set is not taken
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0)]
    refused_max: f64,
    /// A git URL, which the system's git fetches, or a folder
    #[arg(value_name = "SOURCE", required_unless_present = "roll_back")]
    source: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let Some(source) = &arguments.source else {
        roll_back(&arguments.to).map_err(failure)?;
        writeln!(out, "{} is as it was before", arguments.to.display())?;
        return Ok(());
    };
    let fetched = fetch(source, &arguments.to, arguments.refused_max / 100.0).map_err(failure)?;
    let kept = fetched.previous.map_or_else(String::new, |path| format!("; the old ones are in {}", path.display()));
    writeln!(out, "{} files, {} refused{kept}", fetched.files, fetched.refused)?;
    Ok(())
}

fn failure(error: FetchError) -> Failure {
    let exit = match error {
        FetchError::Git(_) => Exit::Unavailable,
        FetchError::Io(..) => Exit::CannotCreate,
        FetchError::Read(_) | FetchError::NoPrevious(_) => Exit::NoInput,
        FetchError::TooLarge | FetchError::Empty | FetchError::Broken(..) => Exit::Data,
    };
    Failure::new(exit, error)
}

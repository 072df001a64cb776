//! `kith baseline forget`: erase a person.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{open, shown_on};
use crate::baseline::FOLDER;
use crate::cli::{Common, Exit, Failure, progress};
use crate::mail::Address;

/// Erase a person from the baselines: the addresses, the names they go by, and every hash of them
///
/// The store is made anew without the person and takes the place of the old one, whose files are removed. The journal of
/// decisions is no part of the baselines: its files go by age (journal.files_max).
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// The person's addresses
    #[arg(required = true, value_name = "ADDRESS")]
    addresses: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let read = |text: &String| Address::parse(text).ok_or_else(|| Failure::usage(format!("{text:?} is no address")));
    let who: Vec<Address> = arguments.addresses.iter().map(read).collect::<Result<_, _>>()?;
    let (baselines, settings) = open(&arguments.common)?;
    let bar = progress::bar("forgetting");
    let forgotten = baselines.forget(&who, shown_on(&bar));
    bar.finish_and_clear();
    let forgotten = forgotten.map_err(Failure::unavailable)?;
    writeln!(
        std::io::stdout().lock(),
        "forgotten: {} messages written, {} received or naming the person",
        forgotten.written,
        forgotten.received
    )?;
    let aside = set_aside(&settings.state_directory);
    if aside.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = aside.iter().map(|path| path.display().to_string()).collect();
    let why = format!("damaged stores that were set aside may still name the person; remove {}", names.join(", "));
    Err(Failure::new(Exit::Unavailable, why))
}

/// Damaged stores that were moved out of the way, which nothing can be taken out of.
fn set_aside(state: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(state).into_iter().flatten().flatten();
    let start = format!("{FOLDER}.corrupt-");
    let mut found: Vec<PathBuf> =
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&start)).map(|e| e.path()).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_set_aside_are_told() {
        let state = tempfile::tempdir().expect("writable");
        for name in ["baseline", "baseline.corrupt-20260101T000000", "journal"] {
            fs::create_dir(state.path().join(name)).expect("writable");
        }
        assert_eq!(set_aside(state.path()), [state.path().join("baseline.corrupt-20260101T000000")]);
    }
}

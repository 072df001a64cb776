//! `kith baseline`: fill the baselines from past mail, look at them, and take out of them what should not be there.

mod export;
mod forget;
mod import;
mod names;
mod rebuild;
mod show;
mod give_back;
pub(super) mod take_back;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use super::{Common, Exit, Failure};
use crate::baseline::{Baselines, FOLDER, OpenError};
use crate::settings::Settings;

/// Fill the baselines from past mail, look at them, take out of them what should not be there
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Import(import::Arguments),
    Show(show::Arguments),
    Names(names::Arguments),
    Export(export::Arguments),
    TakeBack(take_back::Arguments),
    GiveBack(give_back::Arguments),
    Rebuild(rebuild::Arguments),
    Forget(forget::Arguments),
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Import(arguments) => import::run(&arguments),
        What::Show(arguments) => show::run(&arguments),
        What::Names(arguments) => names::run(&arguments),
        What::Export(arguments) => export::run(&arguments),
        What::TakeBack(arguments) => take_back::run(&arguments),
        What::GiveBack(arguments) => give_back::run(&arguments),
        What::Rebuild(arguments) => rebuild::run(&arguments),
        What::Forget(arguments) => forget::run(&arguments),
    }
}

/// Opens the baselines that are there already.
fn open(common: &Common) -> Result<(Baselines, Settings), Failure> {
    match open_unless_locked(common)? {
        (Some(baselines), settings) => Ok((baselines, settings)),
        (None, settings) => Err(locked(&settings)),
    }
}

fn locked(settings: &Settings) -> Failure {
    Failure::unavailable(format!(
        "the running daemon, or another command, has the baselines in {}; stop it (`systemctl stop kith`), run this \
         again, and start it again: meanwhile the MTA delivers or defers mail as its milter_default_action says",
        settings.state_directory.display()
    ))
}

/// As [`open`]; `None` where another process has them. A name that was mistyped is not to make new ones.
fn open_unless_locked(common: &Common) -> Result<(Option<Baselines>, Settings), Failure> {
    let settings = common.settings()?;
    let folder = settings.state_directory.join(FOLDER);
    // While a rebuilt store takes the place of the old one, and was cut short in it, another name holds the old.
    if !folder.exists() && !folder.with_extension("replaced").exists() {
        let why = format!(
            "there are no baselines in {}; name the folder by --state, or fill them by `kith baseline import`",
            settings.state_directory.display()
        );
        return Err(Failure::new(Exit::NoInput, why));
    }
    owned(&folder)?;
    match Baselines::open(&folder, &settings.baseline) {
        Ok(baselines) => Ok((Some(baselines), settings)),
        Err(OpenError::Locked { .. }) => Ok((None, settings)),
        Err(other) => Err(Failure::unavailable(other)),
    }
}

/// Whether the baselines belong to who runs this: what root writes there, the daemon cannot write on.
fn owned(folder: &Path) -> Result<(), Failure> {
    let (Ok(theirs), Ok(own)) = (fs::metadata(folder), fs::metadata("/proc/self")) else { return Ok(()) };
    if theirs.uid() == own.uid() {
        return Ok(());
    }
    let why = format!(
        "the baselines in {} belong to the user with id {}, who could not open them any more after another has written \
         there; run this as that user: sudo -u '#{}' kith ...",
        folder.display(),
        theirs.uid(),
        theirs.uid()
    );
    Err(Failure::new(Exit::NoPermission, why))
}

/// Shows on a bar how many of how many facts are done.
fn shown_on(bar: &ProgressBar) -> impl FnMut(u64, u64) + '_ {
    |done, all| {
        bar.set_length(all);
        bar.set_position(done);
    }
}

//! `kith quarantine`: held mail, wherever it lies: looked at, let go, deleted, and the log of all that.

mod delete;
mod digest;
mod expire;
mod list;
mod log;
mod mta;
mod release;
mod row;
mod show;

use std::io;

use clap::{Args, Subcommand};

use super::{Common, Exit, Failure, who};
use crate::decision::DecisionId;
use crate::quarantine::Folder;
use crate::settings::Settings;

/// Look at held mail, let it go, delete it; in Kith's own store and in the MTA's quarantine
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    List(list::Arguments),
    Show(show::Arguments),
    Release(release::Arguments),
    Delete(delete::Arguments),
    Digest(digest::Arguments),
    Expire(expire::Arguments),
    Log(log::Arguments),
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::List(arguments) => list::run(&arguments),
        What::Show(arguments) => show::run(&arguments),
        What::Release(arguments) => release::run(&arguments),
        What::Delete(arguments) => delete::run(&arguments),
        What::Digest(arguments) => digest::run(&arguments),
        What::Expire(arguments) => expire::run(&arguments),
        What::Log(arguments) => log::run(&arguments),
    }
}

/// What every one of them needs.
struct Place {
    settings: Settings,
    folder: Folder,
}

impl Place {
    fn open(common: &Common) -> Result<Self, Failure> {
        let settings = common.settings()?;
        crate::daemon::log_of_command(&settings.log);
        Ok(Self { folder: Folder::of(&settings.state_directory), settings })
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        let exit = if error.kind() == io::ErrorKind::PermissionDenied { Exit::NoPermission } else { Exit::Unavailable };
        let path = self.folder.path().display();
        Failure::new(exit, format!("the quarantine {path} cannot be read or written: {error}; run this as its owner"))
    }
}

fn id(text: &str) -> Result<DecisionId, Failure> {
    DecisionId::parse(text)
        .ok_or_else(|| Failure::usage(format!("{text:?} is no decision id; it has 26 letters and digits")))
}

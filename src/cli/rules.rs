//! `kith rules`: the rules of a folder, checked, listed or run over given mail.

mod check;
mod list;
mod reference;
mod run;

use clap::{Args, Subcommand};

use super::Failure;

/// Check and list rules in the Message Query Language, or run them over given mail
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Check(check::Arguments),
    List(list::Arguments),
    Reference(reference::Arguments),
    Run(run::Arguments),
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Check(arguments) => check::run(&arguments),
        What::List(arguments) => list::run(&arguments),
        What::Reference(reference::Arguments {}) => reference::run(),
        What::Run(arguments) => run::run(&arguments),
    }
}

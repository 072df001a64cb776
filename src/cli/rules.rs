//! `kith rules`: the rules of a folder, checked or run over given mail.

mod check;
mod run;

use clap::{Args, Subcommand};

use super::Failure;

/// Check rules in the Message Query Language, or run them over given mail
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Check(check::Arguments),
    Run(run::Arguments),
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Check(arguments) => check::run(&arguments),
        What::Run(arguments) => run::run(&arguments),
    }
}

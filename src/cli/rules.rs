//! `kith rules`: the rules of a folder, checked, listed or run over given mail.

mod backtest;
mod check;
mod fetch;
mod hunt;
mod list;
mod over;
mod promote;
mod reference;
mod run;
mod test;

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
    Backtest(backtest::Arguments),
    Check(check::Arguments),
    Fetch(fetch::Arguments),
    Hunt(hunt::Arguments),
    List(list::Arguments),
    Promote(promote::Arguments),
    Reference(reference::Arguments),
    Run(run::Arguments),
    Test(test::Arguments),
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Backtest(arguments) => backtest::run(&arguments),
        What::Fetch(arguments) => fetch::run(&arguments),
        What::Hunt(arguments) => hunt::run(&arguments),
        What::Promote(arguments) => promote::run(&arguments),
        What::Test(arguments) => test::run(&arguments),
        What::Check(arguments) => check::run(&arguments),
        What::List(arguments) => list::run(&arguments),
        What::Reference(reference::Arguments {}) => reference::run(),
        What::Run(arguments) => run::run(&arguments),
    }
}

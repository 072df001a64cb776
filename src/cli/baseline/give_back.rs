//! `kith baseline give-back`: gives back what was taken from mail that was no attack.

use std::io::Write;

use clap::Args;

use super::take_back::{ask_back, attack};
use crate::cli::{Common, Exit, Failure};
use crate::mail::Moment;

/// Give back exactly the trust that was taken back, from messages or from an address
///
/// It undoes `take-back` of the same decision or address: a decision's own label, or an address's, and not the other.
/// While the daemon runs, it does it.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// For addresses: since when they do not attack, a day or RFC 3339 [default: ever]
    #[arg(long, value_name = "T")]
    since: Option<String>,
    /// Decision ids, as in X-Kith-ID and in the log, or addresses
    #[arg(required = true, value_name = "ID|ADDRESS")]
    what: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let since = match &arguments.since {
        Some(text) => crate::cli::when::moment(text, false).map_err(Failure::usage)?,
        None => Moment(i64::MIN),
    };
    // All are understood before the first is given back.
    let attacks: Vec<_> = arguments
        .what
        .iter()
        .map(|what| attack(&arguments.common, what, since).map(|attack| (what, attack)))
        .collect::<Result<_, _>>()?;
    let mut nothing = Vec::new();
    for (what, attack) in attacks {
        let given = ask_back(&arguments.common, &attack)?;
        writeln!(
            std::io::stdout().lock(),
            "{what}: {} messages are attacks no longer, {} answers to them, {} profiles made anew",
            given.messages,
            given.answers,
            given.profiles
        )?;
        if given.messages == 0 {
            nothing.push(what.as_str());
        }
    }
    if nothing.is_empty() {
        return Ok(());
    }
    let why = "nothing that was taken back, and is not labelled otherwise, is meant by";
    Err(Failure::new(Exit::NoInput, format!("{why} {}", nothing.join(", "))))
}

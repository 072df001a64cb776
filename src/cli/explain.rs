//! `kith explain`: a decision in words.

use std::io::Write;

use clap::Args;

use super::{Common, Exit, Failure};
use crate::decision::DecisionId;
use crate::journal;

/// Explain a decision: why, what each part contributed, and what would have changed it
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// The decision's id, as in X-Kith-ID and in the log
    id: String,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let folder = settings.state_directory.join(journal::FOLDER);
    let id = DecisionId::parse(&arguments.id)
        .ok_or_else(|| Failure::usage(format!("{:?} is no decision id; it has 26 letters and digits", arguments.id)))?;
    let entry = journal::find(&folder, id)
        .map_err(|error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display())))?
        .ok_or_else(|| {
            let why = format!("the journal in {} holds no decision {}", folder.display(), arguments.id);
            Failure::new(Exit::NoInput, why)
        })?;
    let text = crate::filter::explain(&entry, &settings.filter());
    write!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

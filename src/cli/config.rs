//! `kith config`: check the settings, or show them.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{Common, Exit, Failure};
use crate::settings::EMBEDDED;

/// Check the settings, or show them
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Say whether the settings are sound; ends with 78 where they are not
    Check(Common),
    /// Print the settings in force, or every key with its purpose and default
    Show {
        #[command(flatten)]
        common: Common,
        /// Print the commented defaults instead: a file to begin with
        #[arg(long)]
        default: bool,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match arguments.what {
        What::Check(common) => {
            let settings = common.settings()?;
            // What only shows when the parts are built: the model file, the resolver.
            let filter = crate::filter::Filter::check(&settings.filter());
            filter.map_err(|error| Failure::new(Exit::Config, error))?;
            writeln!(out, "settings are sound")?;
        }
        What::Show { default: true, .. } => write!(out, "{EMBEDDED}")?,
        What::Show { common, default: false } => write!(out, "{}", common.settings()?.to_toml()?)?,
    }
    Ok(())
}

//! `kith baseline`: fill the baselines from past mail, or look at them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use tokio::runtime::Runtime;

use super::{Common, Exit, Failure, progress};
use crate::auth::Trust;
use crate::filter::{Filter, Origin, import};

/// Fill the baselines from past mail, or look at them
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Learn from past mail, in the order of its dates; an import that was broken off goes on where it stood
    Import {
        #[command(flatten)]
        common: Common,
        /// Whose Authentication-Results tell what was authentic when the mail came
        #[arg(long, value_name = "newest|NAME", default_value = "newest")]
        trust_authres: String,
        /// Files, folders, Maildirs or mbox files (plain or .zst); leave out what is junk
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },
    /// Show what is known of an address, a domain, or a pair AUTHOR:RECIPIENT
    Show {
        #[command(flatten)]
        common: Common,
        /// An address, a domain, or two addresses with a colon between
        key: String,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::Import { common, trust_authres, paths } => fill(&common, &trust_authres, &paths),
        What::Show { common, key } => show(&common, &key),
    }
}

fn fill(common: &Common, trust: &str, paths: &[PathBuf]) -> Result<(), Failure> {
    let settings = common.settings()?;
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let mut offline = settings.filter();
    "off".clone_into(&mut offline.auth.resolver);
    let filter = Filter::open(&offline, Some(&settings.state_directory)).map_err(Failure::unavailable)?;
    let origin = Origin { received_client: true, trust: Some(Trust::parse(trust)), ..Origin::default() };
    let bar = progress::bar("importing");
    let imported = import(&filter, paths, &origin, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    filter.close();
    let imported = imported.map_err(Failure::unavailable)?;
    for error in &imported.errors {
        eprintln!("{error}");
    }
    println!("{} messages learned, {} were learned before", imported.learned, imported.before);
    if imported.errors.is_empty() { Ok(()) } else { Err(Failure::new(Exit::NoInput, "not all mail could be read")) }
}

fn show(common: &Common, key: &str) -> Result<(), Failure> {
    let settings = common.settings()?;
    let folder = settings.state_directory.join(crate::baseline::FOLDER);
    let baselines =
        crate::baseline::Baselines::open(&folder, &settings.baseline).map_err(Failure::unavailable)?;
    match baselines.show(key) {
        Some(text) => print!("{text}"),
        None => return Err(Failure::new(Exit::NoInput, format!("nothing is known of {key}"))),
    }
    Ok(())
}

//! `kith baseline import`: learn from past mail.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use tokio::runtime::Runtime;

use crate::auth::Trust;
use crate::cli::{Common, Exit, Failure, progress};
use crate::filter::{Filter, Origin};
use crate::training::import;

/// Learn from past mail, in the order of its dates; an import that was broken off goes on where it stood
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Whose Authentication-Results tell what was authentic when the mail came
    #[arg(long, value_name = "newest|NAME", default_value = "newest")]
    trust_authres: String,
    /// Files, folders, Maildirs or mbox files (plain or .zst); leave out what is junk
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let mut offline = settings.filter();
    "off".clone_into(&mut offline.auth.resolver);
    let filter = Filter::open(&offline, Some(&settings.state_directory))?;
    let trust = Some(Trust::parse(&arguments.trust_authres));
    let origin = Origin { received_client: true, kept: true, trust, ..Origin::default() };
    let bar = progress::bar("importing");
    let imported = import(&filter, &arguments.paths, &origin, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    filter.close();
    let imported = imported.map_err(Failure::unavailable)?;
    for error in &imported.errors {
        eprintln!("{error}");
    }
    let (learned, before) = (imported.learned, imported.before);
    writeln!(std::io::stdout().lock(), "{learned} messages learned, {before} were learned before")?;
    if imported.errors.is_empty() { Ok(()) } else { Err(Failure::new(Exit::NoInput, "not all mail could be read")) }
}

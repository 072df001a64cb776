//! Labelled mail on the command line, and its replay, as training and evaluation both need them.

use std::path::PathBuf;

use clap::Args;
use tokio::runtime::Runtime;

use super::{Common, Failure, progress};
use crate::auth::Trust;
use crate::filter::{Filter, Origin};
use crate::settings::Settings;
use crate::training::{Replayed, Source, replay};

/// Labelled mail.
#[derive(Args, Debug)]
pub(super) struct Labelled {
    /// Settings file [default: /etc/kith/kith.toml where it exists, else the built-in defaults]
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Ordinary mail: a file, folder, Maildir or mbox (plain or .zst); may be repeated
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    ham: Vec<PathBuf>,
    /// Attacks, likewise
    #[arg(long, required = true, num_args = 1.., value_name = "PATH")]
    attack: Vec<PathBuf>,
    /// Take SPF, DKIM and DMARC from the newest Authentication-Results header, or from those of the named authserv-id
    #[arg(long, value_name = "newest|NAME", default_value = "newest")]
    trust_authres: String,
}

impl Labelled {
    /// Reads the settings for a replay: no DNS, since records have changed since the mail came.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Common { config: self.config.clone(), state: None }.settings()?;
        "off".clone_into(&mut settings.auth.resolver);
        Ok(settings)
    }

    /// Replays the mail over an empty baseline that is thrown away afterwards.
    pub(super) fn replay(&self, settings: &Settings, scored: bool) -> Result<Replayed, Failure> {
        replay_sources(settings, &self.sources(), &self.trust_authres, scored)
    }

    fn sources(&self) -> Vec<Source> {
        [sources(&self.ham, false, false), sources(&self.attack, true, false)].concat()
    }
}

/// Mail at these paths, each a source that is named as its file.
pub(super) fn sources(paths: &[PathBuf], attack: bool, refused: bool) -> Vec<Source> {
    let source = move |path: &PathBuf| {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into());
        let name = name.split('.').next().unwrap_or(&name).to_owned();
        Source { name, path: path.clone(), attack, refused }
    };
    paths.iter().map(source).collect()
}

/// Replays mail over an empty baseline that is thrown away afterwards.
pub(super) fn replay_sources(
    settings: &Settings,
    sources: &[Source],
    trust_authres: &str,
    scored: bool,
) -> Result<Replayed, Failure> {
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let state = tempfile::Builder::new().prefix("kith-replay-").tempdir().map_err(Failure::unavailable)?;
    let open = if scored { Filter::open } else { Filter::open_unscored };
    let filter = open(&settings.filter(), Some(state.path()))?;
    let trust = Some(Trust::parse(trust_authres));
    let origin = Origin { received_client: true, kept: true, trust, ..Origin::default() };
    let bar = progress::bar("replaying");
    let replayed = replay(&filter, sources, &origin, |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    filter.close();
    let replayed = replayed.map_err(|error| Failure::new(super::Exit::NoInput, error))?;
    for error in &replayed.errors {
        eprintln!("{error}");
    }
    Ok(replayed)
}

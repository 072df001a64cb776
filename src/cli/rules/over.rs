//! Given mail as rules see it: what `run`, `hunt`, `backtest` and `test` have in common.

use std::path::{Path, PathBuf};

use clap::Args;
use tokio::runtime::Runtime;

use crate::auth::Trust;
use crate::cli::{Common, Exit, Failure};
use crate::files::Signatures;
use crate::filter::{Filter, Origin};
use crate::mail::Moment;
use crate::mailbox;
use crate::rules::facts::View;
use crate::rules::feed::{self, Report, Rule};
use crate::rules::lists::Lists;
use crate::settings::Settings;

/// How given mail is seen.
#[derive(Args, Clone, Debug)]
pub(super) struct Seen {
    /// Folder of the lists that rules name
    #[arg(long, value_name = "DIR")]
    pub(super) lists: Option<PathBuf>,
    /// Settings file [default: /etc/kith/kith.toml where it exists, else the built-in defaults]
    #[arg(long, short, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Folder of baselines to compare with; without it nothing is known of who writes to whom
    #[arg(long, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// Take SPF, DKIM and DMARC from the newest Authentication-Results header, or from those of the named authserv-id
    #[arg(long, value_name = "newest|NAME")]
    pub(super) trust_authres: Option<String>,
}

/// Mail that is about to be seen.
pub(super) struct Over {
    filter: Filter,
    signatures: Signatures,
    origin: Origin,
    runtime: Runtime,
}

impl Seen {
    /// The settings of this call, without DNS: records have changed since the mail came.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = Common { config: self.config.clone(), state: None }.settings()?;
        "off".clone_into(&mut settings.auth.resolver);
        // What is asked of the mail is asked here, not by the rules of the settings.
        settings.rules.paths.clear();
        Ok(settings)
    }

    /// The lists that rules name.
    pub(super) fn lists(&self, settings: &Settings) -> Result<Lists, Failure> {
        let mut lists = Lists::of(&settings.organisation);
        let folders: Vec<&Path> = match &self.lists {
            Some(folder) => vec![folder],
            None => settings.rules.lists.iter().map(PathBuf::as_path).collect(),
        };
        for folder in folders {
            let refused = |error| Failure::new(Exit::NoInput, format!("{} cannot be read: {error}", folder.display()));
            lists.read_folder(folder).map_err(refused)?;
        }
        Ok(lists)
    }

    /// Rules; what is wrong with those that are refused goes to standard error.
    pub(super) fn rules(&self, path: &Path, lists: &Lists) -> Result<(Vec<Rule>, Report), Failure> {
        let read = feed::read(path, Some(lists)).map_err(|error| Failure::new(Exit::NoInput, error))?;
        for problem in &read.1.errors {
            eprintln!("{}\n", problem.shown);
        }
        Ok(read)
    }

    /// Makes ready to see mail, and its files with the YARA rules that lie beside the rules.
    pub(super) fn open(&self, settings: &Settings, rules: Option<&Path>) -> Result<Over, Failure> {
        let runtime = Runtime::new().map_err(Failure::unavailable)?;
        let inside = runtime.enter();
        let filter = Filter::open(&settings.filter(), self.state.as_deref())?;
        drop(inside);
        let trust = self.trust_authres.as_deref().map(Trust::parse);
        let (signatures, unread) = feed::signatures(rules);
        for (file, why) in unread {
            eprintln!("{file}: {why}");
        }
        Ok(Over { filter, signatures, origin: Origin { trust, ..Origin::default() }, runtime })
    }
}

impl Over {
    /// Shows each message at the paths that came since, and counts those that cannot be read.
    pub(super) fn each(
        &self,
        paths: &[PathBuf],
        since: Option<Moment>,
        mut see: impl FnMut(&str, View<'_>) -> Result<(), Failure>,
    ) -> Result<usize, Failure> {
        let mut unread = 0;
        for stored in mailbox::read(paths) {
            match stored {
                Ok(stored) => self.one(&stored.raw, |view| match since {
                    Some(since) if view.at < since => Ok(()),
                    _ => see(&stored.path, view),
                })?,
                Err(error) => {
                    eprintln!("{error}");
                    unread += 1;
                }
            }
        }
        Ok(unread)
    }

    /// Shows one message.
    pub(super) fn one<T>(&self, raw: &[u8], see: impl FnOnce(View<'_>) -> T) -> T {
        let seen = self.filter.consult(raw, &self.origin, |evidence| see(View::of(evidence).with_signatures(&self.signatures)));
        self.runtime.block_on(seen)
    }

    /// Ends it.
    pub(super) fn close(self) {
        self.filter.close();
    }
}

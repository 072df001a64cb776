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

    /// The YARA rules beside rules; what is wrong with those that are left out goes to standard error.
    pub(super) fn signatures(&self, rules: &Path) -> Signatures {
        let (signatures, refused) = feed::signatures([rules]);
        for (file, why) in refused {
            eprintln!("{file}: {why}");
        }
        signatures
    }

    /// Makes ready to see mail.
    pub(super) fn open(&self, settings: &Settings) -> Result<Over, Failure> {
        let runtime = Runtime::new().map_err(Failure::unavailable)?;
        let inside = runtime.enter();
        let filter = Filter::open(&settings.filter(), self.state.as_deref())?;
        drop(inside);
        let trust = self.trust_authres.as_deref().map(Trust::parse);
        Ok(Over { filter, origin: Origin { trust, ..Origin::default() }, runtime })
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
        let seen = self.filter.consult(raw, &self.origin, |evidence| see(View::of(evidence)));
        self.runtime.block_on(seen)
    }

    /// Ends it.
    pub(super) fn close(self) {
        self.filter.close();
    }
}

/// The moment that lies so long ago: `30d`, `12h`, `2w`.
pub(super) fn ago(text: &str) -> Result<Moment, String> {
    let wrong = || format!("{text:?} is no time; write 30d, 12h or 2w");
    let units = [('h', 1), ('d', 24), ('w', 24 * 7)];
    let read = units.iter().find_map(|(unit, hours)| Some((text.strip_suffix(*unit)?, hours)));
    let (number, hours) = read.ok_or_else(wrong)?;
    let number: i64 = number.parse().map_err(|_| wrong())?;
    let seconds = number.checked_mul(hours * 3_600).filter(|seconds| *seconds >= 0).ok_or_else(wrong)?;
    Ok(Moment::from_secs(Moment::now().secs().saturating_sub(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        let now = Moment::now();
        for (text, days) in [("30d", 30.0), ("12h", 0.5), ("2w", 14.0)] {
            let past = ago(text).expect("a time");
            assert!((now.days_since(past) - days).abs() < 0.01, "{text}");
        }
        for text in ["", "d", "30", "-3d", "3m", "\u{fc}"] {
            assert!(ago(text).is_err(), "{text}");
        }
    }
}

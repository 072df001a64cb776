//! `kith baseline`: fill the baselines from past mail, or look at them.

use std::io::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use tokio::runtime::Runtime;

use super::{Common, Exit, Failure, progress};
use crate::auth::Trust;
use crate::baseline::{Baselines, FOLDER, Profile, Subject};
use crate::filter::{Filter, Origin};
use crate::mail::{Address, Domain, Moment};
use crate::training::import;

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
    let filter = Filter::open(&offline, Some(&settings.state_directory))?;
    let trust = Some(Trust::parse(trust));
    let origin = Origin { received_client: true, kept: true, trust, ..Origin::default() };
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
    let (learned, before) = (imported.learned, imported.before);
    writeln!(std::io::stdout().lock(), "{learned} messages learned, {before} were learned before")?;
    if imported.errors.is_empty() { Ok(()) } else { Err(Failure::new(Exit::NoInput, "not all mail could be read")) }
}

fn show(common: &Common, key: &str) -> Result<(), Failure> {
    let settings = common.settings()?;
    let subjects = subjects(key).ok_or_else(|| {
        Failure::usage(format!("{key:?} is neither an address, a domain, nor a pair AUTHOR:RECIPIENT"))
    })?;
    let folder = settings.state_directory.join(FOLDER);
    let baselines = Baselines::open(&folder, &settings.baseline).map_err(Failure::unavailable)?;
    let now = Moment::now();
    let mut known = false;
    for (what, subject) in subjects {
        if let Some(profile) = baselines.show(&subject, now).map_err(Failure::unavailable)? {
            known = true;
            write!(std::io::stdout().lock(), "{what}\n{}", words(&profile))?;
        }
    }
    if known { Ok(()) } else { Err(Failure::new(Exit::NoInput, format!("nothing is known of {key}"))) }
}

/// What a key may name.
fn subjects(key: &str) -> Option<Vec<(String, Subject)>> {
    if let Some((author, recipient)) = key.split_once(':') {
        let (author, recipient) = (Address::parse(author)?, Address::parse(recipient)?);
        return Some(vec![(format!("{author} to {recipient}"), Subject::Pair(author, recipient))]);
    }
    if let Some(address) = Address::parse(key) {
        return Some(vec![
            (format!("{address} as author"), Subject::Sender(address.clone())),
            (format!("{address} as recipient"), Subject::Recipient(address)),
        ]);
    }
    Domain::parse(key).map(|domain| vec![(format!("{domain} as author"), Subject::Domain(domain))])
}

fn words(profile: &Profile) -> String {
    let counts = &profile.counts;
    format!(
        "  seen              {} times, first {}, last {}\n  \
           recent weight     {:.1} messages, {:.1} trusted, {:.1} refused\n  \
           correspondents    about {}\n  \
           written to by us  {} times\n",
        profile.seen,
        profile.first_seen.rfc3339(),
        profile.last_seen.rfc3339(),
        counts.messages,
        counts.trusted,
        counts.refused,
        profile.correspondents,
        profile.written_to,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_names_an_address_a_domain_or_a_pair() {
        let check = |key: &str, expected: Option<usize>| assert_eq!(subjects(key).map(|s| s.len()), expected, "{key}");
        check("a@x.example", Some(2));
        check("x.example", Some(1));
        check("a@x.example:b@y.example", Some(1));
        check("a@x.example:nobody", None);
        check("two words", None);
    }
}

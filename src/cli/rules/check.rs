//! `kith rules check`: which rules parse, are rightly typed, and can be evaluated, and what the others lack.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;

use crate::cli::{Exit, Failure};
use crate::rules::feed::{self, Report};
use crate::rules::lists::Lists;

/// Things that are lacking which are shown unless all are asked for.
const LACKING_SHOWN: usize = 20;

/// Check a rule, or all rules below a folder: syntax, names, types, and whether Kith can evaluate them
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// One JSON object instead of text
    #[arg(long)]
    json: bool,
    /// Folder of the lists that rules name; without it each known list counts as there
    #[arg(long, value_name = "DIR")]
    lists: Option<PathBuf>,
    /// A rule in YAML, or a folder of them
    #[arg(value_name = "PATH")]
    path: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let lists = arguments.lists.as_deref().map(|folder| {
        let mut lists = Lists::default();
        lists.read_folder(folder).map(|()| lists).map_err(|error| {
            Failure::new(Exit::NoInput, format!("{} cannot be read: {error}", folder.display()))
        })
    });
    let lists = lists.transpose()?;
    let read = feed::read(&arguments.path, lists.as_ref()).map_err(|error| Failure::new(Exit::NoInput, error))?;
    let report = read.1;
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let json = serde_json::to_string(&report).map_err(|error| Failure::new(Exit::Software, error))?;
        writeln!(out, "{json}")?;
    } else {
        write!(out, "{}", page(&report))?;
    }
    match report.errors.len() {
        0 => Ok(()),
        faults => Err(Failure::new(Exit::Data, format!("{faults} of {} files are refused", report.files))),
    }
}

fn page(report: &Report) -> String {
    let mut page: String = report.errors.iter().map(|problem| format!("{}\n\n", problem.shown)).collect();
    page.push_str(&format!(
        "{} files, {} rules: {} parse, {} are rightly typed, {} can be evaluated\n",
        report.files, report.entities, report.parsed, report.typed, report.evaluable
    ));
    let mut missing: Vec<_> = report.missing.iter().collect();
    missing.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    for (name, count) in missing.iter().take(LACKING_SHOWN) {
        page.push_str(&format!("{count:>6} lack {name}\n"));
    }
    if missing.len() > LACKING_SHOWN {
        page.push_str(&format!("       and {} more things are lacking: see --json\n", missing.len() - LACKING_SHOWN));
    }
    page
}

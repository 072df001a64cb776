//! `kith rules run`: which rules match given messages.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::auth::Trust;
use crate::cli::{Common, Exit, Failure};
use crate::filter::{Filter, Origin};
use crate::mailbox;
use crate::rules::evaluate::{Outcome, Run};
use crate::rules::facts::View;
use crate::rules::feed::{self, Rule};
use crate::rules::lists::Lists;

/// Run rules over messages: what matches, and what cannot be told for lack of something
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// One JSON object a message and line
    #[arg(long)]
    json: bool,
    /// Show the rules that cannot be told too, and what they lack
    #[arg(long)]
    undecided: bool,
    /// Folder of the lists that rules name
    #[arg(long, value_name = "DIR")]
    lists: Option<PathBuf>,
    /// Settings file [default: /etc/kith/kith.toml where it exists, else the built-in defaults]
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of baselines to compare with; without it nothing is known of who writes to whom
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Take SPF, DKIM and DMARC from the newest Authentication-Results header, or from those of the named authserv-id
    #[arg(long, value_name = "newest|NAME")]
    trust_authres: Option<String>,
    /// A rule in YAML, or a folder of them
    #[arg(value_name = "RULES")]
    rules: PathBuf,
    /// Messages: files, folders, Maildirs, mbox files (plain or .zst), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    messages: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let common = Common { config: arguments.config.clone(), state: arguments.state.clone() };
    let mut settings = common.settings()?;
    // Records have changed since the mail came.
    "off".clone_into(&mut settings.auth.resolver);
    let mut lists = Lists::of(&settings.organisation);
    if let Some(folder) = &arguments.lists {
        let refused = |error| Failure::new(Exit::NoInput, format!("{} cannot be read: {error}", folder.display()));
        lists.read_folder(folder).map_err(refused)?;
    }
    let (rules, report) =
        feed::read(&arguments.rules, Some(&lists)).map_err(|error| Failure::new(Exit::NoInput, error))?;
    let (signatures, unread) = feed::signatures([arguments.rules.as_path()]);
    for (file, why) in unread {
        eprintln!("{file}: {why}");
    }
    for problem in &report.errors {
        eprintln!("{}\n", problem.shown);
    }
    let runtime = Runtime::new().map_err(Failure::unavailable)?;
    let _inside = runtime.enter();
    let filter = Filter::open(&settings.filter(), arguments.state.as_deref())?;
    let origin = Origin { trust: arguments.trust_authres.as_deref().map(Trust::parse), ..Origin::default() };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut unread = 0_usize;
    for stored in mailbox::read(&arguments.messages) {
        let stored = match stored {
            Ok(stored) => stored,
            Err(error) => {
                eprintln!("{error}");
                unread += 1;
                continue;
            }
        };
        let page = runtime.block_on(filter.consult(&stored.raw, &origin, |evidence| {
            let run = Run::new(View::of(evidence).with_signatures(&signatures), &lists);
            page(arguments, &stored.path, &rules, &run)
        }));
        writeln!(out, "{page}")?;
    }
    out.flush()?;
    filter.close();
    match unread + report.errors.len() {
        0 => Ok(()),
        refused => Err(Failure::new(Exit::Data, format!("{refused} rules or messages could not be read"))),
    }
}

/// What the rules say of one message.
fn page(arguments: &Arguments, path: &str, rules: &[Rule], run: &Run<'_>) -> String {
    let (mut matches, mut undecided) = (Vec::new(), Vec::new());
    for rule in rules {
        match run.outcome(&rule.checked.code) {
            Outcome::Match => matches.push(rule),
            Outcome::Undecided(lack) => undecided.push((rule, lack.words())),
            Outcome::NoMatch => {}
        }
    }
    if arguments.json {
        let shown = |rule: &Rule| {
            json!({"name": rule.entity.name, "type": rule.entity.kind.name(), "severity": rule.entity.severity,
                   "file": rule.path})
        };
        let lacking: Vec<_> = undecided
            .iter()
            .filter(|_| arguments.undecided)
            .map(|(rule, lack)| json!({"name": rule.entity.name, "file": rule.path, "lacks": lack}))
            .collect();
        let matches: Vec<_> = matches.into_iter().map(shown).collect();
        return json!({"path": path, "matches": matches, "undecided": undecided.len(), "lacking": lacking}).to_string();
    }
    let mut lines = vec![format!("{path}: {} match, {} cannot be told", matches.len(), undecided.len())];
    for rule in matches {
        let severity = rule.entity.severity.as_deref().unwrap_or("-");
        lines.push(format!("  {severity:<13} {}  ({})", rule.entity.name, rule.path.display()));
    }
    for (rule, lack) in undecided.iter().filter(|_| arguments.undecided) {
        lines.push(format!("  {:<13} {}: {lack}", "untold", rule.entity.name));
    }
    lines.join("\n")
}

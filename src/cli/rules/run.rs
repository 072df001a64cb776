//! `kith rules run`: which rules match given messages.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::over::Seen;
use crate::cli::{Exit, Failure};
use crate::rules::set::evaluate;
use crate::rules::{Match, Matches, RuleSet};

/// Run rules over messages: what matches, and what cannot be told for lack of something
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    seen: Seen,
    /// One JSON object a message and line
    #[arg(long)]
    json: bool,
    /// Show the rules that cannot be told too, and what they lack
    #[arg(long)]
    undecided: bool,
    /// Show what of the message made each rule match
    #[arg(long)]
    because: bool,
    /// A rule in YAML, or a folder of them
    #[arg(value_name = "RULES")]
    rules: PathBuf,
    /// Messages: files, folders, Maildirs, mbox files (plain or .zst), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    messages: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.seen.settings()?;
    let lists = arguments.seen.lists(&settings)?;
    let (rules, report) = arguments.seen.rules(&arguments.rules, &lists)?;
    let set = RuleSet::new(rules, lists);
    let signatures = arguments.seen.signatures(&arguments.rules);
    let over = arguments.seen.open(&settings)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let unread = over.each(&arguments.messages, None, |path, view| {
        let page = page(arguments, path, &evaluate(&set, view.with_signatures(&signatures)));
        Ok(writeln!(out, "{page}")?)
    })?;
    out.flush()?;
    over.close();
    match unread + report.errors.len() {
        0 => Ok(()),
        refused => Err(Failure::new(Exit::Data, format!("{refused} rules or messages could not be read"))),
    }
}

/// What the rules say of one message.
fn page(arguments: &Arguments, path: &str, matches: &Matches) -> String {
    if arguments.json {
        let shown = |found: &Match| {
            let rule = &found.rule;
            json!({"name": rule.name, "type": rule.kind.name(), "severity": rule.severity, "file": rule.path,
                   "found": found.found})
        };
        let undecided = matches.undecided.iter().filter(|_| arguments.undecided);
        let lacking: Vec<_> = undecided
            .map(|(rule, lack)| json!({"name": rule.name, "file": rule.path, "lacks": lack.words()}))
            .collect();
        let matched: Vec<_> = matches.matched.iter().map(shown).collect();
        let failed: Vec<&str> = matches.failed.iter().map(|rule| rule.key.as_str()).collect();
        return json!({"path": path, "matches": matched, "undecided": matches.undecided.len(), "lacking": lacking,
                      "failed": failed})
        .to_string();
    }
    let (matched, undecided) = (matches.matched.len(), matches.undecided.len());
    let mut lines = vec![format!("{path}: {matched} match, {undecided} cannot be told")];
    for found in &matches.matched {
        let (rule, severity) = (&found.rule, found.rule.severity.as_deref().unwrap_or("-"));
        lines.push(format!("  {severity:<13} {}  ({})", rule.name, rule.path.display()));
        for found in found.found.iter().filter(|_| arguments.because) {
            lines.push(format!("  {:<13} {} {:?}", "", found.place, found.value));
        }
    }
    for (rule, lack) in matches.undecided.iter().filter(|_| arguments.undecided) {
        lines.push(format!("  {:<13} {}: {}", "untold", rule.name, lack.words()));
    }
    lines.extend(matches.failed.iter().map(|rule| format!("  {:<13} {}", "failed", rule.name)));
    lines.join("\n")
}

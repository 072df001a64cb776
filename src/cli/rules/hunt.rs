//! `kith rules hunt`: which stored messages an expression holds of.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::over::{Seen, ago};
use crate::cli::{Exit, Failure};
use crate::mail::Moment;
use crate::rules::RuleSet;
use crate::rules::feed::{Entity, EntityKind, Place, Problem, Rule};
use crate::rules::lists::Lists;
use crate::rules::set::evaluate;
use crate::rules::{check, language};

/// Find the messages of which an expression holds
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    seen: Seen,
    /// One JSON object a message and line
    #[arg(long)]
    json: bool,
    /// Only messages that came in this time: 30d, 12h, 2w
    #[arg(long, value_name = "TIME", value_parser = ago)]
    since: Option<Moment>,
    /// A condition in the Message Query Language
    #[arg(value_name = "EXPRESSION")]
    expression: String,
    /// Messages: files, folders, Maildirs, mbox files (plain or .zst), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    messages: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.seen.settings()?;
    let lists = arguments.seen.lists(&settings)?;
    let rule = rule(&arguments.expression, &lists).map_err(|shown| Failure::new(Exit::Data, format!("\n{shown}")))?;
    let set = RuleSet::new(vec![rule], lists);
    let over = arguments.seen.open(&settings)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut seen, mut matched, mut untold) = (0_usize, 0_usize, 0_usize);
    let unread = over.each(&arguments.messages, arguments.since, |path, view| {
        let (subject, at) = (view.message.subject.clone(), view.at.rfc3339());
        let matches = evaluate(&set, view);
        seen += 1;
        untold += matches.undecided.len();
        let Some(found) = matches.matched.first() else { return Ok(()) };
        matched += 1;
        if arguments.json {
            let line = json!({"path": path, "at": at, "subject": subject, "found": found.found});
            return Ok(writeln!(out, "{line}")?);
        }
        writeln!(out, "{path}  {at}  {subject:?}")?;
        for found in &found.found {
            writeln!(out, "    {} {:?}", found.place, found.value)?;
        }
        Ok(())
    })?;
    out.flush()?;
    over.close();
    eprintln!("{matched} of {seen} messages match; of {untold} it cannot be told");
    match unread {
        0 => Ok(()),
        unread => Err(Failure::new(Exit::Data, format!("{unread} messages could not be read"))),
    }
}

/// An expression as a rule of its own.
fn rule(expression: &str, lists: &Lists) -> Result<Rule, String> {
    let entity = Entity {
        name: "expression".to_owned(),
        kind: EntityKind::Rule,
        id: None,
        severity: None,
        tags: Vec::new(),
        attack_types: Vec::new(),
        active: true,
        source: expression.to_owned(),
        tests: Vec::new(),
        place: Place { line: 1, indent: 0 },
    };
    let path = Path::new("expression");
    let refused = |fault| Problem::of_source(path, &entity, fault).shown;
    let node = language::parse(expression).map_err(refused)?;
    let checked = check::check_condition(&node, Some(lists)).map_err(refused)?;
    Ok(Rule { path: path.to_owned(), entity, node, checked })
}

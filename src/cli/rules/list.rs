//! `kith rules list`: the rules of a folder, and what each lacks.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::cli::{Exit, Failure};
use crate::rules::feed;

/// List a rule, or all rules below a folder, with what Kith lacks to evaluate them
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// One JSON object a rule and line
    #[arg(long)]
    json: bool,
    /// Only rules for which something is lacking
    #[arg(long)]
    missing: bool,
    /// A rule in YAML, or a folder of them
    #[arg(value_name = "PATH")]
    path: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let (rules, _) = feed::read(&arguments.path, None).map_err(|error| Failure::new(Exit::NoInput, error))?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for rule in rules.iter().filter(|rule| !arguments.missing || !rule.checked.missing.is_empty()) {
        let (entity, missing) = (&rule.entity, &rule.checked.missing);
        if arguments.json {
            let line = json!({"name": entity.name, "id": entity.id, "type": entity.kind.name(), "file": rule.path,
                "severity": entity.severity, "tags": entity.tags, "missing": missing});
            writeln!(out, "{line}")?;
            continue;
        }
        let severity = entity.severity.as_deref().unwrap_or("-");
        writeln!(out, "{:<12} {severity:<13} {}", entity.kind.name(), entity.name)?;
        if !missing.is_empty() {
            let lacking: Vec<&str> = missing.iter().map(String::as_str).collect();
            writeln!(out, "{:<26} lacks {}", "", lacking.join(", "))?;
        }
    }
    out.flush()?;
    Ok(())
}

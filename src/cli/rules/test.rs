//! `kith rules test`: what rules say of the sample messages that they carry.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::over::{Over, Seen};
use crate::cli::{Exit, Failure};
use crate::rules::RuleSet;
use crate::rules::feed::{Rule, Sample};
use crate::rules::set::evaluate;

/// Run the tests that rules carry: each names a message and whether the rule matches it
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    seen: Seen,
    /// A rule in YAML, or a folder of them; files that tests name lie in its folder `tests`, or beside the rule
    #[arg(value_name = "RULES")]
    rules: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.seen.settings()?;
    let lists = arguments.seen.lists(&settings)?;
    let (rules, report) = arguments.seen.rules(&arguments.rules, &lists)?;
    let over = arguments.seen.open(&settings)?;
    let mut out = std::io::stdout().lock();
    let (mut done, mut failed, mut without) = (0_usize, 0_usize, 0_usize);
    for rule in rules {
        let samples = rule.entity.tests.clone();
        without += usize::from(samples.is_empty());
        if samples.is_empty() {
            continue;
        }
        let (path, set) = (rule.path.clone(), RuleSet::new(vec![rule.clone()], lists.clone()));
        for (place, sample) in samples.iter().enumerate() {
            done += 1;
            if let Err(why) = check(&over, &arguments.rules, &rule, &set, sample) {
                failed += 1;
                writeln!(out, "{}: test {}: {why}", path.display(), place + 1)?;
            }
        }
    }
    over.close();
    writeln!(out, "{done} tests, {failed} failed; {without} rules have none")?;
    match failed + report.errors.len() {
        0 => Ok(()),
        _ => Err(Failure::new(Exit::Data, format!("{failed} tests failed, {} rules are refused", report.errors.len()))),
    }
}

/// Runs one test; what is wrong, in words.
fn check(over: &Over, root: &Path, rule: &Rule, set: &RuleSet, sample: &Sample) -> Result<(), String> {
    let raw = match (&sample.message, &sample.file) {
        (Some(message), None) => message.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
        (None, Some(file)) => read(root, rule, file)?,
        _ => return Err("it names neither a message nor a file, or both".to_owned()),
    };
    let matches = over.one(&raw, |view| evaluate(set, view));
    let is_match = !matches.matched.is_empty();
    if is_match == sample.matches {
        return Ok(());
    }
    let lack = matches.undecided.first().map_or_else(String::new, |(_, lack)| format!(": {}", lack.words()));
    Err(if is_match { "it matches, and should not".to_owned() } else { format!("it does not match, and should{lack}") })
}

/// The message in a file, which lies in the folder of tests or beside the rule.
fn read(root: &Path, rule: &Rule, file: &Path) -> Result<Vec<u8>, String> {
    let is_plain = file.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !is_plain {
        return Err(format!("{} leads out of the folder of tests", file.display()));
    }
    let beside = rule.path.parent().unwrap_or(Path::new("."));
    let places = [root.join("tests"), beside.join("tests"), beside.to_owned()].map(|folder| folder.join(file));
    let found = places.iter().find(|path| path.is_file()).ok_or_else(|| format!("there is no {}", file.display()))?;
    let raw = fs::read(found).map_err(|error| format!("{}: {error}", found.display()))?;
    Ok(String::from_utf8(raw).map_or_else(
        // Binary mail has its line ends already.
        |error| error.into_bytes(),
        |text| text.replace("\r\n", "\n").replace('\n', "\r\n").into_bytes(),
    ))
}

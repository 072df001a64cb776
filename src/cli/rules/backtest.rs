//! `kith rules backtest`: what rules would have flagged of past mail, and how much of that is known to be safe.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::over::{Seen, ago};
use crate::cli::{Exit, Failure};
use crate::mail::Moment;
use crate::rules::RuleSet;
use crate::rules::in_force::Grounds;
use crate::rules::set::evaluate;

/// Run rules over past mail: how much each would have flagged, how much of that is known to be safe, and how many false
/// matches in a million that means
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    seen: Seen,
    /// One JSON object, as `promote` takes it
    #[arg(long)]
    json: bool,
    /// Only messages that came in this time: 30d, 12h, 2w
    #[arg(long, value_name = "TIME", value_parser = ago)]
    since: Option<Moment>,
    /// Mail that is known to be safe: a file, folder, Maildir or mbox; may be repeated
    #[arg(long, num_args = 1.., value_name = "PATH")]
    safe: Vec<PathBuf>,
    /// Which messages are safe: a file of lines `safe PATH` or `attack PATH`, the paths as they are printed
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
    /// A rule in YAML, or a folder of them
    #[arg(value_name = "RULES")]
    rules: PathBuf,
    /// Mail of which nothing is known, or what --labels says
    #[arg(value_name = "PATH")]
    messages: Vec<PathBuf>,
}

/// What one rule would have done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Tested {
    /// The name of its file without the ending.
    pub(super) rule: String,
    /// What it asked.
    pub(super) digest: String,
    /// What it did.
    pub(super) grounds: Grounds,
}

/// What rules would have done.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Backtest {
    /// Messages that were looked at.
    pub(super) messages: u64,
    /// Those of these that are known to be safe.
    pub(super) safe: u64,
    /// What each rule did.
    pub(super) rules: Vec<Tested>,
}

/// Matches of one rule: all, and of safe mail.
type Count = (u64, u64);

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.safe.is_empty() && arguments.messages.is_empty() {
        return Err(Failure::usage("name mail to look at: PATH, or --safe PATH"));
    }
    let settings = arguments.seen.settings()?;
    let lists = arguments.seen.lists(&settings)?;
    let labels = arguments.labels.as_deref().map_or_else(|| Ok(HashMap::new()), labels)?;
    let (rules, report) = arguments.seen.rules(&arguments.rules, &lists)?;
    let set = RuleSet::new(rules, lists);
    let signatures = arguments.seen.signatures(&arguments.rules);
    let over = arguments.seen.open(&settings)?;
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let (mut messages, mut safe, mut unread) = (0, 0, 0);
    for (paths, is_safe) in [(&arguments.safe, true), (&arguments.messages, false)] {
        unread += over.each(paths, arguments.since, |path, view| {
            let is_safe = labels.get(path).copied().unwrap_or(is_safe);
            messages += 1;
            safe += u64::from(is_safe);
            for found in evaluate(&set, view.with_signatures(&signatures)).matched {
                let count = counts.entry(found.rule.key.clone()).or_default();
                count.0 += 1;
                count.1 += u64::from(is_safe);
            }
            Ok(())
        })?;
    }
    over.close();
    let tested = set.headings().map(|rule| {
        let (matched, safe_matched) = counts.get(&rule.key).copied().unwrap_or_default();
        let false_per_million = per_million(safe_matched, safe);
        let grounds = Grounds { messages, matched, safe, safe_matched, false_per_million };
        Tested { rule: rule.key.clone(), digest: rule.digest.clone(), grounds }
    });
    let backtest = Backtest { messages, safe, rules: tested.collect() };
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let json = serde_json::to_string(&backtest).map_err(|error| Failure::new(Exit::Software, error))?;
        writeln!(out, "{json}")?;
    } else {
        write!(out, "{}", page(&backtest))?;
    }
    match unread + report.errors.len() {
        0 => Ok(()),
        refused => Err(Failure::new(Exit::Data, format!("{refused} rules or messages could not be read"))),
    }
}

/// What a file of labels says: whether the message at a path is safe.
fn labels(file: &Path) -> Result<HashMap<String, bool>, Failure> {
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::new(Exit::NoInput, format!("cannot read {}: {error}", file.display())))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    let read = |(place, line): (usize, &str)| match line.trim().split_once(char::is_whitespace) {
        Some(("safe", path)) => Ok((path.trim().to_owned(), true)),
        Some(("attack", path)) => Ok((path.trim().to_owned(), false)),
        _ => {
            let why = format!("{}:{}: write `safe PATH` or `attack PATH`", file.display(), place + 1);
            Err(Failure::new(Exit::Data, why))
        }
    };
    lines.map(read).collect()
}

/// False matches in a million: the share seen, and its 95 % interval by Wilson's score.
fn per_million(matched: u64, of: u64) -> [f64; 3] {
    if of == 0 {
        return [0.0, 0.0, 1e6];
    }
    let (n, p, z) = (of as f64, matched as f64 / of as f64, 1.959_964_f64);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt() / (1.0 + z * z / n);
    [p, (middle - half).max(0.0), (middle + half).min(1.0)].map(|share| (share * 1e6).round())
}

fn page(backtest: &Backtest) -> String {
    let mut page = format!("{} messages, {} of them safe\n", backtest.messages, backtest.safe);
    let mut rules: Vec<&Tested> = backtest.rules.iter().filter(|tested| tested.grounds.matched > 0).collect();
    rules.sort_by_key(|tested| std::cmp::Reverse((tested.grounds.safe_matched, tested.grounds.matched)));
    if !rules.is_empty() {
        page.push_str("flagged    safe  false in a million (95 %)  rule\n");
    }
    for tested in &rules {
        let Grounds { matched, safe_matched, false_per_million: [share, low, high], .. } = tested.grounds;
        let interval = format!("{share} ({low} to {high})");
        page.push_str(&format!("{matched:>7} {safe_matched:>7}  {interval:<26}  {}\n", tested.rule));
    }
    let silent = backtest.rules.len() - rules.len();
    let [_, _, most] = per_million(0, backtest.safe);
    page.push_str(&format!("{silent} rules flag nothing: at most {most} false in a million each\n"));
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_hold_the_share_and_never_promise_none() {
        assert_eq!(per_million(0, 0), [0.0, 0.0, 1e6]);
        let [share, low, high] = per_million(0, 10_000);
        assert_eq!((share, low), (0.0, 0.0));
        assert!((380.0..390.0).contains(&high), "{high}");
        let [share, low, high] = per_million(10, 10_000);
        assert!((share, low.round(), high.round()) == (1_000.0, 543.0, 1_840.0), "{share} {low} {high}");
    }
}

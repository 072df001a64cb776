//! `kith signals`: what is measured, what it means, and how it spreads over given mail.

mod reference;

use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::labelled::{replay_sources, sources};
use super::{Common, Failure};
use crate::signals::{Risk, Signal, Spread, registry};
use crate::training::Examples;

/// List the signals with their meaning, or how they spread over given mail
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// One JSON object a line instead of text
    #[arg(long)]
    json: bool,
    /// The reference page: all signals, level by level, as Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Replay mail in the order of its dates over an empty baseline, and print for each signal the share of messages for
    /// which it is unknown, zero and non-zero: files, folders, Maildirs or mbox files (plain or .zst)
    #[arg(long, num_args = 1.., value_name = "PATH", conflicts_with = "markdown")]
    over: Vec<PathBuf>,
    /// More mail for --over, learned as refused
    #[arg(long, num_args = 1.., value_name = "PATH", requires = "over")]
    refused: Vec<PathBuf>,
    /// Settings file for --over [default: /etc/kith/kith.toml where it exists, else the built-in defaults]
    #[arg(long, short, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Take SPF, DKIM and DMARC from the newest Authentication-Results header, or from those of the named authserv-id
    #[arg(long, value_name = "newest|NAME", default_value = "newest")]
    trust_authres: String,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let page = if !arguments.over.is_empty() {
        let mut settings = Common { config: arguments.config, state: None }.settings()?;
        // Records have changed since the mail came.
        "off".clone_into(&mut settings.auth.resolver);
        let mail = [sources(&arguments.over, false, false), sources(&arguments.refused, true, true)].concat();
        let replayed = replay_sources(&settings, &mail, &arguments.trust_authres, false)?;
        spreads(&replayed.examples, arguments.json)
    } else if arguments.markdown {
        reference::page()
    } else {
        list(arguments.json)
    };
    write!(std::io::stdout().lock(), "{page}")?;
    Ok(())
}

/// How risk may change with the value, as a word.
fn risk(signal: &Signal) -> &'static str {
    match signal.risk {
        Risk::Rises => "rises",
        Risk::Falls => "falls",
        Risk::Either => "either",
    }
}

fn list(json: bool) -> String {
    let (mut page, mut level) = (String::new(), "");
    for signal in registry() {
        let attacks: Vec<_> = signal.attacks().iter().map(|attack| attack.name()).collect();
        // Writing to a string cannot fail.
        if json {
            let line = json!({
                "name": signal.name,
                "level": signal.level.name(),
                "because": signal.because,
                "meaning": signal.meaning,
                "category": signal.category,
                "attacks": attacks,
                "risk": risk(signal),
                "range": signal.range().to_string(),
            });
            let _ = writeln!(page, "{line}");
            continue;
        }
        if level != signal.level.name() {
            level = signal.level.name();
            let _ = writeln!(page, "{level}");
        }
        let _ = writeln!(page, "  {}\n      {}\n      {}", signal.name, signal.because, signal.meaning);
    }
    page
}

/// How each signal spreads over replayed mail, and which tell nothing of it.
fn spreads(examples: &Examples, json: bool) -> String {
    let (mut page, mut constant) = (String::new(), Vec::new());
    for (input, signal) in registry().iter().enumerate() {
        let known = |value: &f32| Some(*value).filter(|value| !value.is_nan());
        let spread = Spread::of(examples.column(input).iter().map(known));
        if spread.is_constant() {
            constant.push(signal.name);
        }
        // Writing to a string cannot fail.
        let _ = if json {
            let line = json!({
                "name": signal.name,
                "unknown": spread.unknown,
                "zero": spread.zero,
                "nonzero": spread.nonzero,
                "bounds": spread.bounds,
                "constant": spread.is_constant(),
            });
            writeln!(page, "{line}")
        } else {
            let bounds = spread.bounds.map_or_else(String::new, |(low, high)| format!("{low:.3} to {high:.3}"));
            writeln!(page, "{:<44} {spread}  {bounds}", signal.name)
        };
    }
    if !json {
        let _ = writeln!(
            page,
            "\n{} messages; {} of {} signals are the same for all: {}",
            examples.len(),
            constant.len(),
            registry().len(),
            if constant.is_empty() { "none".to_owned() } else { constant.join(", ") }
        );
    }
    page
}

//! `kith signals`: what is measured, and what it means.

use std::io::Write;

use clap::Args;
use serde_json::json;

use super::Failure;

/// List the signals with their meaning
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// One JSON object a line instead of text
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let mut level = "";
    for signal in crate::signals::registry() {
        if arguments.json {
            let line = json!({
                "name": signal.name,
                "level": signal.level.name(),
                "because": signal.because,
                "meaning": signal.meaning,
                "category": signal.category,
            });
            writeln!(out, "{line}")?;
            continue;
        }
        if level != signal.level.name() {
            level = signal.level.name();
            writeln!(out, "{level}")?;
        }
        writeln!(out, "  {}\n      {}\n      {}", signal.name, signal.because, signal.meaning)?;
    }
    Ok(())
}

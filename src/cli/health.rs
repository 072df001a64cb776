//! `kith health`: how each detector fares, and what a person says of one.

use std::io::Write;

use clap::{Args, Subcommand};

use super::{Common, Exit, Failure, who};
use crate::health::{Keeper, Order, Row, Said, State};
use crate::mail::Moment;
use crate::signals;

/// Show how each detector fares: its rate, its values, its effect, its labels; confirm one or have it speak again
///
/// What is shown is at most a minute old. Ends with 1 where a detector is muted, speaks at an unusual rate or has drifted.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// Show detectors that were silent for a day, too
    #[arg(long)]
    all: bool,
    /// One JSON object a detector
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand, Debug)]
enum What {
    /// What a detector says now is right: it is usual from now on, and adds to verdicts
    Confirm(Named),
    /// A detector adds to verdicts again, though its rate is not the usual one
    Unmute(Named),
    /// A detector adds nothing to verdicts until somebody says otherwise; it is recorded as before
    Mute(Named),
}

#[derive(Args, Debug)]
struct Named {
    #[command(flatten)]
    common: Common,
    /// The detector: a signal, `rule.` and the name of a rule's file, or `rarity.` and a sub-detector
    name: String,
    /// Who says so [default: the user]
    #[arg(long, value_name = "WHO")]
    by: Option<String>,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match &arguments.what {
        None => show(&arguments),
        Some(What::Confirm(named)) => say(named, Order::Confirm),
        Some(What::Unmute(named)) => say(named, Order::Unmute),
        Some(What::Mute(named)) => say(named, Order::Mute),
    }
}

/// The detectors as the daemon last wrote them down, and when.
fn read(common: &Common) -> Result<(Vec<Row>, Moment, std::path::PathBuf), Failure> {
    let settings = common.settings()?;
    let state = settings.state_directory;
    let names: Vec<&str> = signals::registry().iter().map(|signal| signal.name).collect();
    let board = Keeper::new(&state)
        .look(&settings.health, &names)
        .map_err(|error| Failure::unavailable(format!("the health of detectors cannot be read: {error}")))?;
    let none = || {
        let why = format!("{} holds nothing of detectors; the daemon writes it within a minute of mail", state.display());
        Failure::new(Exit::NoInput, why)
    };
    let board = board.ok_or_else(none)?;
    Ok((board.rows(), board.at(), state))
}

fn show(arguments: &Arguments) -> Result<(), Failure> {
    let (rows, at, _) = read(&arguments.common)?;
    let mut out = std::io::stdout().lock();
    let is_shown = |row: &&Row| arguments.all || row.last_day > 0 || row.state > State::Usual;
    if arguments.json {
        for row in rows.iter().filter(is_shown) {
            writeln!(out, "{}", serde_json::json!(row))?;
        }
    } else {
        write!(out, "{}", table(&rows.iter().filter(is_shown).collect::<Vec<_>>(), rows.len(), at))?;
    }
    out.flush()?;
    let is_well = rows.iter().all(|row| row.state <= State::Usual);
    if is_well { Ok(()) } else { Err(Failure::new(Exit::Differs, "")) }
}

fn table(rows: &[&Row], all: usize, at: Moment) -> String {
    let heads = ["detector", "state", "hour", "usual", "day", "drift", "spoke", "decisive", "safe", "attack", "us"];
    let number = |value: Option<f64>, digits: usize| value.map_or("-".to_owned(), |value| format!("{value:.digits$}"));
    let lines = rows.iter().map(|row| {
        [
            harmless(&row.name),
            row.state.name().to_owned(),
            row.last_hour.to_string(),
            number(row.expected.or(row.usual_per_hour), 1),
            row.last_day.to_string(),
            number(row.drift, 2),
            row.spoke.to_string(),
            row.decisive.to_string(),
            row.labels_safe.to_string(),
            row.labels_attack.to_string(),
            number(row.latency_us, 1),
        ]
    });
    let lines: Vec<[String; 11]> = std::iter::once(heads.map(str::to_owned)).chain(lines).collect();
    let widths: Vec<usize> =
        (0..11).map(|n| lines.iter().map(|line| line[n].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for line in &lines {
        let cells = line.iter().zip(&widths).enumerate();
        let cells = cells.map(|(n, (cell, width))| match n {
            0 | 1 => format!("{cell:width$}"),
            _ => format!("{cell:>width$}"),
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    for row in rows.iter().filter(|row| !row.because.is_empty()) {
        text += &format!("\n{} is {}: {}\n", harmless(&row.name), row.state.name(), harmless(&row.because));
        if row.state == State::Muted {
            text += &format!("  kith health confirm {0}   or   kith health unmute {0}\n", harmless(&row.name));
        }
    }
    let unwell = rows.iter().filter(|row| row.state > State::Usual).count();
    text + &format!("\n{all} detectors, {unwell} of them not as usual; as of {}\n", at.rfc3339())
}

fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn say(named: &Named, order: Order) -> Result<(), Failure> {
    let (rows, _, state) = read(&named.common)?;
    let name = &named.name;
    let Some(row) = rows.iter().find(|row| row.name == *name) else {
        return Err(Failure::usage(format!("there is no detector {name:?}; `kith health --all` lists them")));
    };
    if order == Order::Mute && row.sort == "model" {
        return Err(Failure::usage("the model cannot be muted: without it there is no score; name another by model.path"));
    }
    let said = Said::new(name, order, &who(named.by.as_ref()), Moment::now());
    said.write(&state).map_err(|error| Failure::new(Exit::CannotCreate, error))?;
    let becomes = match order {
        Order::Confirm => "what it says now is usual from now on",
        Order::Unmute => "it adds to verdicts again",
        Order::Mute => "it adds nothing to verdicts",
    };
    writeln!(std::io::stdout().lock(), "{name}: {becomes}, as soon as the daemon has read it (within seconds)")?;
    Ok(())
}

//! `kith replay`: what would have been decided by another policy, another model, or without a detector.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{Common, Exit, Failure, when};
use crate::decision::{Decision, RULE_PREFIX, Verdict};
use crate::filter::{Replay, Unreplayable};
use crate::journal::{self, Entry, FOLDER};
use crate::mail::Moment;
use crate::settings::Settings;

/// Flips that are named one by one; their numbers tell of all.
const SHOWN_MAX: usize = 20;

/// Decide again on past messages, from the journal: by another policy or model, or without a detector
///
/// Each message is decided by what was known of it then: the values of its signals, what its sender proved, and how rare
/// it was. Ends with 1 where a decision comes out otherwise, with 0 where all stay.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// From this day or moment on (30d, 12h, 2026-03-31, or RFC 3339)
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Up to this day or moment
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Settings file whose `[policy]` is tried
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Folder of the model that is tried
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    /// Signal that adds nothing, `rule.FILE` for a rule, or `rarity` for the search for rare messages; may be repeated
    #[arg(long, value_name = "DETECTOR")]
    without: Vec<String>,
    /// One JSON object a decision that comes out otherwise, and one with the sums
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let replay = replay(&arguments, &settings)?;
    let since = arguments.since.as_deref().map(|text| when::since(text, Moment::now())).transpose();
    let until = arguments.until.as_deref().map(|text| when::moment(text, true)).transpose();
    let since = since.map_err(Failure::usage)?.unwrap_or(Moment(i64::MIN));
    let until = until.map_err(Failure::usage)?.unwrap_or(Moment(i64::MAX));
    let folder = settings.state_directory.join(FOLDER);
    let unreadable = |error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display()));
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut sums = Sums::default();
    let mut written = Ok(());
    let read = journal::each(&folder, since, |_| true, |entry| {
        if entry.id.moment() > until || written.is_err() {
            return;
        }
        match replay.decide(&entry) {
            Err(why) => sums.beyond(why),
            Ok(decision) => {
                let flip = sums.add(&entry, &decision).filter(|_| arguments.json);
                written = flip.map_or(Ok(()), |flip| writeln!(out, "{}", flip.json(&entry, &decision)));
            }
        }
    });
    read.map_err(unreadable)?;
    written?;
    if arguments.json { writeln!(out, "{}", sums.json())? } else { sums.write(&mut out)? }
    out.flush()?;
    if sums.flips.is_empty() { Ok(()) } else { Err(Failure::new(Exit::Differs, "")) }
}

/// The replay that the arguments ask for.
fn replay(arguments: &Arguments, settings: &Settings) -> Result<Replay, Failure> {
    for name in &arguments.without {
        if !name.starts_with(RULE_PREFIX) && !Replay::detectors().any(|known| known == name) {
            let why = format!("there is no detector {name:?}; `kith signals` lists them; `rarity` and `rule.FILE` are detectors too");
            return Err(Failure::usage(why));
        }
    }
    let mut tried = settings.filter();
    if let Some(file) = &arguments.policy {
        tried.policy = Settings::load(Some(file))?.policy;
    }
    if let Some(folder) = &arguments.model {
        tried.model.path = folder.display().to_string();
    }
    Replay::open(&tried, &arguments.without).map_err(|error| Failure::new(Exit::Config, error))
}

/// A verdict that comes out otherwise: as it was, and as it would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Flip(Verdict, Verdict);

impl Flip {
    fn json(self, entry: &Entry, decision: &Decision) -> Value {
        json!({
            "id": entry.id, "at": entry.at, "author": entry.author, "subject": entry.subject,
            "verdict": self.0, "verdict_replayed": self.1, "score": entry.score, "score_replayed": decision.score,
        })
    }
}

/// What came of all decisions.
#[derive(Debug, Default)]
struct Sums {
    replayed: u64,
    same: u64,
    beyond: BTreeMap<String, u64>,
    flips: BTreeMap<Flip, u64>,
    shown: Vec<String>,
}

impl Sums {
    fn beyond(&mut self, why: Unreplayable) {
        *self.beyond.entry(why.to_string()).or_default() += 1;
    }

    /// Counts a decision; its flip, where it is one.
    fn add(&mut self, entry: &Entry, decision: &Decision) -> Option<Flip> {
        self.replayed += 1;
        self.same += u64::from(Replay::is_same(entry, decision));
        let flip = Flip(entry.verdict, decision.verdict);
        if flip.0 == flip.1 {
            return None;
        }
        *self.flips.entry(flip).or_default() += 1;
        if self.shown.len() < SHOWN_MAX {
            let points = |score: Option<f32>| score.map_or_else(|| "none".to_owned(), |score| format!("{score:+.2}"));
            self.shown.push(format!(
                "  {}  {} -> {}  {} -> {}  {}  {}",
                entry.id,
                flip.0.name(),
                flip.1.name(),
                points(entry.score),
                points(decision.score),
                entry.author.as_deref().unwrap_or("-"),
                entry.subject.as_deref().unwrap_or("-").escape_debug(),
            ));
        }
        Some(flip)
    }

    fn json(&self) -> Value {
        let flips = self.flips.iter().map(|(Flip(from, to), count)| json!({"from": from, "to": to, "count": count}));
        json!({
            "replayed": self.replayed, "same": self.same, "beyond": self.beyond, "flips": flips.collect::<Vec<_>>(),
        })
    }

    fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let flipped: u64 = self.flips.values().sum();
        writeln!(
            out,
            "{} decisions made again: {} the same bit for bit, {flipped} with another verdict",
            self.replayed, self.same
        )?;
        for (why, count) in &self.beyond {
            writeln!(out, "{count} not made again: {why}")?;
        }
        for (Flip(from, to), count) in &self.flips {
            writeln!(out, "{count:>9}  {} -> {}", from.name(), to.name())?;
        }
        for line in &self.shown {
            writeln!(out, "{line}")?;
        }
        let more = flipped.saturating_sub(self.shown.len() as u64);
        if more > 0 {
            writeln!(out, "  and {more} more; --json names all")?;
        }
        Ok(())
    }
}

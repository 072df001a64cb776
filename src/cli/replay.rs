//! `kith replay`: what would have been decided by another policy, other rules, another model, or without a detector.

mod order;
mod sums;

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Common, Exit, Failure, when};
use crate::archive::{self, Place, Reader};
use crate::decision::{Decision, RULE_PREFIX};
use crate::filter::{self, Again, Believed, Replay, Source, Unopened, Unreplayable};
use crate::journal::{self, Entry};
use crate::mail::Moment;
use crate::rules::in_force::State;
use crate::settings::Settings;
use order::{Order, Past};
use sums::{Bounds, Known, Sums};

/// Decide again on past messages: by another policy, other rules or another model, or without a detector
///
/// A message that was archived (`[archive]` of the settings) is parsed, compared and measured anew, under what its sender
/// had proved then. Of others the journal tells: the values of their signals, what was proved, how rare they were. That
/// answers for a policy, a model or a detector; what it cannot answer is counted, and never guessed.
///
/// Ends with 0 where all verdicts stay, with 1 where some come out otherwise, with 2 where more do than a bound accepts,
/// and with 64 or more where it could not be tried.
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
    /// Folder or file of the rules that are tried, instead of those of the settings; what a match does is as
    /// `rules.actions` and each rule's promotion have it
    #[arg(long, value_name = "DIR", conflicts_with = "from_journal")]
    rules: Option<PathBuf>,
    /// Take each rule of --rules for promoted so far at least: tag or act
    #[arg(long, value_name = "STATE", requires = "rules", value_parser = promotion)]
    promoted: Option<State>,
    /// Folder of the model that is tried
    #[arg(long, value_name = "DIR")]
    model: Option<PathBuf>,
    /// Signal that adds nothing, `rule.FILE` for a rule, or `rarity` for the search for rare messages; may be repeated
    #[arg(long, value_name = "DETECTOR")]
    without: Vec<String>,
    /// Baselines with which archived messages are compared: as they were when each was decided on, or as they are now
    #[arg(long, value_enum, default_value_t = Baseline::AsOf)]
    baseline: Baseline,
    /// Decide by the journal alone, also on messages that are archived: it takes a fraction of the time
    #[arg(long)]
    from_journal: bool,
    #[command(flatten)]
    bounds: Bounds,
    /// One JSON object a decision that comes out otherwise or cannot be made again, and one with the sums
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Baseline {
    AsOf,
    Now,
}

fn promotion(name: &str) -> Result<State, String> {
    State::of(name).ok_or_else(|| format!("{name:?} is no promotion; write tag or act"))
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let tried = tried(&arguments, &settings)?;
    let since = arguments.since.as_deref().map(|text| when::since(text, Moment::now())).transpose();
    let until = arguments.until.as_deref().map(|text| when::moment(text, true)).transpose();
    let since = since.map_err(Failure::usage)?.unwrap_or(Moment(i64::MIN));
    let until = until.map_err(Failure::usage)?.unwrap_or(Moment(i64::MAX));
    let state = &settings.state_directory;
    let folder = state.join(journal::FOLDER);
    let unreadable = |error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display()));
    let known = Known::read(state).map_err(|error| Failure::unavailable(format!("cannot read the labels: {error}")))?;
    let mut course = Course {
        rows: Replay::open(&tried, &arguments.without).map_err(|error| Failure::new(Exit::Config, error))?,
        reader: Reader::new(&state.join(archive::FOLDER)),
        again: None,
        sums: Sums::new(known),
        out: BufWriter::new(std::io::stdout().lock()),
        arguments: &arguments,
        settings: &settings,
        tried: &tried,
        since,
    };
    let mut order = Order::default();
    let mut went = Ok(());
    let read = journal::each(&folder, since, |_| true, |entry| {
        if entry.id.moment() > until || went.is_err() {
            return;
        }
        let next = course.place(&entry).map(|place| order.next(entry, place));
        went = next.and_then(|next| next.map_or(Ok(()), |past| course.take(&past)));
    });
    read.map_err(unreadable)?;
    went?;
    while let Some(past) = order.rest() {
        course.take(&past)?;
    }
    course.end()
}

/// The settings that the arguments ask for.
fn tried(arguments: &Arguments, settings: &Settings) -> Result<filter::Settings, Failure> {
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
    if let Some(folder) = &arguments.rules {
        tried.rules.paths = vec![folder.clone()];
    }
    Ok(tried)
}

/// A replay on its way through the journal.
struct Course<'a, W> {
    rows: Replay,
    reader: Reader,
    /// Opened with the first message that is archived: baselines take their time.
    again: Option<Again>,
    sums: Sums,
    out: W,
    arguments: &'a Arguments,
    settings: &'a Settings,
    tried: &'a filter::Settings,
    since: Moment,
}

impl<W: Write> Course<'_, W> {
    /// Where the message of a decision is archived, where that is asked for.
    fn place(&mut self, entry: &Entry) -> Result<Option<Place>, Failure> {
        if self.arguments.from_journal {
            return Ok(None);
        }
        let found = self.reader.find(entry.id);
        let place = found.map_err(|error| Failure::unavailable(format!("cannot read the archive: {error}")))?;
        if place.is_some() && self.again.is_none() {
            let again = self.open()?;
            self.sums.known_since = again.known_since();
            self.again = Some(again);
        }
        Ok(place)
    }

    fn open(&self) -> Result<Again, Failure> {
        let believed = match self.arguments.baseline {
            Baseline::AsOf => Believed::AsOf,
            Baseline::Now => Believed::Now,
        };
        let state = &self.settings.state_directory;
        let again = Again::open(self.tried, state, &self.arguments.without, believed, self.arguments.promoted);
        let mut again = again.map_err(|error| match error {
            Unopened::Filter(error) => error.into(),
            other => Failure::unavailable(format!("{other}; --from-journal does without")),
        })?;
        // What came in the month before tells how rare a message is that measures otherwise now.
        let days = self.tried.anomaly.window_days.clamp(0.0, 3_650.0);
        let from = Moment(self.since.0.saturating_sub((days * 86_400_000.0) as i64));
        let before = |entry: Entry| {
            if entry.id.moment() < self.since {
                again.pass(&entry);
            }
        };
        let folder = state.join(journal::FOLDER);
        if self.since > Moment(0) {
            let read = journal::each(&folder, from, |_| true, before);
            read.map_err(|error| Failure::unavailable(format!("cannot read {}: {error}", folder.display())))?;
        }
        Ok(again)
    }

    /// Decides again on a message, and writes down what comes out otherwise.
    fn take(&mut self, past: &Past) -> Result<(), Failure> {
        let entry = &past.entry;
        let again = self.decide(past);
        self.again.iter_mut().for_each(|again| again.pass(entry));
        let (decision, source, is_same) = match again {
            Ok(again) => again,
            Err(why) => {
                self.sums.beyond(&why);
                if self.arguments.json {
                    writeln!(self.out, "{}", json!({ "id": entry.id, "at": entry.at, "unanswered": why.to_string() }))?;
                }
                return Ok(());
            }
        };
        let flip = self.sums.add(entry, &decision, source, is_same);
        if let Some(flip) = flip.filter(|_| self.arguments.json) {
            writeln!(self.out, "{}", self.sums.flip(flip, entry, &decision, source))?;
        }
        Ok(())
    }

    fn decide(&mut self, past: &Past) -> Result<(Decision, Source, bool), Unreplayable> {
        let entry = &past.entry;
        let mut aside = None;
        if let (Some(place), Some(again)) = (&past.place, &mut self.again) {
            match again.judge(entry, place) {
                Ok(judged) => {
                    let is_same = again.is_same(entry, &judged);
                    return Ok((judged.decision, Source::Message, is_same));
                }
                Err(why) => aside = Some(why),
            }
        }
        if self.arguments.rules.is_some() || self.arguments.baseline == Baseline::Now {
            return Err(aside.unwrap_or(Unreplayable::Message));
        }
        let decision = self.rows.decide(entry)?;
        aside.iter().for_each(|why| self.sums.aside(why));
        let is_same = Replay::is_same(entry, &decision);
        Ok((decision, Source::Journal, is_same))
    }

    fn end(mut self) -> Result<(), Failure> {
        if self.arguments.json {
            writeln!(self.out, "{}", self.sums.json())?;
        } else {
            self.sums.write(&mut self.out)?;
        }
        self.out.flush()?;
        self.sums.end(self.arguments.bounds)
    }
}

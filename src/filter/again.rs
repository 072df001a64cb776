//! A decision made again from the message itself, where it was archived: parsed, compared and measured anew.

use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::runtime::Runtime;

use super::replay::{RARITY, muted, rarity};
use super::{Filter, Judged, Known, OpenError, Passage, Replay, Settings, Unreplayable};
use crate::anomaly::Anomaly;
use crate::archive::{self, Facts, Place, Reader};
use crate::baseline::{self, AsOf, Baselines};
use crate::decision::RULE_PREFIX;
use crate::journal::{Entry, Named};
use crate::mail::Moment;
use crate::quarantine::Folder;
use crate::rules::in_force::State;
use crate::rules::{InForce, Matches};
use crate::signals::{self, Signals};

/// Which baselines a message is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Believed {
    /// Those of then: what had been learned when it was decided on.
    #[default]
    AsOf,
    /// Those of now, which know it.
    Now,
}

/// From what a decision was made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// From the message, as it was archived.
    Message,
    /// From what the journal says of it.
    Journal,
}

/// Why messages cannot be decided on again.
#[derive(Debug)]
pub enum Unopened {
    /// No filter can be made of these settings.
    Filter(OpenError),
    /// The rules cannot be read.
    Rules(String),
    /// The baselines cannot be had.
    Baseline(String),
    /// The system refused.
    System(io::Error),
}

impl fmt::Display for Unopened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filter(error) => error.fmt(f),
            Self::Rules(why) => write!(f, "the rules cannot be used: {why}"),
            Self::Baseline(why) => f.write_str(why),
            Self::System(error) => write!(f, "messages cannot be decided on again: {error}"),
        }
    }
}

impl std::error::Error for Unopened {}

/// Decides again on messages that were archived, on baselines of its own: nothing that is in use is changed, and nothing
/// is learned but what had been.
pub struct Again {
    filter: Filter,
    reader: Reader,
    quarantine: Folder,
    led: Option<AsOf>,
    without: Vec<String>,
    /// What was remembered of the messages before, to tell how rare one is that measures otherwise now.
    memory: Anomaly,
    runtime: Runtime,
    /// Holds the copies of baselines; removed last.
    _scratch: TempDir,
}

impl Again {
    /// Decides by these settings, on what a state directory holds, without some detectors as [`Replay::open`] has it.
    /// `promoted` says how far each rule counts as promoted at least.
    ///
    /// # Errors
    /// What cannot be had.
    pub fn open(
        settings: &Settings,
        state: &Path,
        without: &[String],
        believed: Believed,
        promoted: Option<State>,
    ) -> Result<Self, Unopened> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Unopened::System)?;
        let inside = runtime.enter();
        // Beside the store, large files need not be copied.
        let scratch = tempfile::Builder::new().prefix("replay-").tempdir_in(state);
        let scratch = scratch.or_else(|_| tempfile::tempdir()).map_err(Unopened::System)?;
        let model = Filter::model(settings).map_err(|error| OpenError::Model(settings.model.path.clone(), error));
        let mut filter = Filter::bare(settings, Some(model.map_err(Unopened::Filter)?)).map_err(Unopened::Filter)?;
        let rules = InForce::open(&settings.rules, &settings.organisation, Some(state));
        let rules = rules.map_err(|error| Unopened::Rules(error.to_string()))?;
        filter.rules = rules.map(|rules| {
            Arc::new(match promoted {
                Some(least) => rules.promoting(least),
                None => rules,
            })
        });
        let store = state.join(baseline::FOLDER);
        let present = Baselines::open_copy(&store, &scratch.path().join("present"), &settings.baseline);
        let present = present.map_err(|error| Unopened::Baseline(error.to_string()))?;
        let led = match believed {
            Believed::AsOf => Some(AsOf::begin(present.clone(), &scratch.path().join("led"))),
            Believed::Now => None,
        };
        let led = led.transpose().map_err(Unopened::Baseline)?;
        filter.baselines = Some(led.as_ref().map_or(present, |led| led.baselines().clone()));
        drop(inside);
        Ok(Self {
            filter,
            reader: Reader::new(&state.join(archive::FOLDER)),
            quarantine: Folder::of(state),
            led,
            without: without.to_vec(),
            memory: Anomaly::new(&settings.anomaly),
            runtime,
            _scratch: scratch,
        })
    }

    /// When the oldest message came of which the baselines still know what it told, where older ones were forgotten.
    pub fn known_since(&self) -> Option<Moment> {
        self.led.as_ref().and_then(AsOf::known_since)
    }

    /// Where the message of a decision is archived; `None` where it is not.
    ///
    /// # Errors
    /// The archive cannot be read.
    pub fn find(&mut self, entry: &Entry) -> io::Result<Option<Place>> {
        self.reader.find(entry.id)
    }

    /// Decides again on a message. Those of a stretch of time must come in the order of how far the baselines were.
    ///
    /// # Errors
    /// Why it cannot be decided on as it was.
    pub fn judge(&mut self, entry: &Entry, place: &Place) -> Result<Judged, Unreplayable> {
        let unread = |error: io::Error| Unreplayable::Archive(error.to_string());
        let facts = self.reader.facts(place).map_err(unread)?;
        let copy = if place.head.differs { Some(self.copy(&facts)?) } else { None };
        let raw = self.reader.message(place, copy.as_deref()).map_err(unread)?;
        if let Some(led) = &mut self.led {
            let reached = place.head.reached.ok_or(Unreplayable::Reach)?;
            led.lead(reached, facts.at).map_err(|why| Unreplayable::Baseline(why.to_string()))?;
        }
        let mutes = Arc::new(muted(entry));
        let known = Known {
            auth: &facts.auth,
            released: facts.released,
            mutes: &mutes,
            rarity: &|measured| self.rarity(entry, measured),
            amend: &|score, matches| {
                if let Some(score) = score {
                    super::replay::leave_out(score, &self.without);
                }
                matches.iter_mut().for_each(|matches| self.amend(entry, matches));
            },
        };
        let envelope = &facts.envelope;
        let passage = Passage { envelope, raw: &raw, received_at: facts.at, trust: None, known: Some(&known) };
        Ok(self.runtime.block_on(self.filter.judge(&passage)))
    }

    /// A message was passed, whether or not it was decided on again: the next one is compared with it.
    pub fn pass(&mut self, entry: &Entry) {
        if let Some(signals) = measured(&entry.signals) {
            self.memory.remember(&signals, entry.id.moment());
        }
    }

    /// Whether a decision is the one that was written down, with all that it rests on: as [`Replay::is_same`], and every
    /// signal and every match.
    pub fn is_same(&self, entry: &Entry, judged: &Judged) -> bool {
        Replay::is_same(entry, &judged.decision)
            && measured(&entry.signals).is_some_and(|signals| bits(&signals).eq(bits(&judged.signals)))
            && self.filter.written(judged) == entry.rules
    }

    fn copy(&self, facts: &Facts) -> Result<Vec<u8>, Unreplayable> {
        let kept = facts.kept_as.map(|id| self.quarantine.content(id));
        match kept.transpose().map_err(|error| Unreplayable::Archive(error.to_string()))?.flatten() {
            Some((_, content)) => Ok(content),
            None => Err(Unreplayable::Copy),
        }
    }

    /// How rare a message is: as it was, where it measures the same; else by what came before it.
    fn rarity(&self, entry: &Entry, now: &Signals) -> Option<crate::anomaly::Finding> {
        if self.without.iter().any(|name| name == RARITY) {
            return None;
        }
        match measured(&entry.signals) {
            Some(then) if bits(&then).eq(bits(now)) => rarity(entry),
            _ => self.memory.rate(now, entry.id.moment()),
        }
    }

    /// Takes out the rules that are left out, and has the same rules do what they did: whether one is muted hangs on how
    /// often it matched before.
    fn amend(&self, entry: &Entry, matches: &mut Matches) {
        let left_out = |key: &str| self.without.iter().any(|name| name.strip_prefix(RULE_PREFIX) == Some(key));
        matches.matched.retain(|found| !left_out(&found.rule.key));
        let digest = self.filter.rules.as_ref().map(|rules| rules.set().digest());
        let Some(then) = entry.rules.as_ref().filter(|rules| digest == Some(rules.digest.as_str())) else { return };
        for found in &mut matches.matched {
            if let Some(known) = then.matched.iter().find(|known| known.rule == found.rule.key) {
                (found.does, found.is_muted) = (known.does, known.muted);
            }
        }
    }
}

/// The values that were written down, in the registry's order; `None` where the registry was another one.
fn measured(values: &Named<Option<f32>>) -> Option<Signals> {
    let of = |signal: &signals::Signal| values.of(signal.name).copied();
    let signals: Option<Vec<Option<f32>>> = signals::registry().iter().map(of).collect();
    signals.map(Signals)
}

fn bits(signals: &Signals) -> impl Iterator<Item = Option<u32>> + '_ {
    signals.0.iter().map(|value| value.map(f32::to_bits))
}

//! The baselines as they were at each moment of a stretch of time: made from the facts and led on, for who judges past
//! mail anew.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use super::baselines::Baselines;
use super::fact::Fact;
use super::place::OpenError;
use super::settings::Settings;
use super::snapshot::Reached;
use crate::mail::Moment;

/// Facts that are read at once.
const FACTS_MAX: usize = 512;

/// How often a store is copied that its program changes meanwhile.
const COPIES_MAX: u32 = 5;

/// Why the baselines cannot be had as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// That was another store: the present one was begun anew since then.
    OtherStore,
    /// They were led further already.
    Passed,
    /// The store has not come so far: what was learned last was lost, or is not on disk yet.
    Lost,
    /// They could not be read or made.
    Failed(String),
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherStore => "the baselines were begun anew since then",
            Self::Passed => "the baselines were led further already",
            Self::Lost => "not all that the baselines had learned by then is there: it was lost, or is not on disk yet",
            Self::Failed(why) => why,
        })
    }
}

/// Baselines that are led through the past: they know what had been learned, and what had been labelled, and nothing of
/// later.
pub struct AsOf {
    source: Baselines,
    led: Baselines,
    /// Number of the next fact to be learned.
    next: u64,
    /// Labels that were not given yet, the next one last: when, and of which fact.
    ahead: Vec<(Moment, u64)>,
}

impl AsOf {
    /// Begins with an empty store in a folder, which must be missing or empty. `source` is not changed.
    ///
    /// # Errors
    /// Nothing is kept of single messages, or it cannot be read or made.
    pub fn begin(source: Baselines, into: &Path) -> Result<Self, String> {
        let learner = &source.learner;
        if learner.settings.facts_days == 0 {
            return Err(
                "nothing is kept of single messages (baseline.facts_days = 0), so the baselines of then cannot \
                        be made"
                    .to_owned(),
            );
        }
        source.sync()?;
        let mut ahead = Vec::new();
        learner.each_fact(&mut |number, fact| {
            ahead.extend(fact.labelled.map(|at| (Moment(at), number)));
            Ok(())
        })?;
        ahead.sort_unstable_by(|one, other| other.cmp(one));
        let led = Baselines::open_with_secret(into, &learner.settings, learner.secret());
        Ok(Self { led: led.map_err(|error| error.to_string())?, source, next: 0, ahead })
    }

    /// The baselines as far as they were led.
    pub fn baselines(&self) -> &Baselines {
        &self.led
    }

    /// When the oldest fact came that is still kept, where older ones were removed: what only they told is missing.
    pub fn known_since(&self) -> Option<Moment> {
        let (first, _) = self.source.learner.facts();
        let facts = self.source.learner.memory.facts_from(first, 1).ok().filter(|_| first > 0)?;
        facts.first().and_then(|(_, bytes)| Fact::decode(bytes)).map(|fact| fact.moment())
    }

    /// Leads the baselines on until they are as far as they had been when a message came at a moment.
    ///
    /// # Errors
    /// Why they cannot be.
    pub fn lead(&mut self, reached: Reached, at: Moment) -> Result<(), Unreachable> {
        if reached.store != self.source.learner.store_number() {
            return Err(Unreachable::OtherStore);
        }
        if reached.facts < self.next {
            return Err(Unreachable::Passed);
        }
        if reached.facts > self.source.learner.facts().1 {
            return Err(Unreachable::Lost);
        }
        self.label(at).and_then(|()| self.learn(reached.facts, at)).map_err(Unreachable::Failed)
    }

    /// Learns the facts before this number as they were believed.
    fn learn(&mut self, until: u64, at: Moment) -> Result<(), String> {
        while self.next < until {
            let facts = self.source.learner.memory.facts_from(self.next, FACTS_MAX)?;
            let is_last = facts.len() < FACTS_MAX;
            for (number, bytes) in facts.into_iter().take_while(|(number, _)| *number < until) {
                let fact = Fact::decode(&bytes).ok_or_else(|| format!("fact {number} is damaged"))?;
                self.led.learner.relearn(number, &fact.believed_at(at))?;
                self.next = number + 1;
            }
            let is_beyond =
                self.source.learner.memory.facts_from(self.next, 1)?.first().is_none_or(|(n, _)| *n >= until);
            if is_last || is_beyond {
                self.next = until;
            }
        }
        self.led.learner.skip_facts(until);
        Ok(())
    }

    /// Takes back what was labelled until a moment.
    fn label(&mut self, at: Moment) -> Result<(), String> {
        let mut numbers = Vec::new();
        while let Some((_, number)) = self.ahead.pop_if(|(given, _)| *given <= at) {
            numbers.extend(Some(number).filter(|number| *number < self.next));
        }
        if numbers.is_empty() {
            return Ok(());
        }
        let (mut revised, mut keys) = (HashMap::new(), HashSet::new());
        for number in numbers {
            let known = self.source.learner.memory.facts_from(number, 1)?;
            let Some(fact) = known.first().filter(|(known, _)| *known == number).and_then(|(_, b)| Fact::decode(b))
            else {
                continue;
            };
            keys.extend(self.led.learner.touched_by(&fact.clone().believed_at(Moment(i64::MIN))));
            revised.insert(number, fact);
        }
        self.led.learner.alone(|_| self.led.learner.revise(&revised, &keys))
    }
}

impl Baselines {
    /// Opens a copy of a store, made in another folder that must be missing or empty: the store itself is only read, and
    /// may be in use. Large files, which are never changed, are shared where both lie on one disk.
    ///
    /// # Errors
    /// There is no store, or it changed so fast that no copy of it was whole.
    pub fn open_copy(dir: &Path, into: &Path, settings: &Settings) -> Result<Self, OpenError> {
        let system = |error: io::Error| OpenError::System { dir: dir.to_owned(), why: error.to_string() };
        let mut tries = 0;
        loop {
            tries += 1;
            let copied = copy(dir, into).map_err(system).and_then(|()| Self::open(into, settings));
            if copied.is_ok() || tries == COPIES_MAX || !dir.join("version").exists() {
                return copied;
            }
            fs::remove_dir_all(into).map_err(system)?;
        }
    }
}

/// Copies a store's files: first its logs, then what was written of them. So what leaves the logs meanwhile is found in
/// the tables, and what stands in both counts once.
fn copy(dir: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    let is_log = |path: &Path| path.extension().is_some_and(|ending| ending == "jnl");
    let (logs, others): (Vec<_>, Vec<_>) =
        fs::read_dir(dir)?.collect::<io::Result<Vec<_>>>()?.into_iter().partition(|entry| is_log(&entry.path()));
    for entry in logs.into_iter().chain(others) {
        let (from, to) = (entry.path(), into.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_tables(&from, &to)?;
        } else {
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// Copies a folder of tables, in which a file named by its number is never changed.
fn copy_tables(from: &Path, into: &Path) -> io::Result<()> {
    fs::create_dir_all(into)?;
    let mut entries = fs::read_dir(from)?.collect::<io::Result<Vec<_>>>()?;
    // What names the tables comes before them: they may be written meanwhile, and are only missed where they are named.
    entries.sort_by_key(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    for entry in entries {
        let (path, to) = (entry.path(), into.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_tables(&path, &to)?;
            continue;
        }
        let is_table = entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit());
        if !is_table || fs::hard_link(&path, &to).is_err() {
            fs::copy(&path, &to)?;
        }
    }
    Ok(())
}

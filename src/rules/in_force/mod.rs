//! The rules in force: those of the settings, each as far as it was promoted.

mod sources;
mod states;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use log::{info, warn};

use super::facts::View;
use super::feed::ReadError;
use super::set::{self, Heading, Matches, RuleSet};
use super::settings::{Consequence, Settings};
use crate::files::Signatures;
use crate::mail::Organisation;

pub use states::{FOLDER, Grounds, Promotion, State, States};

/// One message in so many is timed rule by rule: the clock costs as much as a simple rule.
const TIMED_EVERY: u32 = 64;

/// The rules in force. A reload makes others; what judges a message keeps those with which it began.
pub struct InForce {
    set: RuleSet,
    signatures: Signatures,
    settings: Settings,
    organisation: Organisation,
    state: Option<PathBuf>,
    states: States,
    /// What a match of each rule does, by its key; those that only list are left out.
    acting: HashMap<String, Consequence>,
    fingerprint: u64,
    /// Messages that were asked, of which one in [`TIMED_EVERY`] is timed.
    asked: AtomicU32,
}

impl InForce {
    /// Reads the rules of these settings; `None` where they name none. Rules with a fault are refused, and the log says
    /// why.
    ///
    /// # Errors
    /// A folder of the settings cannot be read.
    pub fn open(
        settings: &Settings,
        organisation: &Organisation,
        state: Option<&Path>,
    ) -> Result<Option<Self>, ReadError> {
        Self::read(settings, organisation, state, None)
    }

    /// The rules anew, where their files have changed since these were read; `None` where they have not, or cannot be
    /// read now: then these stay in force.
    pub fn changed(&self) -> Option<Self> {
        if self.fingerprint == sources::fingerprint(&self.settings, self.state.as_deref()) {
            return None;
        }
        match Self::read(&self.settings, &self.organisation, self.state.as_deref(), Some(self)) {
            Ok(anew) => anew,
            Err(error) => {
                warn!("rules: {error}; those in force stay");
                None
            }
        }
    }

    /// As [`InForce::open`], after others, of which the log says what changed.
    ///
    /// # Errors
    /// As there.
    pub fn reopen(
        settings: &Settings,
        organisation: &Organisation,
        state: Option<&Path>,
        before: Option<&Self>,
    ) -> Result<Option<Self>, ReadError> {
        Self::read(settings, organisation, state, before)
    }

    fn read(
        settings: &Settings,
        organisation: &Organisation,
        state: Option<&Path>,
        before: Option<&Self>,
    ) -> Result<Option<Self>, ReadError> {
        if settings.paths.is_empty() {
            return Ok(None);
        }
        // Taken first: what changes while it is read is seen by the next look.
        let fingerprint = sources::fingerprint(settings, state);
        let states = state.map_or_else(|| Ok(States::default()), States::read);
        let states = states.unwrap_or_else(|error| {
            warn!("rules: the promotions cannot be read ({error}); every rule only lists");
            States::default()
        });
        let read = sources::read(settings, organisation)?;
        for problem in &read.refused {
            let at = format!("{}:{}:{}", problem.file.display(), problem.line, problem.column);
            warn!("rules: refused {at}: {}", problem.message);
        }
        let set = RuleSet::new(read.rules, read.lists);
        let known: HashMap<&str, &str> = before
            .iter()
            .flat_map(|before| before.set.headings())
            .map(|rule| (rule.key.as_str(), rule.digest.as_str()))
            .collect();
        let differs = set.headings().filter(|rule| known.get(rule.key.as_str()) != Some(&rule.digest.as_str())).count();
        let mut acting = HashMap::new();
        for rule in set.headings() {
            let does = settings.most(rule).min(states.state(rule).most());
            if does > Consequence::List {
                acting.insert(rule.key.clone(), does);
            }
        }
        let (files, refused, rules, may) = (read.files, read.refused.len(), set.len(), acting.len());
        info!("rules: {files} files, {rules} rules in force, {refused} refused, {differs} changed; {may} may act");
        Ok(Some(Self {
            set,
            signatures: read.signatures,
            settings: settings.clone(),
            organisation: organisation.clone(),
            state: state.map(Path::to_owned),
            states,
            acting,
            fingerprint,
            asked: AtomicU32::new(0),
        }))
    }

    /// The same, each rule taken for promoted so far at least.
    pub fn promoting(mut self, least: State) -> Self {
        for rule in self.set.headings() {
            let does = self.settings.most(rule).min(self.states.state(rule).max(least).most());
            if does > Consequence::List {
                self.acting.insert(rule.key.clone(), does);
            }
        }
        self
    }

    /// Whether a rule looks into files.
    pub fn reads_files(&self) -> bool {
        self.set.reads_files()
    }

    /// The rules themselves.
    pub fn set(&self) -> &RuleSet {
        &self.set
    }

    /// Seconds between looks whether files have changed; `None` for no looks.
    pub fn look_seconds(&self) -> Option<u64> {
        Some(self.settings.look_seconds).filter(|seconds| *seconds > 0)
    }

    /// What the rules say of a message, and what each match does.
    pub fn evaluate(&self, view: View<'_>) -> Matches {
        let is_timed = self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(TIMED_EVERY);
        let view = view.with_signatures(&self.signatures);
        let mut matches = if is_timed { set::evaluate_timed(&self.set, view) } else { set::evaluate(&self.set, view) };
        let excused = self.settings.exclusions && matches.excluded_by.is_some();
        if !self.settings.exclusions {
            matches.excluded_by = None;
        }
        for found in matches.matched.iter_mut().filter(|_| !excused) {
            found.does = self.acting.get(&found.rule.key).copied().unwrap_or_default();
        }
        matches
    }

    /// How far a rule is promoted.
    pub fn state(&self, rule: &Heading) -> State {
        self.states.state(rule)
    }

    /// What a match of a rule does, muted or not.
    pub fn does(&self, rule: &Heading) -> Consequence {
        self.acting.get(&rule.key).copied().unwrap_or_default()
    }

    /// The backtest of a rule whose matches do something; `None` of one that only lists. A promotion without a backtest
    /// tells of no message.
    pub fn grounds(&self, rule: &Heading) -> Option<Grounds> {
        self.acting.get(&rule.key)?;
        Some(self.states.promotion(rule).and_then(|promotion| promotion.grounds.clone()).unwrap_or_default())
    }
}

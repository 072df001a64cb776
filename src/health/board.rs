//! All detectors with their records, and what befalls them as messages pass.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use log::warn;
use serde::{Deserialize, Serialize};

use super::counts::{Counts, SLOTS, hour_of, slot_of};
use super::episode::{Event, Tally, Why};
use super::record::{Now, Record, Sort};
use super::said::{Order, Said};
use super::settings::Settings;
use super::usual::Prior;
use crate::decision::{MODEL, Mutes, RULE_PREFIX};
use crate::mail::Moment;

/// Detectors that have a record: some times as many as a feed has rules.
pub(super) const DETECTORS_MAX: usize = 8_000;

/// A detector that speaks against a message.
#[derive(Clone, Debug)]
pub struct Speaking<'a> {
    /// Its name: a signal's, `rule.` and the rule's, `rarity.` and the sub-detector's, or `model`.
    pub name: Cow<'a, str>,
    /// Whether the verdict would be another without it.
    pub is_decisive: bool,
    /// Of a rule whose matches do something, what its backtest told.
    pub prior: Option<Prior>,
}

/// What a message showed of the detectors.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// When it came.
    pub at: Moment,
    /// The domain of its author.
    pub from: Option<&'a str>,
    /// The values of the signals, in the order in which the board got their names.
    pub values: &'a [Option<f32>],
    /// The model's score.
    pub score: Option<f32>,
    /// Those that speak against it, muted ones too.
    pub speaking: &'a [Speaking<'a>],
}

/// All detectors. Its size is bounded: each has a record of constant size.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Board {
    #[serde(skip)]
    pub(super) settings: Settings,
    /// The slot of the last message; `None` before the first.
    slot: Option<i64>,
    pub(super) at: Moment,
    messages: Counts,
    /// Messages ever.
    passed: u64,
    /// How many of the first records are signals, in the order of their names.
    signals: usize,
    pub(super) records: Vec<Record>,
    #[serde(skip)]
    index: HashMap<String, usize>,
    model: String,
    /// How much of what people said is taken up.
    pub(super) said: usize,
    #[serde(skip)]
    mutes: Arc<Mutes>,
}

impl Board {
    /// A board of these signals, with nothing seen.
    pub fn new(settings: &Settings, signals: &[&str]) -> Self {
        let mut board = Self { settings: settings.clone(), ..Self::default() };
        board.take_up(signals);
        board
    }

    /// Has the records of these signals stand first, in their order, and then the model's; others keep theirs.
    pub(super) fn take_up(&mut self, signals: &[&str]) {
        let mut known: HashMap<String, Record> =
            std::mem::take(&mut self.records).into_iter().map(|record| (record.name.clone(), record)).collect();
        for name in signals.iter().chain(&[MODEL]) {
            let mut record = known.remove(*name).unwrap_or_else(|| Record::new(name));
            record.is_in_force = true;
            record.values.get_or_insert_default();
            self.records.push(record);
        }
        let mut others: Vec<Record> = known.into_values().collect();
        for record in &mut others {
            record.is_in_force &= Sort::of(&record.name) != Sort::Signal;
        }
        others.sort_by(|a, b| b.is_in_force.cmp(&a.is_in_force).then_with(|| a.name.cmp(&b.name)));
        self.records.extend(others);
        self.records.truncate(DETECTORS_MAX);
        self.signals = signals.len();
        self.number();
    }

    fn number(&mut self) {
        self.index = self.records.iter().enumerate().map(|(place, record)| (record.name.clone(), place)).collect();
        self.tell_mutes();
    }

    fn tell_mutes(&mut self) {
        let muted = self.records.iter().filter(|record| record.mute.is_some());
        self.mutes = Arc::new(Mutes::of(muted.map(|record| record.name.clone())));
    }

    /// Other settings from now on.
    pub fn keep_to(&mut self, settings: &Settings) {
        self.settings = settings.clone();
    }

    /// The detectors that are muted now.
    pub fn mutes(&self) -> Arc<Mutes> {
        Arc::clone(&self.mutes)
    }

    /// Messages ever observed.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    /// The sub-detectors, and the rules in force with what each asks. A rule that asks something else is another.
    pub fn declare<'a>(
        &mut self,
        detectors: impl IntoIterator<Item = &'a str>,
        rules: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        for record in self.records.iter_mut().filter(|record| Sort::of(&record.name) == Sort::Rule) {
            record.is_in_force = false;
        }
        for name in detectors {
            if let Some(place) = self.place(name) {
                self.records[place].is_in_force = true;
            }
        }
        for (key, digest) in rules {
            let Some(place) = self.place(&format!("{RULE_PREFIX}{key}")) else { continue };
            let record = &mut self.records[place];
            if record.digest != digest {
                if !record.digest.is_empty() {
                    record.forget();
                    record.latency = None;
                }
                digest.clone_into(&mut record.digest);
            }
            record.is_in_force = true;
        }
        self.tell_mutes();
    }

    /// The digest of the model that scores. What another one weighed is no history of this one.
    pub fn scored_by(&mut self, model: &str) {
        if !self.model.is_empty() && self.model != model {
            for record in &mut self.records[..self.signals] {
                record.forget();
            }
            self.records[self.signals].forget();
            self.records[self.signals].values.get_or_insert_default();
            self.tell_mutes();
        }
        model.clone_into(&mut self.model);
    }

    /// The place of a detector's record, which is made where there is none; `None` where there is no room for it.
    fn place(&mut self, name: &str) -> Option<usize> {
        if let Some(place) = self.index.get(name) {
            return Some(*place);
        }
        if self.records.len() >= DETECTORS_MAX {
            let gone = self.records.iter().rposition(|record| !record.is_in_force)?;
            self.records.remove(gone);
            self.number();
        }
        self.records.push(Record { is_in_force: true, ..Record::new(name) });
        self.index.insert(name.to_owned(), self.records.len() - 1);
        Some(self.records.len() - 1)
    }

    /// Takes in what a message showed; says what is to be told.
    pub fn observe(&mut self, seen: &Seen<'_>) -> Vec<Event> {
        let mut events = self.advance(seen.at);
        let slot = self.slot.unwrap_or_else(|| slot_of(seen.at));
        self.messages.add(slot, 1);
        self.passed += 1;
        for (record, value) in self.records[..self.signals].iter_mut().zip(seen.values) {
            if let Some(values) = &mut record.values {
                values.add(*value);
            }
        }
        if let Some(values) = self.records.get_mut(self.signals).and_then(|record| record.values.as_mut()) {
            values.add_score(seen.score);
        }
        for speaking in seen.speaking {
            let Some(place) = self.place(&speaking.name) else { continue };
            let now = Now { at: self.at, slot, messages: &self.messages, settings: &self.settings };
            let record = &mut self.records[place];
            record.speak(slot, speaking, seen.from);
            events.extend(record.check(&now).into_iter().flatten());
        }
        if events.iter().any(|event| event.kind.mutes()) {
            self.tell_mutes();
        }
        events
    }

    /// Takes in how long each rule took, in nanoseconds.
    pub fn time<'a>(&mut self, runs: impl IntoIterator<Item = (&'a str, u32)>) {
        let mut name = RULE_PREFIX.to_owned();
        for (key, ns) in runs {
            name.truncate(RULE_PREFIX.len());
            name.push_str(key);
            if let Some(place) = self.place(&name) {
                self.records[place].latency.get_or_insert_default().add(ns);
            }
        }
    }

    /// Goes on to a moment, whether or not a message came: hours are closed, what is over ends.
    pub fn advance(&mut self, at: Moment) -> Vec<Event> {
        let slot = slot_of(at);
        let before = self.slot.unwrap_or(slot);
        self.slot = Some(before.max(slot));
        self.at = Moment(self.at.0.max(at.0));
        if slot < before - SLOTS as i64 {
            // The clock was set back: what lies ahead of it was counted in a time that is no more.
            warn!("health: the clock was set back; the counts of the last day begin anew");
            (self.slot, self.at, self.messages) = (Some(slot), at, Counts::default());
            self.records.iter_mut().for_each(|record| record.counts = Counts::default());
        }
        if slot <= before {
            return Vec::new();
        }
        let mut events = Vec::new();
        let (earlier, messages) = (self.messages.clone(), &mut self.messages);
        // An hour without mail tells of nothing.
        let leaving = Counts::leaving(before, slot).map(|hour| (hour, earlier.in_hour(hour)));
        let leaving: Vec<(i64, u32)> = leaving.filter(|(_, all)| *all > 0).collect();
        messages.advance(before, slot);
        let now = Now { at, slot, messages, settings: &self.settings };
        for record in &mut self.records {
            leaving.iter().for_each(|(hour, all)| record.leave(*hour, *all, &now));
            if hour_of(slot) > hour_of(before) {
                events.extend(record.close_hour(&now));
            }
            record.counts.advance(before, slot);
            events.extend(record.settle(&now).into_iter().flatten());
        }
        if events.iter().any(|event| event.kind.mutes()) {
            self.tell_mutes();
        }
        events
    }

    /// Takes in what people say of past decisions: when each was made, whether it is labelled safe, and which detectors
    /// spoke against it.
    pub fn label<'a, N>(&mut self, labelled: impl IntoIterator<Item = (Moment, bool, N)>) -> Vec<Event>
    where
        N: IntoIterator<Item = &'a str>,
    {
        self.records.iter_mut().for_each(|record| record.tally = Tally::default());
        for (at, is_safe, names) in labelled {
            for name in names {
                let Some(record) = self.index.get(name).and_then(|place| self.records.get_mut(*place)) else {
                    continue;
                };
                let is_since = record.episode.as_ref().is_some_and(|episode| at >= episode.since);
                let tally = &mut record.tally;
                let (count, since) = match is_safe {
                    true => (&mut tally.safe, &mut tally.safe_since),
                    false => (&mut tally.attack, &mut tally.attack_since),
                };
                *count += 1;
                *since += u32::from(is_since);
            }
        }
        let slot = self.slot.unwrap_or_default();
        let now = Now { at: self.at, slot, messages: &self.messages, settings: &self.settings };
        let events: Vec<Event> = self.records.iter_mut().filter_map(|record| record.mute_by_labels(&now)).collect();
        if !events.is_empty() {
            self.tell_mutes();
        }
        events
    }

    /// Whether a detector speaks at an unusual rate now.
    pub fn is_alert(&self) -> bool {
        self.records.iter().any(|record| record.episode.is_some())
    }

    /// Does what a person says of a detector; `None` where there is no such one, or nothing to do.
    pub fn obey(&mut self, said: &Said, at: Moment) -> Option<Event> {
        let place = *self.index.get(&said.detector)?;
        let slot = self.slot.unwrap_or_else(|| slot_of(at));
        let now = Now { at, slot, messages: &self.messages, settings: &self.settings };
        let record = &mut self.records[place];
        let event = match said.order {
            Order::Confirm => Some(record.confirm(&said.who, &now)),
            Order::Unmute => record.unmute(&said.who),
            // Without a model there is no score.
            Order::Mute if Sort::of(&record.name) == Sort::Model => None,
            Order::Mute => Some(record.mute(Why::Person(said.who.clone()), None, at)),
        };
        self.tell_mutes();
        event
    }

    /// Whether there is a detector of a name in force.
    pub fn knows(&self, name: &str) -> bool {
        self.index.get(name).is_some_and(|place| self.records[*place].is_in_force)
    }

    /// What all records are compared by now.
    pub(super) fn now(&self) -> Now<'_> {
        Now { at: self.at, slot: self.slot.unwrap_or_default(), messages: &self.messages, settings: &self.settings }
    }

    /// Whether what was read from a file can be used.
    pub(super) fn is_sound(&self) -> bool {
        self.records.len() <= DETECTORS_MAX && self.records.iter().all(Record::is_sound)
    }
}

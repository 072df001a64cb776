//! The record of one detector.

use serde::{Deserialize, Serialize};

use super::board::Speaking;
use super::counts::{Counts, HOURS, SLOT_MS, SLOTS, Span, hour_of};
use super::episode::{Drift, Episode, Event, Kind, Mute, Tally, Why};
use super::latency::Latency;
use super::settings::{Mutable, Settings};
use super::sources::Sources;
use super::tail::Expected;
use super::usual::{Prior, Usual};
use super::values::Values;
use super::words;
use crate::decision::{MODEL, RARITY_PREFIX, RULE_PREFIX};
use crate::mail::Moment;

/// Hours of an episode that do not count as usual. What lasts longer becomes usual bit by bit.
const ADOPT_MS: i64 = 72 * 3_600_000;
/// The least expectation of which silence can be told.
const SILENCE_EXPECTED_MIN: f64 = 30.0;
/// The part of it below which a detector is silent.
const SILENCE: f64 = 0.2;
/// The share of messages that a detector is taken to have had at least before its rate alone mutes it: a rule that never
/// matched would be muted by its first attacks.
const MUTE_SHARE_MIN: f64 = 1.0 / 2_000.0;
/// Looks at a detector's hour in a day that count as independent, and at its day: the chance of a false alarm is divided
/// among them.
const LOOKS: [f64; 2] = [288.0, 24.0];
const MS_PER_HOUR: i64 = 3_600_000;

/// What a detector is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Signal,
    Rule,
    Rarity,
    Model,
}

impl Sort {
    pub(super) fn of(name: &str) -> Self {
        match name {
            MODEL => Self::Model,
            name if name.starts_with(RULE_PREFIX) => Self::Rule,
            name if name.starts_with(RARITY_PREFIX) => Self::Rarity,
            _ => Self::Signal,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::Rule => "rule",
            Self::Rarity => "rarity",
            Self::Model => "model",
        }
    }
}

/// What all records are compared by.
#[derive(Clone, Copy)]
pub(super) struct Now<'a> {
    pub at: Moment,
    pub slot: i64,
    pub messages: &'a Counts,
    pub settings: &'a Settings,
}

/// The record of one detector, of constant size.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Record {
    pub name: String,
    /// What makes it what it is: another digest is another detector.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// Whether it is in force: what is not keeps its history for when it comes back.
    pub is_in_force: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub counts: Counts,
    #[serde(skip_serializing_if = "is_default")]
    pub usual: Usual,
    #[serde(skip_serializing_if = "is_default")]
    pub sources: Sources,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Box<Values>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<Box<Latency>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior: Option<Prior>,
    /// How often it ever spoke, and in how many of these decisions the verdict would be another without it.
    pub spoke: u64,
    pub decisive: u64,
    #[serde(skip_serializing_if = "is_default")]
    pub tally: Tally,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub episode: Option<Episode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mute: Option<Mute>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Record {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Counts that it spoke.
    pub(super) fn speak(&mut self, slot: i64, speaking: &Speaking<'_>, from: Option<&str>) {
        self.counts.add(slot, 1);
        self.spoke += 1;
        self.decisive += u64::from(speaking.is_decisive);
        self.prior = speaking.prior;
        if let Some(from) = from {
            self.sources.add(from);
        }
    }

    /// An hour leaves the day, in which so many messages came: only now it is history, for what is compared with it must not
    /// be its own excuse.
    pub(super) fn leave(&mut self, hour: i64, messages: u32, now: &Now<'_>) {
        let is_in = |episode: &Episode| {
            let since = episode.since.0.div_euclid(MS_PER_HOUR);
            hour >= since && now.at.0 - episode.since.0 < ADOPT_MS
        };
        let is_odd = self.counts.is_told(hour) || self.episode.as_ref().is_some_and(is_in);
        self.usual.take_in(hour, self.counts.in_hour(hour), messages, is_odd, self.prior);
    }

    /// An hour of the clock is over.
    pub(super) fn close_hour(&mut self, now: &Now<'_>) -> Option<Event> {
        self.sources.close_hour();
        let values = self.values.as_mut()?;
        values.close_hour();
        let index = values.drift();
        self.compare_values(index, now)
    }

    fn compare_values(&mut self, index: Option<f64>, now: &Now<'_>) -> Option<Event> {
        let (index, least) = (index?, now.settings.drift_min);
        match &mut self.drift {
            None if index >= least => {
                self.drift = Some(Drift { since: now.at, index });
                Some(self.event(Kind::Drifted, self.drifted().unwrap_or_default()))
            }
            Some(_) if index < least / 2.0 => {
                self.drift = None;
                Some(self.event(Kind::Settled, "its values are spread as usual again".to_owned()))
            }
            Some(drift) => {
                drift.index = index;
                None
            }
            None => None,
        }
    }

    /// That its values have drifted, in words.
    pub(super) fn drifted(&self) -> Option<String> {
        let drift = self.drift.as_ref()?;
        Some(format!("its values are spread otherwise than usual (population stability index {:.2})", drift.index))
    }

    fn event(&self, kind: Kind, words: String) -> Event {
        Event { detector: self.name.clone(), kind, words }
    }

    pub(super) fn expected(&self, span: Span, now: &Now<'_>) -> Option<Expected> {
        self.usual.expected(span, now.messages.of(span), hour_of(now.slot), self.prior)
    }

    /// Looks whether it speaks too often, after it spoke.
    pub(super) fn check(&mut self, now: &Now<'_>) -> [Option<Event>; 2] {
        let onset = self.rise(now);
        [onset, self.mute_by_rate(now)]
    }

    fn rise(&mut self, now: &Now<'_>) -> Option<Event> {
        if let Some(episode) = self.episode.as_mut().filter(|episode| !episode.is_silence) {
            let count = self.counts.of(episode.span);
            if count > episode.count {
                let (span, mean) = (episode.span, episode.expected);
                let expected = self.expected(span, now).map_or(mean, |expected| expected.mean);
                let higher = self.episode.as_mut()?;
                (higher.count, higher.expected) = (count, expected);
            }
            return None;
        }
        let (span, count, expected) = [Span::Hour, Span::Day].into_iter().find_map(|span| self.is_high(span, now))?;
        self.episode = Some(Episode {
            since: self.onset(span, expected.mean, now),
            span,
            is_silence: false,
            count,
            expected: expected.mean,
            is_spared: false,
        });
        (self.tally.safe_since, self.tally.attack_since) = (0, 0);
        let words = self.episode_words(now.at)?;
        Some(self.event(Kind::Onset, words))
    }

    /// The count and what was expected, where it is too high for chance.
    fn is_high(&self, span: Span, now: &Now<'_>) -> Option<(Span, u32, Expected)> {
        let count = self.counts.of(span);
        if count < now.settings.observations_min {
            return None;
        }
        let expected = self.expected(span, now)?;
        let is_more = f64::from(count) >= now.settings.alert_factor * expected.mean;
        (is_more && expected.at_least(count) <= chance(span, now.settings)).then_some((span, count, expected))
    }

    /// When the rate rose: the first slot, or hour, of twice what it should have.
    fn onset(&self, span: Span, expected: f64, now: &Now<'_>) -> Moment {
        let hour = hour_of(now.slot);
        let first = match span {
            Span::Hour => {
                let each = expected / SLOTS as f64;
                let mut slots = now.slot - SLOTS as i64 + 1..=now.slot;
                slots.find(|slot| f64::from(self.counts.in_slot(*slot)) > 2.0 * each)
            }
            Span::Day => {
                let each = expected / HOURS as f64;
                let mut hours = hour - HOURS as i64 + 1..=hour;
                hours.find(|hour| f64::from(self.counts.in_hour(*hour)) > 2.0 * each).map(|hour| hour * SLOTS as i64)
            }
        };
        Moment(first.unwrap_or(now.slot) * SLOT_MS)
    }

    /// What its rate is like, in words.
    pub(super) fn episode_words(&self, at: Moment) -> Option<String> {
        let episode = self.episode.as_ref()?;
        Some(words::episode(episode, self.sources.heaviest().as_ref(), self.tally, at))
    }

    fn may_be_muted(&self, settings: &Settings) -> bool {
        let may = |what| settings.mute.contains(&what);
        let is_spared = self.episode.as_ref().is_some_and(|episode| episode.is_spared);
        self.mute.is_none()
            && !is_spared
            && match Sort::of(&self.name) {
                // A rule that only lists has nothing to withhold; one that acts was backtested.
                Sort::Rule => self.prior.is_some() && may(Mutable::Rules),
                Sort::Rarity => may(Mutable::Rarity),
                Sort::Signal => may(Mutable::Signals),
                // Without a model there is no score.
                Sort::Model => false,
            }
    }

    fn mute_by_rate(&mut self, now: &Now<'_>) -> Option<Event> {
        let (count, settings) = (self.counts.of(Span::Hour), now.settings);
        if count < settings.mute_matches_min || self.tally.is_right() || !self.may_be_muted(settings) {
            return None;
        }
        let expected = self.expected(Span::Hour, now)?;
        let least = expected.mean.max(MUTE_SHARE_MIN * f64::from(now.messages.of(Span::Hour)));
        let is_jump = f64::from(count) >= settings.mute_factor * least
            && expected.at_least(count) <= chance(Span::Hour, settings);
        if !is_jump {
            return None;
        }
        let hours = i64::from(settings.mute_hours);
        let until = (hours > 0).then(|| Moment(now.at.0 + hours * MS_PER_HOUR));
        Some(self.mute(Why::Rate, until, now.at))
    }

    /// Mutes it where people labelled what it says now safe.
    pub(super) fn mute_by_labels(&mut self, now: &Now<'_>) -> Option<Event> {
        let (safe, attack) = (f64::from(self.tally.safe_since), f64::from(self.tally.attack_since));
        let is_high = self.episode.as_ref().is_some_and(|episode| !episode.is_silence);
        let is_safe = safe + attack >= f64::from(now.settings.labels_min)
            && safe >= now.settings.safe_share_min * (safe + attack);
        (is_high && is_safe && self.may_be_muted(now.settings)).then(|| self.mute(Why::Labels, None, now.at))
    }

    pub(super) fn mute(&mut self, why: Why, until: Option<Moment>, at: Moment) -> Event {
        let because = match &why {
            Why::Person(who) => format!("by {who}"),
            Why::Rate | Why::Labels => self.episode_words(at).unwrap_or_default(),
        };
        let lasts = match until {
            Some(until) => format!("muted until {}, or until a person confirms it", words::time(until, at)),
            None => "muted until a person confirms it".to_owned(),
        };
        self.mute = Some(Mute { since: at, why, until, words: because.clone() });
        self.event(Kind::Muted, format!("{lasts}: {because}"))
    }

    /// Has it speak again. What is the matter with its rate is not forgotten.
    pub(super) fn unmute(&mut self, who: &str) -> Option<Event> {
        self.mute.take()?;
        if let Some(episode) = &mut self.episode {
            episode.is_spared = true;
        }
        Some(self.event(Kind::Unmuted, format!("adds to verdicts again: {who}")))
    }

    /// Takes what it says now for usual, and has it speak again.
    pub(super) fn confirm(&mut self, who: &str, now: &Now<'_>) -> Event {
        let share = |span| f64::from(self.counts.of(span)) / f64::from(now.messages.of(span).max(1));
        let highest = share(Span::Hour).max(share(Span::Day));
        self.usual.accept(highest);
        (self.mute, self.episode) = (None, None);
        self.event(Kind::Confirmed, format!("what it says now is usual from now on: {who}"))
    }

    /// Looks after each slot whether what was the matter is over, and whether it fell silent.
    pub(super) fn settle(&mut self, now: &Now<'_>) -> [Option<Event>; 2] {
        let lapsed = self.mute.as_ref().is_some_and(|mute| mute.until.is_some_and(|until| now.at >= until));
        let speaks = lapsed.then(|| self.mute.take()).flatten();
        let speaks = speaks.map(|_| self.event(Kind::Unmuted, "adds to verdicts again: its time is over".to_owned()));
        let changed = match &self.episode {
            Some(episode) => self.is_over(episode, now).then(|| self.end(now)),
            None => self.fall(now),
        };
        [speaks, changed]
    }

    fn is_over(&self, episode: &Episode, now: &Now<'_>) -> bool {
        let Some(expected) = self.expected(episode.span, now) else { return true };
        let count = f64::from(self.counts.of(episode.span));
        match episode.is_silence {
            true => count > 0.5 * expected.mean,
            false => count < (now.settings.alert_factor / 2.0).max(1.2) * expected.mean.max(1.0),
        }
    }

    fn end(&mut self, now: &Now<'_>) -> Event {
        self.episode = None;
        // The day still holds what was told of.
        if let Some(share) = self.usual.share(self.prior) {
            self.counts.excuse(share, now.messages);
        }
        self.event(Kind::End, "speaks at its usual rate again".to_owned())
    }

    /// Whether it speaks so seldom that it must have stopped.
    fn fall(&mut self, now: &Now<'_>) -> Option<Event> {
        let span = Span::Hour;
        let share = self.usual.share(None)?;
        let mean = share * f64::from(now.messages.of(span));
        let count = self.counts.of(span);
        if mean < SILENCE_EXPECTED_MIN || f64::from(count) > SILENCE * mean {
            return None;
        }
        let Expected { mean: usual, variance } = self.expected(span, now)?;
        let expected = Expected { mean, variance: variance * mean / usual.max(f64::MIN_POSITIVE) };
        if expected.at_most(count) > chance(span, now.settings) {
            return None;
        }
        let since = Moment((now.slot - SLOTS as i64 + 1) * SLOT_MS);
        self.episode = Some(Episode { since, span, is_silence: true, count, expected: mean, is_spared: false });
        let words = self.episode_words(now.at)?;
        Some(self.event(Kind::Onset, words))
    }

    /// Another model, or a rule that asks something else: what was usual is so no longer.
    pub(super) fn forget(&mut self) {
        let (name, latency) = (std::mem::take(&mut self.name), self.latency.take());
        // A signal measures the same whatever weighs it.
        let values = self.values.take().filter(|_| Sort::of(&name) == Sort::Signal);
        *self = Self { name, latency, values, is_in_force: self.is_in_force, ..Self::default() };
    }

    pub(super) fn is_sound(&self) -> bool {
        self.usual.is_sound()
            && self.sources.is_sound()
            && self.values.as_ref().is_none_or(|values| values.is_sound())
            && self.prior.is_none_or(|prior| {
                (0.0..=1.0).contains(&prior.share) && prior.messages.is_finite() && prior.messages >= 0.0
            })
    }
}

/// The probability below which a count is no chance.
fn chance(span: Span, settings: &Settings) -> f64 {
    settings.false_alarms_per_day / 2.0 / LOOKS[span as usize]
}

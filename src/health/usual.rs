//! What is usual of one detector: its share of messages, its rate by hour of the week, and how unevenly it comes.

use serde::{Deserialize, Serialize};

use super::counts::Span;
use super::tail::Expected;

/// Hours after which what was seen counts half: two weeks.
const HALF_LIFE_HOURS: f64 = 336.0;
/// Messages and hours below which nothing is usual yet, and hours below which it is not known how unevenly it comes.
const MESSAGES_MIN: f64 = 1_000.0;
const HOURS_MIN: f64 = 24.0;
const HOURS_UNEVEN_MIN: f64 = 60.0;
/// Hours of a week.
const WEEK: usize = 168;
/// Weeks in which an hour was seen before it has a rate of its own.
const WEEKS_MIN: u8 = 3;
/// The least weight of a new week: older ones fade within two months.
const WEEK_WEIGHT_MIN: f32 = 0.125;
/// Events and dispersion that stand for what is not known yet. Mail comes in threads and campaigns: somewhat less evenly
/// than by chance.
const DISPERSION_EVENTS: f64 = 10.0;
const DISPERSION: f64 = 2.0;
/// The most that one hour or day adds beside three times what was expected: one flood must not excuse the next.
const SQUARE_MAX: f64 = 100.0;
/// The most that dispersion excuses.
const DISPERSION_MAX: f64 = 50.0;
/// What stands for a detector that never spoke: half an event.
const EVENTS_MIN: f64 = 0.5;

/// What was known of a rule before it was in force.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// The share of messages that it matched in its backtest.
    pub share: f64,
    /// How many messages that was of.
    pub messages: f64,
}

/// How much more variance than mean there is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Dispersion {
    squares: f64,
    events: f64,
}

impl Default for Dispersion {
    fn default() -> Self {
        Self { squares: DISPERSION * DISPERSION_EVENTS, events: DISPERSION_EVENTS }
    }
}

impl Dispersion {
    fn add(&mut self, count: f64, expected: f64, kept: f64) {
        let most = SQUARE_MAX + (3.0 * expected).powi(2);
        self.squares = self.squares * kept + (count - expected).powi(2).min(most);
        self.events = self.events * kept + expected;
    }

    fn factor(&self) -> f64 {
        (self.squares / self.events.max(f64::MIN_POSITIVE)).clamp(1.0, DISPERSION_MAX)
    }
}

/// What is usual of one detector. Old observations fade.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Usual {
    spoke: f64,
    messages: f64,
    hours: f64,
    hourly: Dispersion,
    daily: Dispersion,
    /// This day so far: what was counted, and what was expected.
    day: [f64; 2],
    /// By hour of the week, from Thursday midnight UTC: the mean, and in how many weeks it was seen. Empty for a detector
    /// that never spoke.
    week_mean: Vec<f32>,
    week_seen: Vec<u8>,
}

fn hour_of_week(hour: i64) -> usize {
    hour.rem_euclid(WEEK as i64) as usize
}

impl Usual {
    /// Whether what was read from a file can be used.
    pub(super) fn is_sound(&self) -> bool {
        let numbers = [self.spoke, self.messages, self.hours, self.hourly.squares, self.hourly.events];
        let more = [self.daily.squares, self.daily.events, self.day[0], self.day[1]];
        let weeks = [self.week_mean.len(), self.week_seen.len()];
        numbers.iter().chain(&more).all(|number| number.is_finite() && *number >= 0.0)
            && self.week_mean.iter().all(|mean| mean.is_finite() && *mean >= 0.0)
            && (weeks == [0, 0] || weeks == [WEEK, WEEK])
    }

    /// Takes an hour into the history. Hours without any mail tell of nothing, and are not given. Of an odd one, whose rate
    /// was told of, it is noted how uneven it was, and its hour of the week: what comes in bursts by nature, or each week,
    /// is told of a few times, and usual from then on.
    pub(super) fn take_in(&mut self, hour: i64, count: u32, messages: u32, is_odd: bool, prior: Option<Prior>) {
        let kept = (-std::f64::consts::LN_2 / HALF_LIFE_HOURS).exp();
        let (count, messages) = (f64::from(count), f64::from(messages));
        let expected = self.mean(Span::Hour, messages, hour, prior);
        if self.week_mean.is_empty() && count > 0.0 {
            self.week_mean = vec![0.0; WEEK];
            self.week_seen = vec![(self.hours / WEEK as f64).min(255.0) as u8; WEEK];
        }
        let place = hour_of_week(hour);
        if let (Some(mean), Some(seen)) = (self.week_mean.get_mut(place), self.week_seen.get_mut(place)) {
            let weight = (1.0 / (f32::from(*seen) + 1.0)).max(WEEK_WEIGHT_MIN);
            *mean += weight * (count as f32 - *mean);
            *seen = seen.saturating_add(1);
        }
        if let Some(expected) = expected {
            self.hourly.add(count, expected, kept);
            self.day = [self.day[0] + count, self.day[1] + expected];
            if hour.rem_euclid(24) == 23 {
                let [counted, expected] = std::mem::take(&mut self.day);
                self.daily.add(counted, expected, kept.powi(24));
            }
        }
        if is_odd {
            return;
        }
        self.spoke = self.spoke * kept + count;
        self.messages = self.messages * kept + messages;
        self.hours = self.hours * kept + 1.0;
    }

    /// What is expected over a span that ends in an hour, with so many messages; `None` where too little was seen.
    pub(super) fn expected(&self, span: Span, messages: u32, hour: i64, prior: Option<Prior>) -> Option<Expected> {
        if prior.is_none() && self.hours < HOURS_UNEVEN_MIN {
            return None;
        }
        let mean = self.mean(span, f64::from(messages), hour, prior)?;
        let dispersion = match span {
            Span::Hour => self.hourly.factor(),
            Span::Day => self.daily.factor().max(self.hourly.factor()),
        };
        // The usual rate is itself known only as well as the events behind it tell.
        let known = self.events(prior);
        Some(Expected { mean, variance: dispersion * mean + mean * mean / known })
    }

    /// The share of messages, where enough was seen or a backtest tells.
    pub(super) fn share(&self, prior: Option<Prior>) -> Option<f64> {
        if prior.is_none() && (self.messages < MESSAGES_MIN || self.hours < HOURS_MIN) {
            return None;
        }
        let before = prior.map_or(0.0, |prior| prior.messages);
        Some(self.events(prior) / (self.messages + before).max(1.0))
    }

    fn events(&self, prior: Option<Prior>) -> f64 {
        self.spoke + prior.map_or(0.0, |prior| prior.share * prior.messages) + EVENTS_MIN
    }

    /// The larger of two expectations: by the share of the messages that came, and by the hour of the week. Where only
    /// more mail comes, no detector has changed; nor has one that speaks each Monday at nine.
    fn mean(&self, span: Span, messages: f64, hour: i64, prior: Option<Prior>) -> Option<f64> {
        let by_share = self.share(prior)? * messages;
        let known = |hour: i64| {
            let place = hour_of_week(hour);
            let seen = self.week_seen.get(place).is_some_and(|seen| *seen >= WEEKS_MIN);
            self.week_mean.get(place).filter(|_| seen).map(|mean| f64::from(*mean))
        };
        let by_hour = match span {
            // An hour that ends now lies in two of the clock.
            Span::Hour => known(hour).zip(known(hour - 1)).map(|(now, before)| now.max(before)),
            Span::Day => (0..24).map(|back| known(hour - back)).sum(),
        };
        Some(by_hour.map_or(by_share, |by_hour| by_share.max(by_hour)))
    }

    /// Events an hour, over all hours; `None` where too little was seen.
    pub(super) fn an_hour(&self) -> Option<f64> {
        (self.hours >= HOURS_MIN && self.messages >= MESSAGES_MIN).then(|| self.spoke / self.hours)
    }

    /// Takes another share for usual from now on.
    pub(super) fn accept(&mut self, share: f64) {
        self.spoke = share * self.messages;
        (self.week_mean, self.week_seen) = (Vec::new(), Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_usual_before_enough_was_seen() {
        let mut usual = Usual::default();
        (0..60).for_each(|hour| usual.take_in(hour, 1, 100, false, None));
        assert_eq!(usual.expected(Span::Hour, 100, 60, None), None);
        (60..66).for_each(|hour| usual.take_in(hour, 1, 100, false, None));
        let expected = usual.expected(Span::Hour, 100, 66, None).expect("days were seen");
        assert!((expected.mean - 1.0).abs() < 0.05 && expected.variance > expected.mean, "{expected:?}");
        let mut few = Usual::default();
        (0..100).for_each(|hour| few.take_in(hour, 1, 9, false, None));
        assert_eq!(few.expected(Span::Hour, 100, 100, None), None);
    }

    #[test]
    fn a_backtest_tells_before_anything_was_seen() {
        let prior = Some(Prior { share: 0.01, messages: 10_000.0 });
        let expected = Usual::default().expected(Span::Hour, 200, 5, prior).expect("it was tested");
        assert!((expected.mean - 2.01).abs() < 1e-9, "{expected:?}");
    }

    #[test]
    fn an_hour_of_the_week_has_its_own_rate_after_three_weeks() {
        let mut usual = Usual::default();
        for hour in 0..3 * 168 {
            let count = if hour % 168 == 50 { 40 } else { 1 };
            usual.take_in(hour, count, 100, false, None);
        }
        let mean = |hour: i64| usual.expected(Span::Hour, 100, hour, None).expect("seen").mean;
        assert!((mean(3 * 168 + 50) - 40.0).abs() < 0.1 && mean(3 * 168 + 52) < 2.0);
    }

    #[test]
    fn what_comes_in_bursts_is_expected_in_bursts() {
        let (mut even, mut bursts) = (Usual::default(), Usual::default());
        for hour in 0..1_000 {
            even.take_in(hour, 2, 100, false, None);
            bursts.take_in(hour, if hour % 17 == 0 { 34 } else { 0 }, 100, false, None);
        }
        let probability = |usual: &Usual| usual.expected(Span::Hour, 100, 1_000, None).expect("seen").at_least(30);
        assert!(probability(&even) < 1e-12 && probability(&bursts) > 1e-4);
    }
}

//! All sub-detectors with what they remember.

use super::detector::{Lens, lenses};
use super::finding::{Fact, Finding};
use super::level::{FEATURES_MAX, Levels};
use super::settings::Settings;
use super::window::Window;
use crate::mail::Moment;
use crate::signals::Signals;

/// Finds rare messages. Its memory is bounded: at most [`Settings::events_max`] messages for each sub-detector. Time is
/// a value: it knows no clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Anomaly {
    pub(super) settings: Settings,
    /// When the first message came: the budget grows with the days that were watched.
    pub(super) since: Option<Moment>,
    /// One for each sub-detector, in their order.
    pub(super) windows: Vec<Window>,
}

impl Anomaly {
    /// One that remembers nothing yet.
    pub fn new(settings: &Settings) -> Self {
        let window = || Window::new(settings.events_max(), settings.window_milliseconds());
        Self { settings: settings.clone(), since: None, windows: lenses().iter().map(|_| window()).collect() }
    }

    /// How rare a message is among those that came before it: by the sub-detector to which it is rarest. `None` where
    /// none applies.
    pub fn rate(&self, signals: &Signals, at: Moment) -> Option<Finding> {
        let days = self.days(at);
        let mut rarest: Option<(Finding, &Lens, &Window, Levels)> = None;
        for (lens, window) in lenses().iter().zip(&self.windows) {
            let Some(levels) = lens.look(signals) else { continue };
            let finding = self.finding(lens, window, levels, days);
            if rarest.as_ref().is_none_or(|(other, ..)| finding.is_rarer_than(other)) {
                rarest = Some((finding, lens, window, levels));
            }
        }
        let (mut finding, lens, window, levels) = rarest?;
        if finding.alert {
            finding.facts = facts(lens, window, levels, signals);
        }
        Some(finding)
    }

    /// Remembers a message, once it was answered.
    pub fn remember(&mut self, signals: &Signals, at: Moment) {
        let days = self.days(at);
        self.since.get_or_insert(at);
        for (nth, lens) in lenses().iter().enumerate() {
            let Some(levels) = lens.look(signals) else { continue };
            let alert = self.finding(lens, &self.windows[nth], levels, days).alert;
            self.windows[nth].remember(levels, at, alert);
        }
    }

    /// Rates a message, then remembers it.
    pub fn observe(&mut self, signals: &Signals, at: Moment) -> Option<Finding> {
        let finding = self.rate(signals, at);
        self.remember(signals, at);
        finding
    }

    /// Days watched so far, at most those of the window.
    fn days(&self, at: Moment) -> f64 {
        let watched = self.since.map_or(0.0, |since| at.days_since(since).max(0.0));
        watched.min(self.settings.window_milliseconds() as f64 / 86_400_000.0)
    }

    fn finding(&self, lens: &Lens, window: &Window, levels: Levels, days: f64) -> Finding {
        let standing = window.rate(levels);
        // Each sub-detector has an equal part of the budget: the rank is to be within its part of the days watched.
        let alerts_per_day = (standing.rank + 1) as f64 * lenses().len() as f64 / days;
        Finding {
            detector: lens.detector.name,
            because: lens.detector.because,
            score: standing.score,
            remembered: standing.remembered,
            rank: standing.rank,
            alerts_per_day,
            surprise: surprise(window, levels),
            alert: self.settings.is_on() && alerts_per_day <= self.settings.alerts_per_day,
            facts: Vec::new(),
        }
    }
}

/// How surprising a message's features are together, were they independent.
fn surprise(window: &Window, levels: Levels) -> f64 {
    (0..FEATURES_MAX).map(|feature| -window.share(feature, levels.level(feature)).log2()).sum()
}

/// What makes a message rare: its features above their lowest level, the rarest first.
fn facts(lens: &Lens, window: &Window, levels: Levels, signals: &Signals) -> Vec<Fact> {
    let features = lens.detector.features.iter().enumerate().filter(|(nth, _)| levels.level(*nth) > 0);
    let mut facts: Vec<Fact> = features
        .map(|(nth, feature)| {
            let known = feature.signals.iter().filter_map(|name| Some((*name, signals.value(name)?)));
            let told = known.filter(|(_, value)| *value > 0.0 || feature.signals.len() == 1);
            Fact { feature: feature.name, signals: told.collect(), share: window.share(nth, levels.level(nth)) }
        })
        .collect();
    facts.sort_by(|a, b| a.share.total_cmp(&b.share));
    facts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::{index_of, registry};

    const DAY: i64 = 86_400_000;

    /// Signals of a stranger who asks for something, in so many phrases.
    fn favour(phrases: f32) -> Signals {
        let mut signals = Signals(vec![None; registry().len()]);
        let mut set = |name: &str, value| signals.0[index_of(name).expect("known")] = Some(value);
        set("first_message_from_sender", 1.0);
        set("payment_asked_by_stranger", phrases);
        set("asks_for_payment", phrases);
        signals
    }

    /// A number that looks random, from 0 to 1.
    fn noise(n: u64) -> f32 {
        let mixed = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / (1 << 24) as f32
    }

    fn settings(alerts_per_day: f64) -> Settings {
        Settings { alerts_per_day, ..Settings::default() }
    }

    /// Alerts a day, from the second window on, over messages that do not change in kind.
    fn alerts_a_day(alerts_per_day: f64, messages_a_day: i64, events_max: usize) -> f64 {
        let mut anomaly = Anomaly::new(&Settings { events_max, ..settings(alerts_per_day) });
        let mut alerts = 0;
        for n in 0..90 * messages_a_day {
            let signals = favour(0.01 + 30.0 * noise(n as u64));
            let finding = anomaly.observe(&signals, Moment(n * DAY / messages_a_day)).expect("it applies");
            alerts += u32::from(finding.alert && n > 30 * messages_a_day);
        }
        f64::from(alerts) / 60.0
    }

    #[test]
    fn the_budget_is_kept() {
        for (messages_a_day, events_max) in [(100, 4_096), (100, 256)] {
            let part = 16.0 / lenses().len() as f64;
            let alerts = alerts_a_day(16.0, messages_a_day, events_max);
            assert!(alerts > part / 2.0 && alerts < part * 1.5, "{alerts} of {part} with {events_max}");
        }
        assert_eq!(alerts_a_day(0.0, 10, 64), 0.0);
    }

    #[test]
    fn nothing_is_an_alert_before_the_watch() {
        let mut anomaly = Anomaly::new(&settings(1e9));
        let first = anomaly.observe(&favour(9.0), Moment(0)).expect("it applies");
        assert!(!first.alert && first.alerts_per_day.is_infinite());
        let next = anomaly.observe(&favour(9.0), Moment(DAY)).expect("it applies");
        assert!(next.alert && next.rank == 0);
        assert_eq!(anomaly.observe(&Signals(vec![None; registry().len()]), Moment(DAY)), None);
    }

    #[test]
    fn a_finding_names_what_makes_it_rare() {
        let mut anomaly = Anomaly::new(&settings(100.0));
        (0..30).for_each(|day| anomaly.remember(&favour(1.0), Moment(day * DAY)));
        let finding = anomaly.rate(&favour(5.0), Moment(30 * DAY)).expect("it applies");
        assert_eq!((finding.detector, finding.rank, finding.score, finding.alert), ("strangers_favour", 0, 30, true));
        let fact = Fact { feature: "it asks for money", signals: vec![("asks_for_payment", 5.0)], share: 1.0 / 31.0 };
        assert_eq!(finding.facts, [fact]);
    }

    #[test]
    fn rating_remembers_nothing() {
        let mut anomaly = Anomaly::new(&settings(10.0));
        anomaly.remember(&favour(1.0), Moment(0));
        let before = anomaly.clone();
        let rated = anomaly.rate(&favour(2.0), Moment(DAY));
        assert_eq!(anomaly, before);
        assert_eq!(anomaly.observe(&favour(2.0), Moment(DAY)), rated);
        assert_ne!(anomaly, before);
    }
}

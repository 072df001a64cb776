//! All sub-detectors with what they remember, and the order in which their messages stand together.

use super::detector::{Lens, lenses};
use super::finding::{Fact, Finding};
use super::level::{FEATURES_MAX, LEVEL_MAX, Levels};
use super::settings::Settings;
use super::window::{Standing, Window};
use crate::mail::Moment;
use crate::signals::Signals;

/// Steps of the common order for each doubling of a message's peers: one in ten more or fewer is a step.
const STEPS_PER_DOUBLING: f64 = 6.0;

/// Doublings of peers from which on a message stands at the end of the common order: some thousands.
const DOUBLINGS_MAX: f64 = 12.0;

/// Finds rare messages. Its memory is bounded: at most `events_max` messages for each sub-detector and as
/// many for their common order. Time is a value: it knows no clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Anomaly {
    pub(super) settings: Settings,
    /// When the first message entered the common order: the budget grows with the days that were watched.
    pub(super) since: Option<Moment>,
    /// One for each sub-detector, in their order.
    pub(super) windows: Vec<Window>,
    /// The messages of all sub-detectors by how few peers they have: whoever finds fewer rare messages than others
    /// leaves the budget to them.
    pub(super) together: Window,
}

/// How a message stands with the sub-detector to which it is rarest.
struct Rarest {
    nth: usize,
    levels: Levels,
    standing: Standing,
    peers: f64,
    surprise: f64,
}

impl Anomaly {
    /// One that remembers nothing yet.
    pub fn new(settings: &Settings) -> Self {
        let window = || Window::new(settings.events_max(), settings.window_milliseconds());
        let windows = lenses().iter().map(|_| window()).collect();
        Self { settings: settings.clone(), since: None, windows, together: window() }
    }

    /// How rare a message is among those that came before it: by the sub-detector to which it is rarest. `None` where
    /// none applies.
    pub fn rate(&self, signals: &Signals, at: Moment) -> Option<Finding> {
        let rarest = self.rarest(&looks(signals))?;
        let (lens, window) = (&lenses()[rarest.nth], &self.windows[rarest.nth]);
        let mut finding = self.finding(&rarest, at);
        if finding.alert {
            finding.facts = facts(lens, window, rarest.levels, signals);
        }
        Some(finding)
    }

    /// Remembers a message, once it was answered.
    pub fn remember(&mut self, signals: &Signals, at: Moment) {
        let looks = looks(signals);
        let Some(rarest) = self.rarest(&looks) else { return };
        let alert = self.finding(&rarest, at).alert;
        self.since.get_or_insert(at);
        self.together.remember(place(rarest.peers), at, alert);
        for (nth, levels) in looks {
            self.windows[nth].remember(levels, at, alert && nth == rarest.nth);
        }
    }

    /// Rates a message, then remembers it.
    pub fn observe(&mut self, signals: &Signals, at: Moment) -> Option<Finding> {
        let finding = self.rate(signals, at);
        self.remember(signals, at);
        finding
    }

    fn rarest(&self, looks: &[(usize, Levels)]) -> Option<Rarest> {
        let one = |(nth, levels): &(usize, Levels)| {
            let window = &self.windows[*nth];
            let standing = window.rate(*levels);
            let surprise = surprise(window, *levels);
            Rarest { nth: *nth, levels: *levels, standing, peers: peers(standing, surprise), surprise }
        };
        let by_peers = |a: &Rarest, b: &Rarest| a.peers.total_cmp(&b.peers).then(b.surprise.total_cmp(&a.surprise));
        looks.iter().map(one).min_by(by_peers)
    }

    fn finding(&self, rarest: &Rarest, at: Moment) -> Finding {
        let detector = lenses()[rarest.nth].detector;
        let before = self.together.rate(place(rarest.peers)).rank;
        let alerts_per_day = (before + 1) as f64 / self.days(at);
        Finding {
            detector: detector.name,
            because: detector.because,
            score: rarest.standing.score,
            remembered: rarest.standing.remembered,
            rank: rarest.standing.rank,
            peers: rarest.peers,
            alerts_per_day,
            surprise: rarest.surprise,
            alert: self.settings.is_on() && alerts_per_day <= self.settings.alerts_per_day,
            facts: Vec::new(),
        }
    }

    /// Days watched so far, at most those of the window.
    fn days(&self, at: Moment) -> f64 {
        let watched = self.since.map_or(0.0, |since| at.days_since(since).max(0.0));
        watched.min(self.settings.window_milliseconds() as f64 / 86_400_000.0)
    }
}

/// The sub-detectors that apply to a message, by their place, with its levels.
fn looks(signals: &Signals) -> Vec<(usize, Levels)> {
    lenses().iter().enumerate().filter_map(|(nth, lens)| Some((nth, lens.look(signals)?))).collect()
}

/// How surprising a message's features are together, were they independent.
fn surprise(window: &Window, levels: Levels) -> f64 {
    (0..FEATURES_MAX).map(|feature| -window.share(feature, levels.level(feature)).log2()).sum()
}

/// How many remembered messages are as suspicious, this one among them. Two estimates are weighed alike: the rank, which
/// is exact but cannot tell the rarest ones apart, and the number there would be were the features independent, which
/// can but knows nothing of what comes together. It is their geometric mean.
fn peers(standing: Standing, surprise: f64) -> f64 {
    let counted = (standing.rank + 1) as f64;
    let expected = (standing.remembered + 1) as f64 * (-surprise).exp2();
    (counted * expected).sqrt()
}

/// Where a message with so many peers stands in the common order.
fn place(peers: f64) -> Levels {
    let steps = (DOUBLINGS_MAX - peers.log2()) * STEPS_PER_DOUBLING;
    // The conversion saturates.
    Levels::of([(steps.round() as u8).min(LEVEL_MAX)])
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

    fn signals(values: &[(&str, f32)]) -> Signals {
        let mut signals = Signals(vec![None; registry().len()]);
        values.iter().for_each(|(name, value)| signals.0[index_of(name).expect("known")] = Some(*value));
        signals
    }

    /// Signals of a stranger who asks for something, in so many phrases.
    fn favour(phrases: f32) -> Signals {
        signals(&[
            ("first_message_from_sender", 1.0),
            ("payment_asked_by_stranger", phrases),
            ("asks_for_payment", phrases),
        ])
    }

    /// Signals of an own account that leads to a login.
    fn lure(phrases: f32) -> Signals {
        signals(&[("message_is_internal", 1.0), ("own_author_asks_for_login", phrases), ("asks_for_password", phrases)])
    }

    /// A number that looks random, from 0 to 1.
    fn noise(n: u64) -> f32 {
        let mixed = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        ((mixed ^ mixed >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40) as f32 / (1 << 24) as f32
    }

    fn settings(alerts_per_day: f64) -> Settings {
        Settings { alerts_per_day, ..Settings::default() }
    }

    /// Alerts a day of each of two sub-detectors, from the second window on, over messages that do not change in kind:
    /// of the other kind comes one in so many.
    fn alerts_a_day(alerts_per_day: f64, messages_a_day: i64, events_max: usize, other: i64) -> [f64; 2] {
        let mut anomaly = Anomaly::new(&Settings { events_max, ..settings(alerts_per_day) });
        let mut alerts = [0; 2];
        for n in 0..90 * messages_a_day {
            let phrases = 0.01 + 30.0 * noise(n as u64);
            let is_other = n % other == 0;
            let signals = if is_other { lure(phrases) } else { favour(phrases) };
            let finding = anomaly.observe(&signals, Moment(n * DAY / messages_a_day)).expect("it applies");
            alerts[usize::from(is_other)] += u32::from(finding.alert && n > 30 * messages_a_day);
        }
        alerts.map(|alerts| f64::from(alerts) / 60.0)
    }

    #[test]
    fn the_budget_is_kept_and_used() {
        for (messages_a_day, events_max) in [(100, 4_096), (100, 256)] {
            let [alerts, _] = alerts_a_day(8.0, messages_a_day, events_max, i64::MAX);
            assert!(alerts > 5.0 && alerts < 12.0, "{alerts} of 8 with {events_max}");
        }
        assert_eq!(alerts_a_day(0.0, 10, 64, i64::MAX), [0.0; 2]);
    }

    #[test]
    fn whoever_finds_little_leaves_the_budget_to_others() {
        let [many, few] = alerts_a_day(8.0, 100, 4_096, 50);
        assert!(few > 0.5 && few <= 2.0 && many > 3.0 && many + few < 12.0, "{many} and {few} of 8");
    }

    #[test]
    fn nothing_is_an_alert_before_the_watch() {
        let mut anomaly = Anomaly::new(&settings(1e9));
        let first = anomaly.observe(&favour(9.0), Moment(0)).expect("it applies");
        assert!(!first.alert && first.alerts_per_day.is_infinite());
        let next = anomaly.observe(&favour(9.0), Moment(DAY)).expect("it applies");
        assert!(next.alert && next.rank == 0);
        assert_eq!(anomaly.observe(&signals(&[]), Moment(DAY)), None);
    }

    #[test]
    fn a_finding_names_what_makes_it_rare() {
        let mut anomaly = Anomaly::new(&settings(100.0));
        (0..30).for_each(|day| anomaly.remember(&favour(1.0), Moment(day * DAY)));
        let finding = anomaly.rate(&favour(5.0), Moment(30 * DAY)).expect("it applies");
        assert_eq!((finding.detector, finding.rank, finding.score, finding.alert), ("strangers_favour", 0, 30, true));
        let fact = Fact { feature: "it asks for money", signals: vec![("asks_for_payment", 5.0)], share: 1.0 / 31.0 };
        assert_eq!(finding.facts, [fact]);
        // One by rank, and 31 / 31 by its only surprising feature.
        assert!((finding.peers - 1.0).abs() < 1e-9, "{}", finding.peers);
    }

    #[test]
    fn peers_weigh_what_is_counted_and_what_is_expected_alike() {
        let standing = |rank, remembered| Standing { score: 0, rank, remembered };
        assert_eq!(peers(standing(0, 0), 0.0), 1.0);
        assert_eq!(peers(standing(3, 63), 4.0), 4.0);
        assert_eq!(peers(standing(3, 63), 8.0), 1.0);
    }

    #[test]
    fn the_fewer_peers_the_higher_the_place() {
        let level = |peers: f64| place(peers).level(0);
        assert!(level(1.0) > level(1.2) && level(0.1) > level(1.0) && level(100.0) > level(1_000.0));
        assert_eq!((level(1e-9), level(0.0), level(1e9)), (LEVEL_MAX, LEVEL_MAX, 0));
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

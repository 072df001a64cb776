//! Measured messages compared with those before them: what becomes of each.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use kith::anomaly::{Anomaly, Settings};
use kith::mail::Moment;

use super::attack::Kind;
use super::measured::{Measured, Stage};

/// No comparison takes so long: the machine did something else meanwhile.
const INTERRUPTED: Duration = Duration::from_millis(1);

/// Messages after which the size of what is remembered is looked at.
const STATE_EVERY: u32 = 1_024;

/// What became of one message.
pub struct Seen {
    /// `None` for ordinary mail.
    pub kind: Option<Kind>,
    /// Which text of the kind.
    pub text: usize,
    /// Whether it was only compared, not learned.
    pub is_probe: bool,
    /// Whether the author's address wrote before.
    pub is_known: bool,
    /// The smallest daily budget under which it is an alert; infinite where no sub-detector applies.
    pub budget: f64,
    pub surprise: f64,
    pub alert: bool,
    pub detector: &'static str,
    /// The features that make an alert rare.
    pub features: Vec<&'static str>,
    /// The model's score.
    pub points: f32,
    pub day: i64,
}

/// The comparison of one replay.
pub struct Comparison {
    anomaly: Anomaly,
    /// Time runs so many times faster: as much more mail comes a day.
    dense: i64,
    seen: Vec<Seen>,
    messages: u32,
    /// Nanoseconds spent, and on how many messages; without those during which something else ran.
    spent: (u128, u32),
    state_bytes: usize,
}

/// What a replay gives.
pub struct Compared {
    pub seen: Vec<Seen>,
    /// Days with mail, after the warm-up.
    pub days: usize,
    /// Microseconds of comparing, for each message.
    pub microseconds: f64,
    /// The most bytes that were remembered, over all sub-detectors.
    pub state_bytes: usize,
}

impl Comparison {
    pub fn new(alerts_per_day: f64, dense: i64) -> Self {
        let settings = Settings { alerts_per_day, ..Settings::default() };
        let anomaly = Anomaly::new(&settings);
        Self { anomaly, dense: dense.max(1), seen: Vec::new(), messages: 0, spent: (0, 0), state_bytes: 0 }
    }

    pub fn add(&mut self, one: &Measured) {
        let at = Moment(one.at.0 / self.dense);
        let began = Instant::now();
        let finding = if one.stage == Stage::Probed {
            self.anomaly.rate(&one.signals, at)
        } else {
            self.anomaly.observe(&one.signals, at)
        };
        let spent = began.elapsed();
        self.messages += 1;
        if spent < INTERRUPTED {
            self.spent = (self.spent.0 + spent.as_nanos(), self.spent.1 + 1);
        }
        if self.messages.is_multiple_of(STATE_EVERY) {
            self.state_bytes = self.state_bytes.max(self.anomaly.encode().len());
        }
        if one.stage == Stage::Warm {
            return;
        }
        self.seen.push(Seen {
            kind: one.kind,
            text: one.text,
            is_probe: one.stage == Stage::Probed,
            is_known: one.signals.value("first_message_from_sender") == Some(0.0),
            budget: finding.as_ref().map_or(f64::INFINITY, |finding| finding.alerts_per_day),
            surprise: finding.as_ref().map_or(0.0, |finding| finding.surprise),
            alert: finding.as_ref().is_some_and(|finding| finding.alert),
            detector: finding.as_ref().map_or("-", |finding| finding.detector),
            features: finding.map_or_else(Vec::new, |f| f.facts.iter().map(|fact| fact.feature).collect()),
            points: one.points,
            day: at.secs().div_euclid(86_400),
        });
    }

    pub fn end(self) -> Compared {
        let days: HashSet<i64> = self.seen.iter().map(|seen| seen.day).collect();
        Compared {
            days: days.len(),
            microseconds: self.spent.0 as f64 / 1_000.0 / f64::from(self.spent.1.max(1)),
            state_bytes: self.state_bytes,
            seen: self.seen,
        }
    }
}

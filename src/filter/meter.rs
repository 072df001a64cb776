//! What the filter counts about itself: messages and what became of them, gaps, alerts, and how long each step took.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::journal::Entry;
use crate::mail::Direction;

/// Upper bounds of the classes into which seconds are counted: half a decade apart around a message's time, 0.5 ms
/// without DNS, and up to what an MTA waits for.
pub const SECONDS: [f64; 14] =
    [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];
/// Upper bounds of the classes into which scores are counted, in log-odds: the thresholds lie between 2 and 7.
pub const SCORES: [f64; 12] = [-8.0, -6.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.5, 7.0, 10.0];

/// Values in classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The classes' upper bounds, ascending.
    pub bounds: &'static [f64],
    /// How many values fell into each class, and beyond the last one.
    pub counts: Vec<u64>,
    /// The sum of all values.
    pub sum: f64,
}

impl Histogram {
    fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, counts: vec![0; bounds.len() + 1], sum: 0.0 }
    }

    fn add(&mut self, value: f64) {
        let class = self.bounds.partition_point(|bound| *bound < value);
        self.counts[class] += 1;
        self.sum += value;
    }
}

/// What became of messages of one sort.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sort {
    /// What the policy decided.
    pub verdict: &'static str,
    /// What was done.
    pub action: &'static str,
    /// The kind of attack; `none` below every threshold.
    pub category: &'static str,
    /// Which way it went; `unknown` where nobody looked.
    pub direction: &'static str,
}

/// The counts at one moment, since the start.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Messages of each sort.
    pub messages: BTreeMap<Sort, u64>,
    /// Their bytes.
    pub bytes: u64,
    /// What could not be known, by its name.
    pub gaps: BTreeMap<&'static str, u64>,
    /// Messages within the daily budget of alerts, by the sub-detector to which each was rarest.
    pub alerts: BTreeMap<String, u64>,
    /// Seconds that each step took.
    pub steps: BTreeMap<Cow<'static, str>, Histogram>,
    /// Seconds from the end of the message to its answer.
    pub whole: Histogram,
    /// Scores of inbound messages: where these move and the mail did not, something else did.
    pub scores: Histogram,
}

/// Counts each message as it is written down; shared by all filters on one state directory.
#[derive(Debug)]
pub struct Meter(Mutex<Counted>);

impl Default for Meter {
    fn default() -> Self {
        Self(Mutex::new(Counted {
            messages: BTreeMap::new(),
            bytes: 0,
            gaps: BTreeMap::new(),
            alerts: BTreeMap::new(),
            steps: BTreeMap::new(),
            whole: Histogram::new(&SECONDS),
            scores: Histogram::new(&SCORES),
        }))
    }
}

impl Meter {
    /// Counts a message with the time it took to write it down; `None` for one that nobody looked at, whose time would
    /// tell of nothing. One lock for all: several atomics would cost as much, and would not fit together.
    pub fn count(&self, entry: &Entry, recorded: Option<Duration>) {
        let sort = Sort {
            verdict: entry.verdict.name(),
            action: entry.action.name(),
            category: entry.category.map_or("none", |category| category.name()),
            direction: direction_name(entry.direction),
        };
        let mut counted = self.counted();
        *counted.messages.entry(sort).or_default() += 1;
        counted.bytes += entry.bytes as u64;
        for gap in &entry.gaps {
            *counted.gaps.entry(gap.missing.name()).or_default() += 1;
        }
        if let Some(rarity) = entry.rarity.as_ref().filter(|rarity| rarity.alert) {
            *counted.alerts.entry(rarity.detector.clone()).or_default() += 1;
        }
        if let (Some(score), Some(Direction::Inbound)) = (entry.score, entry.direction) {
            counted.scores.add(f64::from(score));
        }
        let Some(recorded) = recorded else { return };
        let mut whole = recorded.as_secs_f64();
        counted.step("record", whole);
        for (step, us) in &entry.elapsed_us.0 {
            let seconds = *us as f64 / 1e6;
            whole += seconds;
            match counted.steps.get_mut(step) {
                Some(histogram) => histogram.add(seconds),
                None => counted.step(step.clone(), seconds),
            }
        }
        counted.whole.add(whole);
    }

    /// The counts now.
    pub fn read(&self) -> Counted {
        self.counted().clone()
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        // What a panic left is sound: each count is a whole number.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn step(&mut self, name: impl Into<Cow<'static, str>>, seconds: f64) {
        self.steps.entry(name.into()).or_insert_with(|| Histogram::new(&SECONDS)).add(seconds);
    }
}

/// The stable name of a direction, as in the journal.
pub fn direction_name(direction: Option<Direction>) -> &'static str {
    match direction {
        None => "unknown",
        Some(Direction::Inbound) => "inbound",
        Some(Direction::Outbound) => "outbound",
        Some(Direction::Internal) => "internal",
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::time::Instant;

    use super::*;
    use crate::decision::Verdict;
    use crate::journal::{Named, Rarity};
    use crate::mail::{Category, Gap, Missing};

    fn entry() -> Entry {
        let steps = ["parse", "verify", "recall", "measure", "score", "decide"];
        Entry {
            verdict: Verdict::Hold,
            category: Some(Category::Malware),
            direction: Some(Direction::Inbound),
            score: Some(4.75),
            bytes: 10,
            gaps: vec![Gap::new(Missing::Spf, "why")],
            rarity: Some(Rarity { detector: "prober".into(), alert: true, ..Rarity::default() }),
            elapsed_us: Named(steps.map(|step| (step.into(), 100)).into()),
            ..Entry::default()
        }
    }

    #[test]
    fn a_message_is_counted_once_in_each_way() {
        let meter = Meter::default();
        meter.count(&entry(), Some(Duration::from_micros(400)));
        meter.count(&Entry { rarity: None, ..entry() }, None);
        let counted = meter.read();
        let sort = Sort { verdict: "hold", action: "accept", category: "malware", direction: "inbound" };
        assert_eq!(counted.messages, BTreeMap::from([(sort, 2)]));
        assert_eq!((counted.bytes, counted.gaps["spf"], counted.alerts["prober"]), (20, 2, 1));
        assert_eq!(counted.steps.len(), 7);
        assert_eq!(counted.steps["parse"].counts[1], 1, "100 microseconds belong below their bound");
        assert!((counted.whole.sum - 0.001).abs() < 1e-9);
        assert_eq!((counted.whole.counts.iter().sum::<u64>(), counted.scores.counts[10]), (1, 2));
    }

    #[test]
    fn a_value_beyond_all_bounds_is_counted_too() {
        let mut histogram = Histogram::new(&SECONDS);
        [0.0, 30.0, 30.1].into_iter().for_each(|value| histogram.add(value));
        assert_eq!((histogram.counts[0], histogram.counts[13], histogram.counts[14]), (1, 1, 1));
    }

    #[test]
    fn directions_have_the_journal_s_names() {
        for direction in [Direction::Inbound, Direction::Outbound, Direction::Internal] {
            let name = serde_json::to_string(&direction).expect("serialises");
            assert_eq!(name, format!("\"{}\"", direction_name(Some(direction))));
        }
    }

    /// Prints what counting costs; run with `--nocapture` in an optimised build.
    #[test]
    fn counting_is_cheap() {
        let (meter, entry) = (Meter::default(), entry());
        let rounds = 20_000;
        let begun = Instant::now();
        (0..rounds).for_each(|_| meter.count(black_box(&entry), Some(Duration::from_micros(5))));
        let each = begun.elapsed() / rounds;
        println!("counting a message: {each:?}");
        // Far above the figure: a machine that does other work, too, and a build that is not optimised.
        assert!(each < Duration::from_micros(100), "{each:?}");
    }
}

//! How often each rule matches, and which match so much more often than before that they are muted.

use std::collections::HashMap;

use crate::mail::Moment;
use crate::rules::settings::Settings;

/// Messages that count as *lately*.
const LATELY: f64 = 200.0;
/// Messages after which a match is half forgotten in the history: some weeks of a small host.
const HISTORY: f64 = 20_000.0;
/// The rate that a rule is taken to have had at least: once in so many messages. A rule that never matched would be muted
/// by its first attacks.
const RATE_MIN: f64 = 1.0 / 2_000.0;
const MS_PER_HOUR: i64 = 3_600_000;

/// How often one rule matches.
#[derive(Clone, Copy, Debug, Default)]
struct Rate {
    /// Decayed matches among the last messages.
    lately: f64,
    /// Decayed matches of the history.
    before: f64,
    /// The number of the message up to which both are decayed.
    at: u64,
    /// Until when it is muted.
    muted_until: Option<Moment>,
}

/// How often rules match.
#[derive(Debug, Default)]
pub(super) struct Rates {
    messages: u64,
    rules: HashMap<String, Rate>,
}

/// What a match means for its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It matches about as often as before.
    Usual,
    /// It is muted from now on: it matches much more often.
    Jumped,
    /// It was muted before.
    Muted,
}

impl Rates {
    /// Counts a message.
    pub(super) fn pass(&mut self) {
        self.messages += 1;
    }

    /// Counts a match of a rule; `expected` is the share of messages that its backtest found it to match.
    pub(super) fn count(&mut self, rule: &str, expected: Option<f64>, at: Moment, settings: &Settings) -> Standing {
        let messages = self.messages;
        let rate = self.rules.entry(rule.to_owned()).or_default();
        let passed = (messages - rate.at) as f64;
        rate.lately *= (-passed / LATELY).exp();
        rate.before *= (-passed / HISTORY).exp();
        rate.at = messages;
        // What was seen so far weighs as much as there was of it; before that the backtest speaks.
        let seen = HISTORY * (1.0 - (-(messages as f64) / HISTORY).exp());
        let usual = (rate.before / seen.max(LATELY)).max(expected.unwrap_or(0.0)).max(RATE_MIN);
        rate.lately += 1.0;
        let is_jump = settings.mute_factor > 0.0
            && rate.lately >= f64::from(settings.mute_matches_min)
            && rate.lately / LATELY > settings.mute_factor * usual;
        // What a burst counts must not be its own excuse.
        if !is_jump {
            rate.before += 1.0;
        }
        if rate.muted_until.is_some_and(|until| at < until) {
            return Standing::Muted;
        }
        if is_jump {
            rate.muted_until = Some(Moment(at.0 + i64::from(settings.mute_hours) * MS_PER_HOUR));
            return Standing::Jumped;
        }
        Standing::Usual
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Moment = Moment(1_700_000_000_000);

    /// Lets messages pass of which every `every`-th is matched, and says what the last match meant.
    fn run(rates: &mut Rates, messages: u64, every: u64, at: Moment) -> Standing {
        let mut last = Standing::Usual;
        for n in 1..=messages {
            rates.pass();
            if n % every == 0 {
                last = rates.count("own", None, at, &Settings::default());
            }
        }
        last
    }

    #[test]
    fn a_rule_that_matches_much_more_often_is_muted_for_a_while() {
        let mut rates = Rates::default();
        assert_eq!(run(&mut rates, 5_000, 1_000, START), Standing::Usual);
        rates.pass();
        let settings = Settings::default();
        let meant: Vec<_> = (0..12).map(|_| rates.count("own", None, START, &settings)).collect();
        assert_eq!(meant[..8], [Standing::Usual; 8]);
        assert!(meant.contains(&Standing::Jumped));
        assert_eq!(meant.last(), Some(&Standing::Muted));
        let later = Moment(START.0 + 25 * MS_PER_HOUR);
        run(&mut rates, 3_000, 3_001, later);
        assert_eq!(run(&mut rates, 1, 1, later), Standing::Usual);
    }

    #[test]
    fn a_rule_that_always_matched_often_is_not() {
        let mut rates = Rates::default();
        run(&mut rates, 40, 5, START);
        assert_eq!(run(&mut rates, 4_000, 20, START), Standing::Usual);
        let mut expected = Rates::default();
        expected.pass();
        let settings = Settings::default();
        assert!((0..50).all(|_| expected.count("own", Some(0.05), START, &settings) == Standing::Usual));
    }

    #[test]
    fn muting_can_be_turned_off() {
        let (mut rates, settings) = (Rates::default(), Settings { mute_factor: 0.0, ..Settings::default() });
        rates.pass();
        assert!((0..500).all(|_| rates.count("own", None, START, &settings) == Standing::Usual));
    }
}

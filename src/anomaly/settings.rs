//! What an administrator may set about the search for rare messages.

use serde::{Deserialize, Serialize};

/// Settings of Directed Anomaly Scoring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Alerts a day, over all sub-detectors, that people can look at; 0 turns the search off.
    pub alerts_per_day: f64,
    /// Days for which messages are remembered; at least 1.
    pub window_days: f64,
    /// Messages that each sub-detector remembers; where more come in the window's time, each remembered one stands for
    /// several. At least 16.
    pub events_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // What one person can look at beside other work: each takes a minute or two.
            alerts_per_day: 10.0,
            // The paper's window: a month holds each monthly habit once.
            window_days: 30.0,
            // About 100 kB for each sub-detector, and three passes over it in some 15 µs. Few messages concern a
            // sub-detector: this holds a month of them at some thousands of messages a day.
            events_max: 4_096,
        }
    }
}

impl Settings {
    /// Whether anything is searched for.
    pub fn is_on(&self) -> bool {
        self.alerts_per_day > 0.0
    }

    /// The window in milliseconds.
    pub(super) fn window_milliseconds(&self) -> i64 {
        // `max` also turns NaN into the bound, and the conversion saturates.
        (self.window_days.max(1.0) * 86_400_000.0) as i64
    }

    /// Messages remembered: enough for a rank to mean something.
    pub(super) fn events_max(&self) -> usize {
        self.events_max.max(16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_toml() {
        let text = toml::to_string(&Settings::default()).expect("plain values");
        assert_eq!(toml::from_str::<Settings>(&text).expect("same shape"), Settings::default());
        assert!(toml::from_str::<Settings>("alerts_a_day = 3").is_err());
    }

    fn check(alerts_per_day: f64, window_days: f64, events_max: usize, expected: (bool, i64, usize)) {
        let settings = Settings { alerts_per_day, window_days, events_max };
        assert_eq!((settings.is_on(), settings.window_milliseconds(), settings.events_max()), expected);
    }

    #[test]
    fn values_have_bounds() {
        check(0.0, 30.0, 15, (false, 2_592_000_000, 16));
        check(0.5, 0.9, 16, (true, 86_400_000, 16));
        check(f64::NAN, f64::NAN, 17, (false, 86_400_000, 17));
    }
}

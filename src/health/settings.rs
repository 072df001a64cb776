//! What an administrator may set about the health of detectors.

use serde::{Deserialize, Serialize};

/// Which detectors may be muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mutable {
    /// Rules whose matches do something.
    Rules,
    /// Sub-detectors of the search for rare messages.
    Rarity,
    /// Signals.
    Signals,
}

/// The settings of the health of detectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Alerts a day for each detector whose mail has not changed, by chance alone.
    pub false_alarms_per_day: f64,
    /// How many times its usual rate a detector must speak for an alert.
    pub alert_factor: f64,
    /// How often it must speak at least, in the hour or day that is compared.
    pub observations_min: u32,
    /// From which population stability index on a detector's values are said to have drifted.
    pub drift_min: f64,
    /// What may be muted by itself: `rules`, `rarity`, `signals`. A person may mute any detector but the model.
    pub mute: Vec<Mutable>,
    /// How many times its usual rate mutes a detector, unless people label most of its matches attacks.
    pub mute_factor: f64,
    /// How often it must speak at least, in that hour.
    pub mute_matches_min: u32,
    /// Hours after which a detector that was muted for its rate alone speaks again; 0 for when a person says so.
    pub mute_hours: u32,
    /// Labelled matches since the alert without which labels do not mute.
    pub labels_min: u32,
    /// The share of these that must be labelled safe.
    pub safe_share_min: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // With a thousand detectors that all speak often one a day; most speak seldom, and give none.
            false_alarms_per_day: 0.001,
            // Campaigns double a rate; people want to hear of what cannot be chance and makes a difference.
            alert_factor: 3.0,
            // Fewer can be read one by one.
            observations_min: 8,
            // By convention of those who watch models: above it, look.
            drift_min: 0.25,
            // A rule is one person's idea; the signals that the model weighs were measured together.
            mute: vec![Mutable::Rules],
            // A campaign makes a rule match more often, but seldom ten times as often.
            mute_factor: 10.0,
            // A rule that finds so many attacks in an hour is worth a look of a person in any case.
            mute_matches_min: 10,
            // Until the next working day: who floods a filter to have a rule muted shall not have it for good.
            mute_hours: 24,
            // One label may be a slip of the hand.
            labels_min: 5,
            // Attack waves bring labels of attacks.
            safe_share_min: 0.8,
        }
    }
}

impl Settings {
    /// What keeps the values from working, each in words that begin with its key.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut check = |is_sound: bool, words: &str| {
            if !is_sound {
                faults.push(format!("health.{words}"));
            }
        };
        let chance = self.false_alarms_per_day;
        check(chance > 0.0 && chance <= 1.0, "false_alarms_per_day must be above 0 and at most 1");
        for (name, factor) in [("alert_factor", self.alert_factor), ("mute_factor", self.mute_factor)] {
            check(factor.is_finite() && factor >= 1.5, &format!("{name} must be at least 1.5"));
        }
        check(self.mute_factor >= self.alert_factor, "mute_factor must not lie below health.alert_factor");
        check(self.observations_min > 0, "observations_min must be at least 1");
        check(self.drift_min > 0.0, "drift_min must be above 0");
        check(self.labels_min > 0, "labels_min must be at least 1");
        check((0.5..=1.0).contains(&self.safe_share_min), "safe_share_min must lie between 0.5 and 1");
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_named() {
        assert_eq!(Settings::default().faults(), [""; 0]);
        for (text, part) in [
            ("false_alarms_per_day = 0.0", "false_alarms_per_day"),
            ("alert_factor = 1.0", "alert_factor"),
            ("mute_factor = 2.0", "must not lie below"),
            ("observations_min = 0", "observations_min"),
            ("drift_min = 0.0", "drift_min"),
            ("labels_min = 0", "labels_min"),
            ("safe_share_min = 0.4", "safe_share_min"),
        ] {
            let settings: Settings = toml::from_str(text).expect("readable");
            assert!(settings.faults().iter().any(|fault| fault.contains(part)), "{text}: {:?}", settings.faults());
        }
        assert!(toml::from_str::<Settings>("mute = ['models']").is_err());
    }
}

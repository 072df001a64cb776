//! The settings: one TOML file, composed from each room's own, with a folder of additions and the environment above it.

mod environment;
mod error;
mod load;
mod place;
mod shown;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::mail::Organisation;
use crate::{
    admin, anomaly, archive, auth, baseline, decision, feedback, filter, health, journal, message, milter, model,
    quarantine, rules, tables,
};

pub use error::SettingsError;
pub use load::{DEFAULT_FILE, EMBEDDED, read_file};

/// All settings. Every key has a default; `conf/kith.toml` shows each with its purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Where baselines, journal and the seal key are kept.
    pub state_directory: PathBuf,
    /// Whose mail this is.
    pub organisation: Organisation,
    /// The milter protocol.
    pub milter: milter::Settings,
    /// Limits of parsing.
    pub message: message::Settings,
    /// Authentication and DNS.
    pub auth: auth::Settings,
    /// Communication baselines.
    pub baseline: baseline::Settings,
    /// The search for rare messages.
    pub anomaly: anomaly::Settings,
    /// The model.
    pub model: model::Settings,
    /// The rules.
    pub rules: rules::Settings,
    /// The health of detectors.
    pub health: health::Settings,
    /// What becomes of a message.
    pub policy: decision::Policy,
    /// The seal of held mail.
    pub quarantine: quarantine::Settings,
    /// What recipients report.
    pub feedback: feedback::Settings,
    /// Messages kept to be decided on again.
    pub archive: archive::Settings,
    /// The record of decisions.
    pub journal: journal::Settings,
    /// The journal as tables.
    pub tables: tables::Settings,
    /// The web pages, their JSON and the metrics.
    pub admin: admin::Settings,
    /// Where the daemon's own words go.
    pub log: Log,
}

/// Where the daemon's own words go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Least weight of what is written: `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// Whether to write to syslog, facility mail, where the MTA writes too.
    pub syslog: bool,
    /// Whether to write to standard output.
    pub stdout: bool,
}

impl Default for Log {
    fn default() -> Self {
        // One line a message, as the MTA does; on standard output, which a service manager keeps and a container shows.
        // syslog is off by default, since under systemd both would end in the same log twice.
        Self { level: "info".to_owned(), syslog: false, stdout: true }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // The place that the file-system hierarchy standard gives to a service's state.
            state_directory: PathBuf::from("/var/lib/kith"),
            organisation: Organisation::default(),
            milter: milter::Settings::default(),
            message: message::Settings::default(),
            auth: auth::Settings::default(),
            baseline: baseline::Settings::default(),
            anomaly: anomaly::Settings::default(),
            model: model::Settings::default(),
            rules: rules::Settings::default(),
            health: health::Settings::default(),
            policy: decision::Policy::default(),
            quarantine: quarantine::Settings::default(),
            feedback: feedback::Settings::default(),
            archive: archive::Settings::default(),
            journal: journal::Settings::default(),
            tables: tables::Settings::default(),
            admin: admin::Settings::default(),
            log: Log::default(),
        }
    }
}

impl Settings {
    /// The keys with other values in `other`, with their sections: `journal.queued_max`. A key whose value is a table of
    /// the administrator's own counts as one.
    pub fn differing(&self, other: &Self) -> Vec<String> {
        let (Ok(ours), Ok(others)) = (toml::Table::try_from(self), toml::Table::try_from(other)) else {
            return Vec::new();
        };
        let mut keys = Vec::new();
        collect(&mut keys, "", &ours, &others);
        keys
    }

    /// The part by which messages are filtered.
    pub fn filter(&self) -> filter::Settings {
        filter::Settings {
            organisation: self.organisation.clone(),
            message: self.message.clone(),
            auth: self.auth.clone(),
            baseline: self.baseline.clone(),
            anomaly: self.anomaly.clone(),
            model: self.model.clone(),
            rules: self.rules.clone(),
            health: self.health.clone(),
            policy: self.policy.clone(),
            quarantine: self.quarantine.clone(),
            feedback: self.feedback.clone(),
            archive: self.archive.clone(),
            journal: self.journal.clone(),
        }
    }
}

fn collect(keys: &mut Vec<String>, above: &str, ours: &toml::Table, others: &toml::Table) {
    for (key, value) in ours.iter().filter(|(key, value)| others.get(*key) != Some(value)) {
        let name = format!("{above}{key}");
        match (value.as_table(), others.get(key).and_then(toml::Value::as_table)) {
            (Some(inner), Some(other)) if inner.keys().eq(other.keys()) => {
                collect(keys, &format!("{name}."), inner, other);
            }
            _ => keys.push(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_are_named_with_their_sections() {
        let check = |text: &str, expected: &[&str]| {
            let fresh: Settings = toml::from_str(text).expect("sound");
            assert_eq!(Settings::default().differing(&fresh), expected, "{text}");
        };
        check("", &[]);
        check(
            "state_directory = '/elsewhere'\n[journal]\nqueued_max = 5\n",
            &["journal.queued_max", "state_directory"],
        );
        check("policy.thresholds.reject = 9\npolicy.thresholds.tag = 2.2", &["policy.thresholds.reject"]);
        check("policy.category.malware.tag = 1.0\n", &["policy.category"]);
        check("[[policy.block]]\nsender = 'a.example'\n", &["policy.block"]);
    }
}

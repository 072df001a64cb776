//! Where recipients report mail, and how much is believed.

use serde::{Deserialize, Serialize};

use crate::mail::Address;

/// Settings of the feedback of recipients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Own addresses to which people forward what is an attack; their mail passes this Kith.
    pub abuse_addresses: Vec<Address>,
    /// Maildirs that hold such reports.
    pub abuse_maildirs: Vec<String>,
    /// Junk folders of Maildirs, with `{address}`, or `{local}` and `{domain}`, where the path names whose they are.
    pub junk_folders: Vec<String>,
    /// Labels of one reporter a day; his further ones are left out.
    pub reports_per_day_max: usize,
    /// Seconds between looks into Maildirs and for new labels.
    pub look_seconds: u64,
    /// Messages read in one look; the others are read in the next.
    pub messages_per_look_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            abuse_addresses: Vec::new(),
            abuse_maildirs: Vec::new(),
            junk_folders: Vec::new(),
            // More than anybody reports by hand, and little against the labels of all.
            reports_per_day_max: 50,
            // Nobody waits for it.
            look_seconds: 30,
            // A second of work, as one message costs some milliseconds.
            messages_per_look_max: 200,
        }
    }
}

impl Settings {
    /// What is wrong with them, each fault in words that begin with its key; empty for sound ones.
    pub fn faults(&self) -> Vec<String> {
        let least = [
            ("reports_per_day_max", self.reports_per_day_max),
            ("look_seconds", self.look_seconds as usize),
            ("messages_per_look_max", self.messages_per_look_max),
        ];
        let zero = least.into_iter().filter(|(_, value)| *value == 0);
        let mut faults: Vec<_> = zero.map(|(key, _)| format!("feedback.{key} must be at least 1")).collect();
        for pattern in &self.junk_folders {
            let names = |part: &str| pattern.contains(part);
            let says_whose = names("{address}") || names("{local}") && names("{domain}");
            if !says_whose || !pattern.starts_with('/') {
                let why = "is no path from / with {address}, or with {local} and {domain}";
                faults.push(format!("feedback.junk_folders: {pattern:?} {why}"));
            }
        }
        let relative = self.abuse_maildirs.iter().filter(|path| !path.starts_with('/'));
        faults.extend(relative.map(|path| format!("feedback.abuse_maildirs: {path:?} is no path from /")));
        faults
    }

    /// Whether an address is one for reports.
    pub fn takes_reports(&self, recipients: &[Address]) -> bool {
        self.abuse_addresses.iter().any(|own| recipients.iter().any(|one| one.is_same_mailbox(own)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Settings), expected: &[&str]) {
        let mut settings = Settings::default();
        change(&mut settings);
        let faults = settings.faults();
        let begins = faults.iter().zip(expected).all(|(fault, key)| fault.starts_with(&format!("feedback.{key}")));
        assert!(faults.len() == expected.len() && begins, "{faults:?}");
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        check(|_| (), &[]);
        check(|s| (s.reports_per_day_max, s.look_seconds) = (0, 0), &["reports_per_day_max", "look_seconds"]);
        check(|s| s.messages_per_look_max = 0, &["messages_per_look_max"]);
        for sound in ["/m/{domain}/{local}/.Junk", "/m/{address}/.Junk"] {
            check(|s| s.junk_folders = vec![sound.to_owned()], &[]);
        }
        for wrong in ["/m/{local}/.Junk", "/m/.Junk", "m/{address}"] {
            check(|s| s.junk_folders = vec![wrong.to_owned()], &["junk_folders"]);
        }
        check(|s| s.abuse_maildirs = vec!["abuse".to_owned()], &["abuse_maildirs"]);
    }

    #[test]
    fn reports_are_known_by_their_recipient() {
        let own = Address::parse("abuse@own.example").expect("valid");
        let settings = Settings { abuse_addresses: vec![own.clone()], ..Settings::default() };
        let other = Address::parse("ann@own.example").expect("valid");
        assert!(settings.takes_reports(&[other.clone(), own]) && !settings.takes_reports(&[other]));
    }
}

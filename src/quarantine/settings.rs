//! Where held mail is kept, how much of it and for how long, and where a released message is handed over.

use serde::{Deserialize, Serialize};

use super::{DigestSettings, Rights};

/// Who keeps held mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// The MTA, in its own quarantine.
    #[default]
    Mta,
    /// Kith, in the folder `quarantine` of the state directory; the MTA is told to drop the message.
    Own,
}

/// How held mail is kept and let go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Days for which a message that the MTA kept is known again when it is released; 0 turns its seals off.
    pub seal_days_max: u32,
    /// Who keeps held mail: `mta` (Postfix's hold queue, Sendmail's quarantine) or `own` (Kith's store).
    pub keep: Keep,
    /// Bytes of Kith's store. Where it is full, what was released makes room; then `journal.when_unwritable` says what
    /// becomes of a message to be held.
    pub kept_bytes_max: u64,
    /// Messages in Kith's store, likewise.
    pub kept_messages_max: usize,
    /// Days after which a message is removed from Kith's store, released or not; 0 keeps all.
    pub kept_days_max: u32,
    /// Days after which lines of the log of the quarantine are removed; 0 keeps all.
    pub log_days_max: u32,
    /// Where a message of Kith's store is handed over when it is released: host and port of an SMTP server.
    pub release_to: String,
    /// Whether mail handed over there passes this Kith, as on a port with `smtpd_milters`. Then a release that was cut
    /// short is finished without doubt; otherwise a person has to look whether it arrived.
    pub release_passes_kith: bool,
    /// Hours for which the token of a released message counts.
    pub release_hours_max: u32,
    /// Command that lists the MTA's queue as `postqueue -j` does; empty for none.
    pub mta_list: Vec<String>,
    /// Command that shows a message which the MTA holds; `{queue_id}` stands for its name there. Empty for none.
    pub mta_show: Vec<String>,
    /// Command that releases it, likewise.
    pub mta_release: Vec<String>,
    /// Command that deletes it, likewise.
    pub mta_delete: Vec<String>,
    /// Who may let held mail go.
    pub rights: Rights,
    /// What recipients are told of it.
    pub digest: DigestSettings,
}

/// The words of a command.
fn words(command: &str) -> Vec<String> {
    command.split(' ').map(str::to_owned).collect()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Held mail is looked at within a holiday; a seal that was seen elsewhere must not work for ever.
            seal_days_max: 30,
            // The MTA's queue is safe whatever becomes of Kith, and its administrators know it.
            keep: Keep::Mta,
            // A month of held mail of a host with some thousands of mailboxes.
            kept_bytes_max: 4_294_967_296,
            // A list of more is not looked through by people, and its folder becomes slow.
            kept_messages_max: 100_000,
            // Held mail is looked at within a holiday; mail of others is not kept without need.
            kept_days_max: 30,
            // Who released what is asked within a year.
            log_days_max: 400,
            // The MTA on this host, where its milters see the message once more and know it by its token.
            release_to: "127.0.0.1:25".to_owned(),
            // So does the MTA of this host, which asks its milters about mail of every client.
            release_passes_kith: true,
            // An MTA between gives up after five days (RFC 5321 §4.5.4.1).
            release_hours_max: 120,
            mta_list: words("postqueue -j"),
            mta_show: words("postcat -qbh {queue_id}"),
            mta_release: words("postsuper -r {queue_id}"),
            mta_delete: words("postsuper -d {queue_id}"),
            rights: Rights::default(),
            digest: DigestSettings::default(),
        }
    }
}

impl Settings {
    /// What is wrong with them, each fault in words that begin with its key; empty for sound ones.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.kept_bytes_max == 0 || self.kept_messages_max == 0 {
            let key = if self.kept_bytes_max == 0 { "kept_bytes_max" } else { "kept_messages_max" };
            faults.push(format!("quarantine.{key} = 0 would hold nothing"));
        }
        if self.release_hours_max == 0 {
            faults.push("quarantine.release_hours_max must be at least 1".to_owned());
        }
        faults.extend(self.digest.faults());
        let is_endpoint = self
            .release_to
            .rsplit_once(':')
            .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0));
        if !is_endpoint {
            faults.push(format!("quarantine.release_to = {:?} is no host:port", self.release_to));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Settings), expected: &[&str]) {
        let mut settings = Settings::default();
        change(&mut settings);
        let faults = settings.faults();
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        assert!(faults.iter().zip(expected).all(|(fault, begins)| fault.starts_with(begins)), "{faults:?}");
    }

    #[test]
    fn settings_that_cannot_work_are_named() {
        check(|_| (), &[]);
        check(|s| s.kept_bytes_max = 0, &["quarantine.kept_bytes_max"]);
        check(|s| s.kept_messages_max = 0, &["quarantine.kept_messages_max"]);
        check(|s| s.release_hours_max = 0, &["quarantine.release_hours_max"]);
        for wrong in ["", "mx", ":25", "mx:0", "mx:smtp"] {
            check(|s| s.release_to = wrong.to_owned(), &["quarantine.release_to"]);
        }
        check(|s| s.release_to = "[::1]:10025".to_owned(), &[]);
    }
}

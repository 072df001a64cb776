//! Which messages are kept, how many and for how long.

use serde::{Deserialize, Serialize};

/// How messages are kept as they were when they were decided on, so that decisions can be made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether messages are kept.
    pub on: bool,
    /// Share of all messages that is kept, drawn by chance.
    pub share: f64,
    /// Score from which on each message is kept, whatever the share.
    pub score_min: f32,
    /// Days for which messages are kept; 0 keeps all.
    pub days_max: u32,
    /// Bytes of the whole archive, compressed; the oldest hour makes room.
    pub bytes_max: u64,
    /// Bytes of a message; a longer one is not kept.
    pub message_bytes_max: usize,
    /// Bytes of messages that may wait to be written.
    pub queued_bytes_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // It holds the mail of everybody: a decision for people to take.
            on: false,
            // A change is judged best by all that it would have met.
            share: 1.0,
            // Near the threshold to tag, where a change flips most.
            score_min: 2.0,
            // A month shows what a change does; mail of others is not kept without need.
            days_max: 30,
            // A million messages of 10 KB, compressed.
            bytes_max: 10_737_418_240,
            // Larger ones are few, are decided by their first texts, and would take the place of hundreds.
            message_bytes_max: 16_777_216,
            // A second of 1,000 messages of 64 KB.
            queued_bytes_max: 67_108_864,
        }
    }
}

impl Settings {
    /// What is wrong with them, each fault in words that begin with its key; empty for sound ones.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(0.0..=1.0).contains(&self.share) {
            faults.push(format!("archive.share = {} is no share; write a number from 0 to 1", self.share));
        }
        if self.score_min.is_nan() {
            faults.push("archive.score_min is no number".to_owned());
        }
        for (key, bytes) in [
            ("bytes_max", self.bytes_max),
            ("message_bytes_max", self.message_bytes_max as u64),
            ("queued_bytes_max", self.queued_bytes_max as u64),
        ] {
            if bytes == 0 {
                faults.push(format!("archive.{key} = 0 would keep nothing; set archive.on = false for that"));
            }
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
        check(|s| s.share = 0.0, &[]);
        check(|s| s.share = 1.1, &["archive.share"]);
        check(|s| s.share = f64::NAN, &["archive.share"]);
        check(|s| s.score_min = f32::NAN, &["archive.score_min"]);
        check(|s| s.bytes_max = 0, &["archive.bytes_max"]);
        check(|s| (s.message_bytes_max, s.queued_bytes_max) = (0, 0), &["archive.message", "archive.queued"]);
    }
}

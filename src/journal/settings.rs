//! How much is written down, for how long, and what happens when it cannot be.

use serde::{Deserialize, Serialize};

/// What becomes of a message whose hold or refusal cannot be written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhenUnwritable {
    /// It passes.
    #[default]
    Flow,
    /// It is refused for now.
    Tempfail,
}

/// How the journal is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Bytes of one file; a longer one is put aside and a new one begun.
    pub file_bytes_max: u64,
    /// Files put aside that are kept; 0 keeps all.
    pub files_max: usize,
    /// Milliseconds after which an entry of a delivered message is safe against loss of power. Entries of held and
    /// refused messages are before the answer is given.
    pub fsync_milliseconds: u64,
    /// Entries that may wait to be written. Takes effect at a start, not at a reload.
    pub queued_max: usize,
    /// A held or refused message whose entry cannot be written: `flow` lets it pass, `tempfail` refuses it for now.
    pub when_unwritable: WhenUnwritable,
    /// Whether subjects are written down.
    pub subject: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // About 10,000 decisions: quick to search and to copy.
            file_bytes_max: 67_108_864,
            // 2 GiB, which is months of a small host's mail.
            files_max: 32,
            // A second of delivered mail may lack its reasons after a loss of power, not more.
            fsync_milliseconds: 1_000,
            // Two seconds of 1,000 messages a second, 20 MB of memory.
            queued_max: 2_048,
            // Mail flows when a disk is full; what cannot be written down is not held.
            when_unwritable: WhenUnwritable::Flow,
            // By the subject people recognise a message.
            subject: true,
        }
    }
}

impl Settings {
    /// What is wrong with them, each fault in words; empty for sound ones.
    pub fn check(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.file_bytes_max < 65_536 {
            faults.push("journal.file_bytes_max must be at least 65536: each file holds some entries".to_owned());
        }
        if self.queued_max == 0 {
            faults.push("journal.queued_max must be at least 1".to_owned());
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(settings: Settings, expected: usize) {
        assert_eq!(settings.check().len(), expected, "{settings:?}");
    }

    #[test]
    fn settings_that_leave_no_room_are_refused() {
        check(Settings::default(), 0);
        check(Settings { file_bytes_max: 65_536, queued_max: 1, ..Settings::default() }, 0);
        check(Settings { file_bytes_max: 65_535, ..Settings::default() }, 1);
        check(Settings { queued_max: 0, ..Settings::default() }, 1);
    }
}

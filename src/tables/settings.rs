//! How the tables are kept.

use serde::{Deserialize, Serialize};

/// How the journal's tables are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Minutes between two packings of the journal into tables by the daemon; 0 leaves it to `kith journal pack`. Files
    /// of the journal that were put aside are packed within a minute in any case.
    pub pack_minutes: u64,
    /// Days for which tables are kept; 0 keeps all.
    pub days_max: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            // Files by the hour are what the tables are made of; more often only makes more files to merge.
            pack_minutes: 60,
            // A year and a month, so that a month can be compared with the same one of the year before; 1.2 KiB a message.
            days_max: 400,
        }
    }
}

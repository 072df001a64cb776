//! Where the files of a table lie: `TABLE/date=2026-11-25/hour=16/00000007.parquet`, as other engines expect it.

use std::fmt;

use crate::mail::Moment;

/// The hour of files that hold a whole day.
const WHOLE_DAY: &str = "all";

/// A day and an hour of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Partition {
    /// `2026-11-25`, in UTC.
    pub(super) date: String,
    /// `16`, or `all` for a whole day.
    pub(super) hour: String,
}

impl Partition {
    /// Where a moment belongs.
    pub(super) fn of(moment: Moment) -> Self {
        let text = moment.rfc3339();
        Self {
            date: text.get(..10).unwrap_or("1970-01-01").to_owned(),
            hour: text.get(11..13).unwrap_or("00").to_owned(),
        }
    }

    /// A day as a whole.
    pub(super) fn whole_day(date: &str) -> Self {
        Self { date: date.to_owned(), hour: WHOLE_DAY.to_owned() }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "date={}/hour={}", self.date, self.hour)
    }
}

/// A file of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// Where it belongs; `None` in a table that is one file.
    pub(super) partition: Option<Partition>,
    /// Its path within the folder of the tables.
    pub(super) name: String,
    /// The number of the packing or merging that made it.
    pub(super) sequence: u64,
}

/// The path of a file of a table.
pub(super) fn file_name(table: &str, partition: &Partition, sequence: u64) -> String {
    format!("{table}/{partition}/{sequence:08}.parquet")
}

/// The path under which that file is written before it has its name; engines pass over names that begin with a dot.
pub(super) fn draft_name(table: &str, partition: &Partition, sequence: u64) -> String {
    format!("{table}/{partition}/.{sequence:08}.draft")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_by_day_and_hour() {
        let partition = Partition::of(Moment(1_700_000_000_123));
        assert_eq!(file_name("signals", &partition, 7), "signals/date=2023-11-14/hour=22/00000007.parquet");
        assert_eq!(
            draft_name("a", &Partition::whole_day("2023-11-14"), 7),
            "a/date=2023-11-14/hour=all/.00000007.draft"
        );
    }
}

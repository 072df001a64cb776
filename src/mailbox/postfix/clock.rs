//! The time of a line: RFC 3339, or traditional syslog, which omits year and zone (RFC 3164 §4.1.2).

use crate::mail::Moment;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Months backwards from which a line is taken to be of the next year; lines may lie out of order by seconds.
const MONTHS_BACK: i32 = 6;
/// Seconds by which a file's last line may be later than the file's own time: clocks and zones differ.
const SLACK_SECONDS: i64 = 86_400;

/// The time that a line says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stamp {
    /// With year and zone.
    Whole(Moment),
    /// Month (from 1), day, and seconds of the day.
    Yearless(i32, u8, u32),
}

impl Stamp {
    /// The time at the beginning of a line, and what follows it.
    pub fn parse(line: &str) -> Option<(Self, &str)> {
        if line.starts_with(|c: char| c.is_ascii_digit()) {
            let (time, rest) = line.split_once(' ')?;
            return Some((Self::Whole(Moment::parse(time)?), rest));
        }
        let month = 1 + MONTHS.iter().position(|month| Some(*month) == line.get(..3))? as i32;
        let day: u8 = line.get(4..6)?.trim_start().parse().ok().filter(|day| (1..=31).contains(day))?;
        let number = |from: usize, max: u32| line.get(from..from + 2)?.parse::<u32>().ok().filter(|n| *n <= max);
        // A leap second stands for the one before it.
        let (hours, minutes, seconds) = (number(7, 23)?, number(10, 59)?, number(13, 60)?.min(59));
        let rest = line.get(15..)?.strip_prefix(' ')?;
        Some((Self::Yearless(month, day, hours * 3_600 + minutes * 60 + seconds), rest))
    }
}

/// What one reading of a file tells of its time.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub lines: u64,
    pub first: Option<Stamp>,
    last: Option<Stamp>,
    /// Changes of the year.
    wraps: i32,
}

impl Survey {
    /// Counts a line, with its time where it has one.
    pub fn count(&mut self, stamp: Option<Stamp>) {
        self.lines += 1;
        let Some(stamp) = stamp else { return };
        self.first.get_or_insert(stamp);
        if let (Some(Stamp::Yearless(before, ..)), Stamp::Yearless(month, ..)) = (self.last, stamp) {
            if before - month >= MONTHS_BACK {
                self.wraps += 1;
            } else if is_straggler(before, month) {
                return;
            }
        }
        self.last = Some(stamp);
    }

    /// The year of the first line of a file that was last written at `written`.
    pub fn first_year(&self, written: Moment, offset: i64) -> i32 {
        let latest = Moment::from_secs(written.secs() + SLACK_SECONDS);
        let year = latest.year();
        match self.last {
            Some(last @ Stamp::Yearless(..)) if Clock::new(year, offset).moment(last) > latest => year - 1 - self.wraps,
            _ => year - self.wraps,
        }
    }
}

/// Whether a line of December stands among the first of the new year.
fn is_straggler(before: i32, month: i32) -> bool {
    (before, month) == (1, 12)
}

/// Tells the moments of lines one after another.
pub(super) struct Clock {
    year: i32,
    month: Option<i32>,
    offset: i64,
}

impl Clock {
    /// A clock for a file whose first line is of this year.
    pub fn new(year: i32, offset: i64) -> Self {
        Self { year, month: None, offset }
    }

    pub fn moment(&mut self, stamp: Stamp) -> Moment {
        let (month, day, seconds) = match stamp {
            Stamp::Whole(moment) => return moment,
            Stamp::Yearless(month, day, seconds) => (month, day, seconds),
        };
        let before = *self.month.get_or_insert(month);
        let mut year = self.year;
        if before - month >= MONTHS_BACK {
            self.year += 1;
            year = self.year;
            self.month = Some(month);
        } else if is_straggler(before, month) {
            year -= 1;
        } else {
            self.month = Some(month);
        }
        Moment::from_secs(days(year, month, day.into()) * 86_400 + i64::from(seconds) - self.offset)
    }
}

/// Days from 1970-01-01 to a day of the proleptic Gregorian calendar (Hinnant, *days_from_civil*).
fn days(year: i32, month: i32, day: i64) -> i64 {
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * i64::from((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_begins_with_its_time() {
        let check = |line: &str, expected: Option<(Stamp, &str)>| assert_eq!(Stamp::parse(line), expected, "{line}");
        check("Mar  1 09:00:02 mx postfix", Some((Stamp::Yearless(3, 1, 32_402), "mx postfix")));
        check("Mar 31 23:59:60 mx", Some((Stamp::Yearless(3, 31, 86_399), "mx")));
        check("2026-03-01T09:00:02.123456+01:00 mx x", Some((Stamp::Whole(Moment(1_772_352_002_123)), "mx x")));
        for bad in
            ["", "Mar", "Mar 32 09:00:00 x", "Mar  1 24:00:00 x", "Mär  1 09:00:00 x", "2026 x", "Mar  1 09:00:00"]
        {
            check(bad, None);
        }
    }

    #[test]
    fn years_follow_each_other() {
        let mut clock = Clock::new(2024, 3_600);
        let mut told = |month, day| clock.moment(Stamp::Yearless(month, day, 3_600)).rfc3339();
        assert_eq!(told(2, 29), "2024-02-29T00:00:00Z");
        assert_eq!(told(12, 31), "2024-12-31T00:00:00Z");
        assert_eq!(told(1, 1), "2025-01-01T00:00:00Z");
        assert_eq!(told(12, 31), "2024-12-31T00:00:00Z");
        assert_eq!(told(3, 1), "2025-03-01T00:00:00Z");
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        assert_eq!(
            [days(1970, 1, 1), days(2000, 3, 1), days(1969, 12, 31), days(2026, 11, 25)],
            [0, 11_017, -1, 20_782]
        );
    }
}

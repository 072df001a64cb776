//! A moment as a person writes it.

use crate::mail::Moment;

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

/// Reads what [`moment`] reads, and a span before now: `2w`, `7d`, `12h`, `30m`.
pub(super) fn since(text: &str, now: Moment) -> Result<Moment, String> {
    let unit = match text.bytes().last() {
        Some(b'w') => 7 * DAY,
        Some(b'd') => DAY,
        Some(b'h') => DAY / 24,
        Some(b'm') => DAY / 1_440,
        _ => return moment(text, false),
    };
    let count = text[..text.len() - 1].parse::<u32>();
    let count =
        count.map_err(|_| format!("{text:?} is no span of time; write 7d, 12h, 30m, or a day such as 2026-03-31"))?;
    Ok(Moment(now.0.saturating_sub(i64::from(count) * unit)))
}

/// Reads what [`since`] reads, as an argument of the command line.
pub(super) fn ago(text: &str) -> Result<Moment, String> {
    since(text, Moment::now())
}

/// Reads `2026-03-31`, which is the end of that day in UTC where `end` says so and else its beginning, or a moment by
/// RFC 3339 such as `2026-03-31T18:00:00+02:00`.
pub(super) fn moment(text: &str, end: bool) -> Result<Moment, String> {
    let whole = match text.len() {
        10 if end => format!("{text}T23:59:59.999Z"),
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    Moment::parse(&whole).ok_or_else(|| {
        format!("{text:?} is no moment; write a day such as 2026-03-31, or 2026-03-31T18:00:00Z (RFC 3339)")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_ends_now() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(since(text, Moment(10 * DAY)).ok(), expected.map(Moment), "{text}");
        };
        check("1w", Some(3 * DAY));
        check("7d", Some(3 * DAY));
        check("12h", Some(19 * DAY / 2));
        check("1440m", Some(9 * DAY));
        check("1970-01-02", Some(DAY));
        for wrong in ["d", "-1d", "1.5h", "week", "", "\u{fc}"] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_moment_is_a_day_or_rfc_3339() {
        let check = |text: &str, end: bool, expected: Option<&str>| {
            assert_eq!(moment(text, end).ok().map(Moment::rfc3339).as_deref(), expected, "{text}");
        };
        check("2026-03-31", false, Some("2026-03-31T00:00:00Z"));
        check("2026-03-31", true, Some("2026-03-31T23:59:59.999Z"));
        check("2026-03-31T18:00:00+02:00", true, Some("2026-03-31T16:00:00Z"));
        check("31.03.2026", true, None);
        check("yesterday", true, None);
    }
}

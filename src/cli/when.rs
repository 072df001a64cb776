//! A moment as a person writes it.

use crate::mail::Moment;

/// Reads `30d` or `12h`, which is so long ago; `2026-03-31`, which is the end of that day in UTC where `end` says so and else its beginning, or a moment by
/// RFC 3339 such as `2026-03-31T18:00:00+02:00`.
pub(in crate::cli) fn moment(text: &str, end: bool) -> Result<Moment, String> {
    if let Some(ago) = ago(text) {
        return Ok(Moment(Moment::now().0.saturating_sub(ago)));
    }
    let whole = match text.len() {
        10 if end => format!("{text}T23:59:59.999Z"),
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    Moment::parse(&whole).ok_or_else(|| {
        format!("{text:?} is no moment; write 30d or 12h, a day such as 2026-03-31, or 2026-03-31T18:00:00Z (RFC 3339)")
    })
}

/// Milliseconds of a number of days or hours.
fn ago(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let hours = match unit {
        "d" => 24,
        "h" => 1,
        _ => return None,
    };
    Some(i64::from(number.parse::<u32>().ok()?) * hours * 3_600_000)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        check("d", true, None);
        check("-3d", true, None);
    }

    #[test]
    fn a_moment_may_be_so_long_ago() {
        let days = moment("30d", false).expect("days").days_since(Moment::now());
        assert!((-30.01..=-29.99).contains(&days), "{days}");
        let hours = moment("12h", true).expect("hours").days_since(Moment::now());
        assert!((-0.51..=-0.49).contains(&hours), "{hours}");
    }
}

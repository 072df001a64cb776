//! A moment as a person writes it.

use crate::mail::Moment;

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

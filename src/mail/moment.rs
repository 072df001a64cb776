//! Points in time, as values: no room below `filter` asks a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::format_description::well_known::{Rfc2822, Rfc3339};

/// Milliseconds since 1970-01-01 00:00 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment(pub i64);

impl Moment {
    /// The present, by the system's clock.
    pub fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    /// Reads RFC 3339; `None` for what is none.
    pub fn parse(text: &str) -> Option<Self> {
        let nanos = OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
        i64::try_from(nanos.div_euclid(1_000_000)).ok().map(Self)
    }

    /// The year in UTC.
    pub fn year(self) -> i32 {
        OffsetDateTime::from_unix_timestamp(self.secs()).map_or(1970, OffsetDateTime::year)
    }

    /// From whole seconds since 1970.
    pub fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Whole seconds since 1970.
    pub fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// Days from `earlier` to this moment, with fraction; negative when it is the other way round.
    pub fn days_since(self, earlier: Self) -> f64 {
        self.0.saturating_sub(earlier.0) as f64 / 86_400_000.0
    }

    /// As it stands in header fields (RFC 5322 §3.3), in UTC; `None` for years that it cannot name.
    pub fn rfc5322(self) -> Option<String> {
        OffsetDateTime::from_unix_timestamp(self.secs()).ok()?.format(&Rfc2822).ok()
    }

    /// RFC 3339 in UTC, to the millisecond.
    pub fn rfc3339(self) -> String {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000_000)
            .ok()
            .and_then(|t| t.format(&Rfc3339).ok())
            .unwrap_or_else(|| format!("@{}ms", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_rfc_3339() {
        assert_eq!(Moment::from_secs(0).rfc3339(), "1970-01-01T00:00:00Z");
        assert_eq!(Moment(1_700_000_000_123).rfc3339(), "2023-11-14T22:13:20.123Z");
        assert_eq!(Moment(i64::MAX).rfc3339(), format!("@{}ms", i64::MAX));
    }

    #[test]
    fn moments_stand_in_header_fields() {
        let text = Moment(1_700_000_000_123).rfc5322();
        assert_eq!(text.as_deref(), Some("Tue, 14 Nov 2023 22:13:20 +0000"));
        assert_eq!(Moment(i64::MAX).rfc5322(), None);
    }

    #[test]
    fn rfc_3339_is_read() {
        assert_eq!(Moment::parse("2023-11-14T23:13:20.123+01:00"), Some(Moment(1_700_000_000_123)));
        assert_eq!(Moment::parse("1969-12-31T23:59:59.999Z"), Some(Moment(-1)));
        assert_eq!(Moment::parse("2023-11-14"), None);
    }

    #[test]
    fn the_year_is_that_of_utc() {
        assert_eq!(Moment(-1).year(), 1969);
        assert_eq!(Moment::from_secs(1_767_225_600).year(), 2026);
    }

    #[test]
    fn days_have_fractions() {
        assert_eq!(Moment::from_secs(129_600).days_since(Moment::from_secs(86_400)), 0.5);
    }
}

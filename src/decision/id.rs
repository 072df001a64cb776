//! The name of one decision, by which a person finds it again: a ULID.

use std::fmt;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::mail::Moment;

/// Names one decision in headers, replies, log lines and the journal: 26 characters of Crockford's base 32, which sort
/// by time. The first 48 bits are milliseconds since 1970, the other 80 are random.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DecisionId(u128);

impl DecisionId {
    /// From a point in time and 80 random bits; higher bits of `random` are dropped, and so are moments before 1970.
    pub fn new(at: Moment, random: u128) -> Self {
        Self(Ulid::from_parts(u64::try_from(at.0).unwrap_or(0), random).into())
    }

    /// Reads the 26 characters, in either case. `None` where the text is no id, or not written in the canonical way
    /// (so that one id has one spelling wherever it is searched for).
    pub fn parse(text: &str) -> Option<Self> {
        let id = Self(Ulid::from_string(text).ok()?.into());
        id.to_string().eq_ignore_ascii_case(text).then_some(id)
    }

    /// When it was given.
    pub fn moment(self) -> Moment {
        Moment(i64::try_from(Ulid::from(self.0).timestamp_ms()).unwrap_or(i64::MAX))
    }

    /// The id right after this one, for a second decision in the same millisecond.
    pub fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ulid::from(self.0).fmt(f)
    }
}

/// As a number, which sorts as the text does.
impl From<DecisionId> for u128 {
    fn from(id: DecisionId) -> Self {
        id.0
    }
}

impl From<u128> for DecisionId {
    fn from(number: u128) -> Self {
        Self(number)
    }
}

impl From<DecisionId> for String {
    fn from(id: DecisionId) -> Self {
        id.to_string()
    }
}

impl TryFrom<String> for DecisionId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is no decision id; it has 26 letters and digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Option<&str>) {
        assert_eq!(DecisionId::parse(input).map(|id| id.to_string()).as_deref(), expected, "{input}");
    }

    #[test]
    fn ids_have_one_spelling() {
        check("01ARZ3NDEKTSV4RRFFQ69G5FAV", Some("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        check("01arz3ndektsv4rrffq69g5fav", Some("01ARZ3NDEKTSV4RRFFQ69G5FAV"));
        check("O1ARZ3NDEKTSV4RRFFQ69G5FAV", None);
        check("01ARZ3NDEKTSV4RRFFQ69G5FA", None);
        check("01ARZ3NDEKTSV4RRFFQ69G5FAVX", None);
        check("81ARZ3NDEKTSV4RRFFQ69G5FAV", None);
        check("01ARZ3NDEKTSV4RRFFQ69G5FÄ", None);
        check("", None);
    }

    #[test]
    fn ids_keep_their_moment_and_sort_by_it() {
        let early = DecisionId::new(Moment(1_700_000_000_123), u128::MAX);
        let late = DecisionId::new(Moment(1_700_000_000_124), 0);
        assert_eq!(early.moment(), Moment(1_700_000_000_123));
        assert!(early < late && early.to_string() < late.to_string());
        assert_eq!(DecisionId::new(Moment(-1), 0).moment(), Moment(0));
    }

    #[test]
    fn the_next_id_is_greater() {
        let id = DecisionId::new(Moment(5), u128::MAX);
        assert!(id.next() > id);
        assert_eq!(id.next().moment(), Moment(6));
    }

    #[test]
    fn ids_travel_as_text() {
        let id = DecisionId::new(Moment(1_700_000_000_123), 77);
        let text = serde_json::to_string(&id).expect("serialises");
        assert_eq!(text, format!("\"{id}\""));
        assert_eq!(serde_json::from_str::<DecisionId>(&text).expect("reads"), id);
        assert!(serde_json::from_str::<DecisionId>("\"nonsense\"").is_err());
    }
}

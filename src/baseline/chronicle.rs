//! The store's own record: its secret, since when it watches, how much it learned.

use super::codec::{Reader, put_moment};
use super::overlay::Progress;
use crate::mail::Moment;

/// Version of the whole store: of the keys and of which records there are.
pub(super) const VERSION: u8 = 4;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chronicle {
    /// Secret of the keys.
    pub secret: [u8; 16],
    /// First message learned; `None` before.
    pub watched_since: Option<Moment>,
    /// Messages learned.
    pub learned: u64,
    /// Number of the next fact.
    pub next_fact: u64,
    /// Number of the oldest fact that may still be kept.
    pub first_fact: u64,
}

impl Chronicle {
    pub fn new(secret: [u8; 16]) -> Self {
        Self { secret, watched_since: None, learned: 0, next_fact: 0, first_fact: 0 }
    }

    /// Counts one message.
    pub fn count(&mut self, at: Moment) {
        self.learned += 1;
        self.watched_since = Some(self.watched_since.map_or(at, |since| since.min(at)));
    }

    /// How far learning came, after so many changes of the protected domains.
    pub fn progress(&self, protected: u64) -> Progress {
        let Self { learned, watched_since, next_fact: facts, .. } = *self;
        Progress { facts, learned, watched_since, protected }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.secret);
        put_moment(&mut bytes, self.watched_since.unwrap_or(Moment(i64::MAX)));
        for count in [self.learned, self.next_fact, self.first_fact] {
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        bytes
    }

    /// `None` for bytes of another version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::of_version(bytes, VERSION)?;
        let (secret, since, learned) = (reader.key()?, reader.moment()?, reader.u64()?);
        let (next_fact, first_fact) = (reader.u64()?, reader.u64()?);
        let watched_since = (since.0 != i64::MAX).then_some(since);
        reader.is_at_end().then_some(Self { secret, watched_since, learned, next_fact, first_fact })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_message_starts_the_watch() {
        let mut chronicle = Chronicle::new([3; 16]);
        assert_eq!(Chronicle::decode(&chronicle.encode()), Some(chronicle.clone()));
        chronicle.count(Moment(9));
        chronicle.count(Moment(5));
        assert_eq!((chronicle.watched_since, chronicle.learned), (Some(Moment(5)), 2));
        assert_eq!(Chronicle::decode(&chronicle.encode()), Some(chronicle.clone()));
        assert_eq!(Chronicle::decode(&chronicle.encode()[1..]), None);
    }
}

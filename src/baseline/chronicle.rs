//! The store's own record: its secret, since when it watches, how much it learned.

use super::codec::Reader;
use super::overlay::Progress;
use super::watch::Watch;

/// Version of the whole store: of the keys and of which records there are.
pub(super) const VERSION: u8 = 5;

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Chronicle {
    /// Secret of the keys.
    pub secret: [u8; 16],
    /// Since when mail passes.
    pub watch: Watch,
    /// Messages learned.
    pub learned: u64,
    /// Number of the next fact.
    pub next_fact: u64,
    /// Number of the oldest fact that may still be kept.
    pub first_fact: u64,
}

impl Chronicle {
    pub fn new(secret: [u8; 16]) -> Self {
        Self { secret, watch: Watch::default(), learned: 0, next_fact: 0, first_fact: 0 }
    }

    /// Counts one message.
    pub fn count(&mut self, shown: Watch) {
        self.learned += 1;
        self.watch = self.watch.join(shown);
    }

    /// How far learning came, after so many changes of the protected domains.
    pub fn progress(&self, protected: u64) -> Progress {
        let Self { learned, watch, next_fact: facts, .. } = *self;
        Progress { facts, learned, watch, protected }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.secret);
        self.watch.put(&mut bytes);
        for count in [self.learned, self.next_fact, self.first_fact] {
            bytes.extend_from_slice(&count.to_le_bytes());
        }
        bytes
    }

    /// `None` for bytes of another version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::of_version(bytes, VERSION)?;
        let (secret, watch, learned) = (reader.key()?, Watch::read(&mut reader)?, reader.u64()?);
        let (next_fact, first_fact) = (reader.u64()?, reader.u64()?);
        reader.is_at_end().then_some(Self { secret, watch, learned, next_fact, first_fact })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Moment;

    #[test]
    fn the_earliest_message_starts_the_watch() {
        let mut chronicle = Chronicle::new([3; 16]);
        assert_eq!(Chronicle::decode(&chronicle.encode()), Some(chronicle.clone()));
        chronicle.count(Watch::of(Moment(9), true));
        chronicle.count(Watch::of(Moment(5), false));
        assert_eq!((chronicle.watch.since, chronicle.learned), (Some(Moment(5)), 2));
        assert_eq!(Chronicle::decode(&chronicle.encode()), Some(chronicle.clone()));
        assert_eq!(Chronicle::decode(&chronicle.encode()[1..]), None);
    }
}

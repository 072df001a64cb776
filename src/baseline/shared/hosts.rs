//! The hosts that share one baseline: what each says of itself, and whose records count.

use std::collections::HashMap;

use crate::baseline::codec::{Reader, put_moment};
use crate::baseline::watch::Watch;
use crate::mail::Moment;

const VERSION: u8 = 2;
/// A host that said nothing for so long tells nothing more: it is gone, and nobody waits for it.
const GONE_MILLISECONDS: i64 = 60_000;

/// What a host says of itself in the shared store.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::baseline) struct Marker {
    /// Which of its stores it tells of: another one begins anew, and what an earlier one told counts no more.
    pub generation: u32,
    /// Known again by who has the same secret.
    pub secret: u64,
    /// When it said so.
    pub at: Moment,
    /// All facts before this one are told.
    pub next_fact: u64,
    /// Messages learned.
    pub learned: u64,
    /// Since when mail passes there.
    pub watch: Watch,
    /// Whether it is telling again what the store lost.
    pub retelling: bool,
}

impl Marker {
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.generation.to_le_bytes());
        bytes.extend_from_slice(&self.secret.to_le_bytes());
        put_moment(&mut bytes, self.at);
        bytes.extend_from_slice(&self.next_fact.to_le_bytes());
        bytes.extend_from_slice(&self.learned.to_le_bytes());
        self.watch.put(&mut bytes);
        bytes.push(u8::from(self.retelling));
        bytes
    }

    /// `None` for bytes of another version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::of_version(bytes, VERSION)?;
        let (generation, secret, at) = (reader.u32()?, reader.u64()?, reader.moment()?);
        let (next_fact, learned, watch) = (reader.u64()?, reader.u64()?, Watch::read(&mut reader)?);
        let retelling = reader.u8()? != 0;
        reader.is_at_end().then_some(Self { generation, secret, at, next_fact, learned, watch, retelling })
    }
}

/// The other hosts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::baseline) struct Hosts {
    /// Which generation of each counts, by the field of its records.
    generations: HashMap<Vec<u8>, u32>,
    /// Messages that they learned.
    pub learned: u64,
    /// Since when mail passes at any of them.
    pub watch: Watch,
    /// Hosts that are telling again what the store lost: until then it says less than they know.
    pub retelling: Vec<String>,
    /// Hosts that have another secret, so that nobody finds what they tell.
    pub strangers: Vec<String>,
}

impl Hosts {
    /// The hosts by their markers but for the own one, with the field under which each keeps its records.
    pub fn of<'a>(markers: impl Iterator<Item = (&'a str, Vec<u8>, Marker)>, secret: u64, now: Moment) -> Self {
        let mut hosts = Self::default();
        for (name, field, marker) in markers {
            if marker.secret != secret {
                hosts.strangers.push(name.to_owned());
                continue;
            }
            hosts.generations.insert(field, marker.generation);
            if marker.retelling && now.0.saturating_sub(marker.at.0) < GONE_MILLISECONDS {
                hosts.retelling.push(name.to_owned());
            }
            hosts.learned = hosts.learned.saturating_add(marker.learned);
            hosts.watch = hosts.watch.join(marker.watch);
        }
        hosts
    }

    /// The same with hosts that were there before the store lost its data, and may not have said so again yet.
    pub fn with_earlier(mut self, earlier: &Self) -> Self {
        for (field, generation) in &earlier.generations {
            self.generations.entry(field.clone()).or_insert(*generation);
        }
        self.learned = self.learned.max(earlier.learned);
        self.watch = self.watch.join(earlier.watch);
        self.retelling.push("another host".to_owned());
        self
    }

    /// Whether the same generations count.
    pub fn count_alike(&self, other: &Self) -> bool {
        self.generations == other.generations
    }

    /// The record in what a host keeps of a key; `None` where that counts no more.
    pub fn record<'a>(&self, field: &[u8], value: &'a [u8]) -> Option<&'a [u8]> {
        let (generation, record) = value.split_first_chunk::<4>()?;
        (self.generations.get(field) == Some(&u32::from_le_bytes(*generation))).then_some(record)
    }
}

/// What a host keeps of a key.
pub(super) fn told(generation: u32, record: &[u8]) -> Vec<u8> {
    [&generation.to_le_bytes(), record].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marker(generation: u32, since: Option<i64>) -> Marker {
        let (at, watch) = (Moment(5), since.map(|since| Watch::of(Moment(since), true)).unwrap_or_default());
        Marker { generation, secret: 7, at, next_fact: 3, learned: 2, watch, retelling: generation == 1 }
    }

    #[test]
    fn a_marker_is_read_as_it_was_written() {
        for marker in [marker(1, None), marker(u32::MAX, Some(-9))] {
            let bytes = marker.encode();
            assert_eq!(Marker::decode(&bytes), Some(marker));
            assert_eq!(Marker::decode(&bytes[..bytes.len() - 1]), None);
        }
    }

    #[test]
    fn who_tells_again_is_waited_for_while_it_is_there() {
        let check = |now, expected: &[&str]| {
            let markers = [("a", b"A".to_vec(), marker(1, None)), ("b", b"B".to_vec(), marker(2, None))];
            assert_eq!(Hosts::of(markers.into_iter(), 7, Moment(now)).retelling, expected);
        };
        check(5, &["a"]);
        check(4 + GONE_MILLISECONDS, &["a"]);
        check(5 + GONE_MILLISECONDS, &[]);
    }

    #[test]
    fn hosts_that_the_store_forgot_are_waited_for() {
        let before = Hosts::of([("b", b"B".to_vec(), marker(2, Some(3)))].into_iter(), 7, Moment(5));
        let after = Hosts::default().with_earlier(&before);
        assert!(after.count_alike(&before));
        assert_eq!((after.learned, after.watch.since, after.retelling.len()), (2, Some(Moment(3)), 1));
    }

    #[test]
    fn only_what_the_present_generation_told_counts() {
        let foreign = Marker { secret: 8, ..marker(1, Some(1)) };
        let markers = [
            ("a", b"A".to_vec(), marker(1, Some(9))),
            ("b", b"B".to_vec(), marker(2, Some(4))),
            ("c", b"C".to_vec(), foreign),
        ];
        let hosts = Hosts::of(markers.into_iter(), 7, Moment(9));
        assert_eq!(
            (hosts.learned, hosts.watch.since, hosts.strangers.as_slice()),
            (4, Some(Moment(4)), &["c".to_owned()][..])
        );
        let check = |field: &[u8], generation, expected: Option<&[u8]>| {
            assert_eq!(hosts.record(field, &told(generation, b"record")), expected);
        };
        check(b"A", 1, Some(b"record"));
        check(b"A", 2, None);
        check(b"C", 1, None);
        check(b"D", 1, None);
        assert_eq!(hosts.record(b"A", b"abc"), None);
    }
}

//! The profile of one key as it is stored, merged and shown.

use super::codec::{Reader, put_moment};
use super::decay::Decay;
use super::distinct::Distinct;
use super::ranking::Ranking;
use super::settings::Bounds;
use super::snapshot::{Counts, Profile};
use crate::mail::Moment;

const VERSION: u8 = 1;
/// No such event yet: later than any other, so that the earliest wins.
const NEVER: Moment = Moment(i64::MAX);
/// No such event yet: earlier than any other, so that the latest wins.
const NOT_YET: Moment = Moment(i64::MIN);

/// Which infrastructure a ranking counts; the order is on disk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Dkim,
    Spf,
    Network,
    Helo,
}

/// What one message adds to one key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Increment {
    /// It is counted for the first time.
    pub message: bool,
    /// It builds trust.
    pub trusted: bool,
    /// It was held or rejected.
    pub refused: bool,
    /// It was written *to* this key by one of our own.
    pub written_to: bool,
}

impl Increment {
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// A stored profile. One message is a record too, so that learning, merging and replaying are one operation.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    /// Landmark of the weights: the newest event.
    as_of: Moment,
    /// First message, trusted or not.
    first: Moment,
    /// First message that built trust.
    first_trusted: Moment,
    last: Moment,
    seen: u32,
    written_to: u32,
    counts: Counts,
    correspondents: Distinct,
    infrastructure: [Ranking<u64>; 4],
}

impl Record {
    /// The record of a single message.
    pub fn of(at: Moment, increment: Increment) -> Self {
        let weight = |yes: bool| if yes { 1.0 } else { 0.0 };
        let Increment { message, trusted, refused, written_to } = increment;
        let came = message || trusted || refused;
        Self {
            as_of: at,
            first: if came { at } else { NEVER },
            first_trusted: if trusted { at } else { NEVER },
            last: if came { at } else { NOT_YET },
            seen: u32::from(message),
            written_to: u32::from(written_to),
            counts: Counts {
                messages: weight(message),
                trusted: weight(trusted),
                refused: weight(refused),
                written_to: weight(written_to),
            },
            correspondents: Distinct::default(),
            infrastructure: Default::default(),
        }
    }

    /// The same with correspondents.
    pub fn with_correspondents(mut self, hashes: impl IntoIterator<Item = u32>, bounds: Bounds) -> Self {
        self.correspondents = Distinct::of(hashes, bounds.correspondents);
        self
    }

    /// The same with a place it came from.
    pub fn with_place(mut self, place: Place, mark: Option<u64>) -> Self {
        self.infrastructure[place as usize] = Ranking::from_entries(mark.map(|m| (m, 1.0)).into_iter().collect());
        self
    }

    /// Adds what the other knows. Commutative, and associative but for rounding and for what the bound of a ranking
    /// pushed out.
    pub fn merge(&mut self, other: &Self, decay: Decay, bounds: Bounds) {
        let as_of = self.as_of.max(other.as_of);
        let (mine, theirs) = (decay.factor(self.as_of, as_of), decay.factor(other.as_of, as_of));
        let sum = |a: f32, b: f32| a * mine + b * theirs;
        self.as_of = as_of;
        self.first = self.first.min(other.first);
        self.first_trusted = self.first_trusted.min(other.first_trusted);
        self.last = self.last.max(other.last);
        self.seen = self.seen.saturating_add(other.seen);
        self.written_to = self.written_to.saturating_add(other.written_to);
        self.counts = Counts {
            messages: sum(self.counts.messages, other.counts.messages),
            trusted: sum(self.counts.trusted, other.counts.trusted),
            refused: sum(self.counts.refused, other.counts.refused),
            written_to: sum(self.counts.written_to, other.counts.written_to),
        };
        self.correspondents.merge(&other.correspondents, bounds.correspondents);
        for (places, others) in self.infrastructure.iter_mut().zip(&other.infrastructure) {
            places.scale(mine);
            places.merge(others, theirs, bounds.infrastructure);
        }
    }

    /// The profile as of a moment.
    pub fn profile(&self, at: Moment, decay: Decay, bounds: Bounds) -> Profile {
        let factor = decay.factor(self.as_of, at);
        // A key that never wrote, but was written to, has no other moment than that.
        let or_written = |moment: Moment| if moment == NEVER || moment == NOT_YET { self.as_of } else { moment };
        let first = if self.first_trusted == NEVER { self.first } else { self.first_trusted };
        Profile {
            first_seen: or_written(first),
            last_seen: or_written(self.last),
            seen: self.seen,
            counts: Counts {
                messages: self.counts.messages * factor,
                trusted: self.counts.trusted * factor,
                refused: self.counts.refused * factor,
                written_to: self.counts.written_to * factor,
            },
            correspondents: self.correspondents.estimate(bounds.correspondents),
            written_to: self.written_to,
        }
    }

    /// How much of this key's trusted mail came from a place, as of a moment.
    pub fn weight_of(&self, place: Place, mark: u64, at: Moment, decay: Decay) -> f32 {
        self.infrastructure[place as usize].weight_of(&mark) * decay.factor(self.as_of, at)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        bytes.push(VERSION);
        for moment in [self.as_of, self.first, self.first_trusted, self.last] {
            put_moment(&mut bytes, moment);
        }
        bytes.extend_from_slice(&self.seen.to_le_bytes());
        bytes.extend_from_slice(&self.written_to.to_le_bytes());
        let Counts { messages, trusted, refused, written_to } = self.counts;
        for weight in [messages, trusted, refused, written_to] {
            bytes.extend_from_slice(&weight.to_le_bytes());
        }
        self.correspondents.encode(&mut bytes);
        for places in &self.infrastructure {
            let kept = &places.entries()[..places.entries().len().min(255)];
            bytes.push(kept.len() as u8);
            for (mark, weight) in kept {
                bytes.extend_from_slice(&mark.to_le_bytes());
                bytes.extend_from_slice(&weight.to_le_bytes());
            }
        }
        bytes
    }

    /// `None` for bytes that are no record of this version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::of_version(bytes, VERSION)?;
        let r = &mut reader;
        let record = Self {
            as_of: r.moment()?,
            first: r.moment()?,
            first_trusted: r.moment()?,
            last: r.moment()?,
            seen: r.u32()?,
            written_to: r.u32()?,
            counts: Counts {
                messages: r.weight()?,
                trusted: r.weight()?,
                refused: r.weight()?,
                written_to: r.weight()?,
            },
            correspondents: Distinct::decode(r)?,
            infrastructure: [places(r)?, places(r)?, places(r)?, places(r)?],
        };
        reader.is_at_end().then_some(record)
    }
}

fn places(reader: &mut Reader<'_>) -> Option<Ranking<u64>> {
    let kept = reader.u8()?;
    let entries = (0..kept).map(|_| Some((reader.u64()?, reader.weight()?))).collect::<Option<_>>()?;
    Some(Ranking::from_entries(entries))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::settings::Settings;
    use super::*;

    const DAY: i64 = 86_400_000;

    fn decay() -> Decay {
        Decay::new(30.0)
    }

    fn bounds() -> Bounds {
        Settings::default().bounds()
    }

    fn event(day: i64, trusted: bool, refused: bool, written_to: bool) -> Record {
        Record::of(Moment(day * DAY), Increment { message: true, trusted, refused, written_to })
            .with_correspondents([day as u32], bounds())
            .with_place(Place::Network, trusted.then_some((day % 5) as u64))
    }

    fn merged(records: &[Record]) -> Record {
        let mut sum = records[0].clone();
        for record in &records[1..] {
            sum.merge(record, decay(), bounds());
        }
        sum
    }

    #[test]
    fn counts_halve_with_the_half_life() {
        let record = merged(&[event(0, true, false, false), event(30, false, true, false)]);
        let profile = record.profile(Moment(60 * DAY), decay(), bounds());
        assert_eq!(profile.counts, Counts { messages: 0.75, trusted: 0.25, refused: 0.5, written_to: 0.0 });
        assert_eq!((profile.seen, profile.correspondents), (2, 2));
        assert_eq!((profile.first_seen, profile.last_seen), (Moment(0), Moment(30 * DAY)));
        assert_eq!(record.weight_of(Place::Network, 0, Moment(60 * DAY), decay()), 0.25);
        assert_eq!(record.weight_of(Place::Dkim, 0, Moment(60 * DAY), decay()), 0.0);
    }

    #[test]
    fn age_counts_from_the_first_trusted_message() {
        let record =
            merged(&[event(0, false, false, false), event(9, true, false, false), event(8, true, false, false)]);
        assert_eq!(record.profile(Moment(9 * DAY), decay(), bounds()).first_seen, Moment(8 * DAY));
        let unproved = merged(&[event(3, false, false, false), event(2, false, false, false)]);
        assert_eq!(unproved.profile(Moment(9 * DAY), decay(), bounds()).first_seen, Moment(2 * DAY));
    }

    #[test]
    fn a_key_that_was_only_written_to_was_not_seen() {
        let record = Record::of(Moment(DAY), Increment { written_to: true, ..Increment::default() });
        let profile = record.profile(Moment(DAY), decay(), bounds());
        assert_eq!((profile.seen, profile.written_to, profile.first_seen), (0, 1, Moment(DAY)));
        assert!(profile.is_solicited());
    }

    #[test]
    fn bytes_have_a_bound() {
        let bounds = bounds();
        let mut record = event(0, true, false, false);
        for n in 0..5_000u64 {
            let mut next =
                event(0, true, true, true).with_correspondents([(n as u32).wrapping_mul(0x9E37_79B9)], bounds);
            for place in [Place::Dkim, Place::Spf, Place::Network, Place::Helo] {
                next = next.with_place(place, Some(n));
            }
            record.merge(&next, decay(), bounds);
        }
        let bytes = record.encode();
        assert_eq!(bytes.len(), 62 + 4 * bounds.correspondents + 4 * 12 * bounds.infrastructure);
        assert!(bytes.len() <= 1_400);
        assert_eq!(Record::decode(&bytes), Some(record));
    }

    #[test]
    fn broken_bytes_are_no_record() {
        let bytes = event(1, true, false, true).encode();
        for end in 0..bytes.len() {
            assert_eq!(Record::decode(&bytes[..end]), None, "{end}");
        }
        assert_eq!(Record::decode(&[bytes.as_slice(), &[0]].concat()), None);
        assert_eq!(Record::decode(&[&[9], &bytes[1..]].concat()), None);
    }

    prop_compose! {
        fn records()(events in proptest::collection::vec((0i64..1_000, any::<[bool; 3]>()), 1..6)) -> Record {
            merged(&events.iter().map(|(day, [t, r, w])| event(*day, *t, *r, *w)).collect::<Vec<_>>())
        }
    }

    fn alike(a: &Record, b: &Record) -> bool {
        let close = |x: f32, y: f32| (x - y).abs() <= 1e-5 * (1.0 + x.abs());
        let (ca, cb) = (a.counts, b.counts);
        (a.as_of, a.first, a.first_trusted, a.last, a.seen, a.written_to, &a.correspondents)
            == (b.as_of, b.first, b.first_trusted, b.last, b.seen, b.written_to, &b.correspondents)
            && close(ca.messages, cb.messages)
            && close(ca.trusted, cb.trusted)
            && close(ca.refused, cb.refused)
            && close(ca.written_to, cb.written_to)
            && (0..5).all(|m| close(a.infrastructure[2].weight_of(&m), b.infrastructure[2].weight_of(&m)))
    }

    proptest! {
        #[test]
        fn merging_has_no_order(a in records(), b in records(), c in records()) {
            prop_assert!(alike(&merged(&[a.clone(), b.clone()]), &merged(&[b.clone(), a.clone()])));
            let left = merged(&[merged(&[a.clone(), b.clone()]), c.clone()]);
            let right = merged(&[a, merged(&[b, c])]);
            prop_assert!(alike(&left, &right), "{left:?} {right:?}");
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = Record::decode(&bytes);
            let _ = Record::decode(&[&[VERSION], bytes.as_slice()].concat());
        }

        #[test]
        fn records_survive_the_disk(record in records()) {
            prop_assert_eq!(Record::decode(&record.encode()), Some(record));
        }
    }
}

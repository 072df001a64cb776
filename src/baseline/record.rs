//! The profile of one key as it is stored, merged and shown.

use super::codec::{Reader, put_count, put_moment};
use super::decay::Decay;
use super::distinct::Distinct;
use super::habits::Habits;
pub(super) use super::increment::Increment;
use super::settings::Bounds;
use super::snapshot::{Counts, Profile};
use super::trade::Trading;
use crate::mail::Moment;

/// Version of a record without what follows.
const BARE: u8 = 5;
/// Version of a record with newcomers and trade: recipients of strangers, and domains that speak of money.
const WHOLE: u8 = 6;
/// No such event yet: later than any other, so that the earliest wins.
const NEVER: Moment = Moment(i64::MAX);
/// No such event yet: earlier than any other, so that the latest wins.
const NOT_YET: Moment = Moment(i64::MIN);

/// Half-life of the pace, in days: what came today against what comes on a day.
const PACE_DAYS: f64 = 1.0;

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
    /// Messages, trusted or not, with a half-life of [`PACE_DAYS`].
    pace: f32,
    /// The trusted ones of them: a forger's mail must not use up what an author may build in a day.
    trusted_pace: f32,
    /// First messages of new correspondents, with a half-life of [`PACE_DAYS`].
    newcomers: f32,
    trading: Trading,
    correspondents: Distinct,
    habits: Habits,
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
                ..Counts::default()
            },
            pace: weight(message),
            trusted_pace: weight(trusted),
            newcomers: 0.0,
            trading: Trading::default(),
            correspondents: Distinct::default(),
            habits: Habits::default(),
        }
    }

    /// The same with correspondents.
    pub fn with_correspondents(mut self, hashes: impl IntoIterator<Item = u32>, bounds: Bounds) -> Self {
        self.correspondents = Distinct::of(hashes, bounds.correspondents);
        self
    }

    /// The same with habits.
    pub fn with_habits(mut self, habits: Habits) -> Self {
        self.habits = habits;
        self
    }

    /// The same, from someone who is new to this recipient.
    pub fn with_newcomer(mut self, yes: bool) -> Self {
        self.newcomers = if yes { self.pace } else { 0.0 };
        self
    }

    /// The same, speaking of money where it builds trust.
    pub fn with_trade(mut self, yes: bool) -> Self {
        if yes && self.first_trusted != NEVER {
            self.trading = Trading::of(self.as_of);
        }
        self
    }

    /// The same, one of our own having written as an answer to this key's mail.
    pub fn answered(mut self, yes: bool) -> Self {
        self.counts.answered = if yes { self.counts.written_to } else { 0.0 };
        self
    }

    /// The same, as an answer to what one of our own wrote.
    pub fn solicited(mut self, yes: bool) -> Self {
        self.counts.solicited = if yes { self.counts.trusted } else { 0.0 };
        self
    }

    /// The same, labelled as an attack afterwards.
    pub fn attack(mut self, yes: bool) -> Self {
        self.counts.attacks = if yes { self.counts.messages } else { 0.0 };
        self
    }

    /// Adds what the other knows. Commutative, and associative but for rounding and for what the bound of a ranking
    /// pushed out.
    pub fn merge(&mut self, other: &Self, decay: Decay, bounds: Bounds) {
        let as_of = self.as_of.max(other.as_of);
        let (mine, theirs) = (decay.factor(self.as_of, as_of), decay.factor(other.as_of, as_of));
        let daily = Decay::new(PACE_DAYS);
        let (own, added) = (daily.factor(self.as_of, as_of), daily.factor(other.as_of, as_of));
        self.pace = self.pace * own + other.pace * added;
        self.trusted_pace = self.trusted_pace * own + other.trusted_pace * added;
        self.newcomers = self.newcomers * own + other.newcomers * added;
        self.trading.merge(other.trading);
        self.as_of = as_of;
        self.first = self.first.min(other.first);
        self.first_trusted = self.first_trusted.min(other.first_trusted);
        self.last = self.last.max(other.last);
        self.seen = self.seen.saturating_add(other.seen);
        self.written_to = self.written_to.saturating_add(other.written_to);
        self.counts = self.counts.times(mine).plus(other.counts.times(theirs));
        self.correspondents.merge(&other.correspondents, bounds.correspondents);
        self.habits.merge(&other.habits, mine, theirs, bounds.habits);
    }

    /// The profile as of a moment; without its habits, which [`Record::habits`] are asked for one by one.
    pub fn profile(&self, at: Moment, decay: Decay, bounds: Bounds) -> Profile {
        // A key that never wrote, but was written to, has no other moment than that.
        let or_written = |moment: Moment| if moment == NEVER || moment == NOT_YET { self.as_of } else { moment };
        let first = if self.first_trusted == NEVER { self.first } else { self.first_trusted };
        let first_seen = or_written(first);
        Profile {
            first_seen,
            last_seen: or_written(self.last),
            seen: self.seen,
            counts: self.counts.times(decay.factor(self.as_of, at)),
            pace: self.pace * Decay::new(PACE_DAYS).factor(self.as_of, at),
            newcomers: self.newcomers * Decay::new(PACE_DAYS).factor(self.as_of, at),
            trade: self.trading.shown(at, &self.counts, bounds),
            correspondents: self.correspondents.estimate(bounds.correspondents),
            written_to: self.written_to,
            // What our own people wrote to is no stranger's doing.
            young: self.written_to == 0 && at.0.saturating_sub(first_seen.0) < bounds.young_milliseconds,
            habits: Vec::new(),
        }
    }

    /// The habits, and what their weights are worth at a moment.
    pub fn habits(&self, at: Moment, decay: Decay) -> (&Habits, f32) {
        (&self.habits, decay.factor(self.as_of, at))
    }

    /// Messages that built trust within about a day before a moment, decayed.
    pub fn trusted_pace(&self, at: Moment) -> f32 {
        self.trusted_pace * Decay::new(PACE_DAYS).factor(self.as_of, at)
    }

    /// The bytes of it. Moments and weights that say nothing, or repeat another, are left out: most of them do.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let has_more = self.newcomers > 0.0 || self.trading != Trading::default();
        bytes.push(if has_more { WHOLE } else { BARE });
        put_moment(&mut bytes, self.as_of);
        let moments = [(self.first, NEVER), (self.first_trusted, NEVER), (self.last, NOT_YET)];
        let mut told = moments.map(|(moment, none)| self.told(moment, none));
        if told[1] == Told::Whole && self.first_trusted == self.first {
            told[1] = Told::First;
        }
        bytes.push(told.iter().rev().fold(0, |bits, told| bits << 2 | *told as u8));
        let whole = moments.iter().zip(told).filter(|(_, told)| *told == Told::Whole);
        whole.for_each(|((moment, _), _)| put_moment(&mut bytes, *moment));
        put_count(&mut bytes, self.seen);
        put_count(&mut bytes, self.written_to);
        put_weights(&mut bytes, self.weights());
        if has_more {
            bytes.extend_from_slice(&self.newcomers.to_le_bytes());
            self.trading.encode(&mut bytes);
        }
        self.correspondents.encode(&mut bytes);
        self.habits.encode(&mut bytes);
        bytes
    }

    /// How a moment is written.
    fn told(&self, moment: Moment, none: Moment) -> Told {
        match moment {
            _ if moment == none => Told::None,
            _ if moment == self.as_of => Told::AsOf,
            _ => Told::Whole,
        }
    }

    fn weights(&self) -> [f32; 9] {
        let [messages, trusted, refused, written_to, answered, solicited, attacks] = self.counts.weights();
        [messages, trusted, refused, written_to, answered, solicited, attacks, self.pace, self.trusted_pace]
    }

    /// `None` for bytes that are no record of a known version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let has_more = bytes.first() == Some(&WHOLE);
        let mut reader = Reader::of_version(bytes, if has_more { WHOLE } else { BARE })?;
        let r = &mut reader;
        let as_of = r.moment()?;
        let told = r.u8()?;
        let first = moment(r, told, as_of, None, NEVER)?;
        let first_trusted = moment(r, told >> 2, as_of, Some(first), NEVER)?;
        let last = moment(r, told >> 4, as_of, None, NOT_YET)?;
        let (seen, written_to) = (r.count()?, r.count()?);
        let [messages, trusted, refused, written, answered, solicited, attacks, pace, trusted_pace] = weights(r)?;
        let record = Self {
            as_of,
            first,
            first_trusted,
            last,
            seen,
            written_to,
            counts: Counts { messages, trusted, refused, written_to: written, answered, solicited, attacks },
            pace,
            trusted_pace,
            newcomers: if has_more { r.weight()? } else { 0.0 },
            trading: if has_more { Trading::decode(r)? } else { Trading::default() },
            correspondents: Distinct::decode(r)?,
            habits: Habits::decode(r)?,
        };
        reader.is_at_end().then_some(record)
    }
}

/// How a moment is written; two bits each.
#[derive(Clone, Copy, PartialEq)]
enum Told {
    /// There was none.
    None = 0,
    /// That of the record.
    AsOf = 1,
    /// As the first.
    First = 2,
    /// By itself.
    Whole = 3,
}

fn moment(r: &mut Reader<'_>, told: u8, as_of: Moment, first: Option<Moment>, none: Moment) -> Option<Moment> {
    match told & 3 {
        0 => Some(none),
        1 => Some(as_of),
        2 => first,
        _ => r.moment(),
    }
}

/// Appends weights: which are not zero, which of those are as the last one written, and the others.
fn put_weights(bytes: &mut Vec<u8>, weights: [f32; 9]) {
    let (mut some, mut same, mut last) = (0u16, 0u16, 0.0);
    let mut whole = Vec::with_capacity(9);
    for (nth, weight) in weights.into_iter().enumerate().filter(|(_, weight)| *weight != 0.0) {
        some |= 1 << nth;
        if weight == last {
            same |= 1 << nth;
        } else {
            whole.push(weight);
            last = weight;
        }
    }
    bytes.extend_from_slice(&some.to_le_bytes());
    bytes.extend_from_slice(&same.to_le_bytes());
    whole.iter().for_each(|weight| bytes.extend_from_slice(&weight.to_le_bytes()));
}

fn weights(r: &mut Reader<'_>) -> Option<[f32; 9]> {
    let (some, same) = (r.u16()?, r.u16()?);
    let (mut weights, mut last) = ([0.0; 9], 0.0);
    for (nth, weight) in weights.iter_mut().enumerate().filter(|(nth, _)| some >> nth & 1 == 1) {
        if same >> nth & 1 == 0 {
            last = r.weight()?;
        }
        *weight = last;
    }
    Some(weights)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::settings::Settings;
    use super::*;
    use crate::traits::TRAITS;

    const DAY: i64 = 86_400_000;
    /// The trait of client networks.
    const NETWORK: u8 = 4;

    fn decay() -> Decay {
        Decay::new(30.0)
    }

    fn bounds() -> Bounds {
        Settings::default().bounds()
    }

    fn event(day: i64, trusted: bool, refused: bool, written_to: bool) -> Record {
        Record::of(Moment(day * DAY), Increment { message: true, trusted, refused, written_to })
            .with_correspondents([day as u32], bounds())
            .with_habits(Habits::of(trusted.then_some((NETWORK, vec![(day % 5) as u32])).into_iter()))
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
        assert_eq!(profile.counts, Counts { messages: 0.75, trusted: 0.25, refused: 0.5, ..Counts::default() });
        assert_eq!((profile.seen, profile.correspondents), (2, 2));
        assert_eq!((profile.first_seen, profile.last_seen), (Moment(0), Moment(30 * DAY)));
        let (habits, factor) = record.habits(Moment(60 * DAY), decay());
        assert_eq!(habits.usual(NETWORK, &[0], false, factor).weight, 0.25);
        assert_eq!(habits.usual(1, &[0], false, factor).weight, 0.0);
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
    fn a_key_is_young_for_some_hours_unless_we_wrote_there() {
        let hours = |hours: i64| Moment(DAY + hours * 3_600_000);
        let young = |record: &Record, at| record.profile(at, decay(), bounds()).young;
        let stranger = event(1, true, false, false);
        assert!(young(&stranger, hours(0)) && young(&stranger, hours(9)) && !young(&stranger, hours(10)));
        assert!(!young(&merged(&[stranger, event(1, false, false, true)]), hours(1)));
    }

    #[test]
    fn the_pace_is_that_of_a_day() {
        let burst = merged(&[event(1, true, false, false), event(1, false, true, false), event(0, true, false, false)]);
        assert_eq!(burst.profile(Moment(DAY), decay(), bounds()).pace, 2.5);
        assert_eq!(burst.trusted_pace(Moment(2 * DAY)), 0.75);
    }

    #[test]
    fn newcomers_are_those_of_a_day() {
        let new = |day| event(day, false, false, false).with_newcomer(true);
        let record = merged(&[new(1), new(2), new(2), event(2, true, false, false)]);
        assert_eq!(record.profile(Moment(2 * DAY), decay(), bounds()).newcomers, 2.5);
        assert_eq!(Record::decode(&record.encode()), Some(record));
    }

    #[test]
    fn bytes_have_a_bound() {
        let bounds = bounds();
        let mut record = event(0, true, false, false);
        for n in 0..5_000u32 {
            let shown = TRAITS.iter().map(|own| (own.number, vec![n]));
            let next = event(0, true, true, true)
                .with_correspondents([n.wrapping_mul(0x9E37_79B9)], bounds)
                .with_newcomer(true)
                .with_trade(true)
                .with_habits(Habits::of(shown));
            record.merge(&next, decay(), bounds);
        }
        let bytes = record.encode();
        let fixed = 86 + 16 + 4 * bounds.correspondents + 7 * TRAITS.len();
        assert!(bytes.len() <= fixed + Settings::default().habits_bytes_max, "{}", bytes.len());
        assert_eq!(Record::decode(&bytes), Some(record));
    }

    #[test]
    fn what_says_nothing_takes_no_room() {
        let tie = |days: &[i64]| {
            let events: Vec<Record> = days.iter().map(|day| event(*day, true, false, false)).collect();
            Record { correspondents: Distinct::default(), habits: Habits::default(), ..merged(&events) }
        };
        assert_eq!(tie(&[1]).encode().len(), 22);
        assert_eq!(tie(&[1, 2, 3]).encode().len(), 34);
    }

    #[test]
    fn records_survive_their_bytes() {
        let kinds = [true, false].into_iter().flat_map(|t| [(t, false), (t, true)]);
        for (trusted, written_to) in kinds {
            let events =
                [event(3, trusted, !trusted, written_to), event(2, false, false, false), event(9, true, true, false)];
            for n in 1..=events.len() {
                let record = merged(&events[..n]).answered(true);
                assert_eq!(Record::decode(&record.encode()), Some(record));
            }
        }
        let unseen = Record::of(Moment(DAY), Increment { written_to: true, ..Increment::default() });
        assert_eq!(Record::decode(&unseen.encode()), Some(unseen));
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
            && close(a.pace, b.pace)
            && (0..5).all(|m| {
                let weight = |r: &Record| r.habits.usual(NETWORK, &[m], false, 1.0).weight;
                close(weight(a), weight(b))
            })
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
            let _ = Record::decode(&[&[WHOLE], bytes.as_slice()].concat());
        }

        #[test]
        fn records_survive_the_disk(record in records()) {
            prop_assert_eq!(Record::decode(&record.encode()), Some(record));
        }
    }
}

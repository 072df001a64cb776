//! How the organisation's own people regard whoever bears a name: who wrote there, who copied it, who showed deference.

use super::codec::Reader;
use super::ranking::Ranking;
use super::snapshot::Esteem;

/// One of our own wrote a letter that names the person.
pub(super) const NAMED: u8 = 0;
/// The person stands in Cc.
pub(super) const COPIED: u8 = 1;
/// The person is greeted with a title: Dr, Ms and a surname, Sir.
pub(super) const DEFERENCE: u8 = 2;

/// Own people remembered in each way: twice as many as the rule for important names may ask for.
const PEOPLE_MAX: usize = 24;
/// Weight from which someone's regard counts: what is left of one letter after two half-lives.
const WEIGHT_MIN: f32 = 0.25;

/// Own people by their marks, with decayed weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Regard {
    written: Ranking<u32>,
    copied: Ranking<u32>,
    deferred: Ranking<u32>,
}

impl Regard {
    /// What one letter of one of our own shows.
    pub fn of(author: u32, bits: u8) -> Self {
        let of = |yes: bool| if yes { Ranking::from_entries(vec![(author, 1.0)]) } else { Ranking::default() };
        Self { written: of(true), copied: of(bits & COPIED != 0), deferred: of(bits & DEFERENCE != 0) }
    }

    pub fn is_empty(&self) -> bool {
        self.written.entries().is_empty()
    }

    /// Adds the other's weights, each times `theirs`, after scaling the own ones by `mine`.
    pub fn merge(&mut self, other: &Self, mine: f32, theirs: f32) {
        let pairs = [
            (&mut self.written, &other.written),
            (&mut self.copied, &other.copied),
            (&mut self.deferred, &other.deferred),
        ];
        for (own, other) in pairs {
            own.scale(mine);
            own.merge(other, theirs, PEOPLE_MAX);
        }
    }

    /// How many people, with weights times `factor`; `people_min` as the settings say, for those of our own.
    pub fn esteem(&self, factor: f32, own: bool, people_min: u32) -> Esteem {
        let count = |people: &Ranking<u32>| {
            people.entries().iter().filter(|(_, weight)| weight * factor >= WEIGHT_MIN).count() as u32
        };
        let [written_by, copied_by, deferred_by] = [&self.written, &self.copied, &self.deferred].map(count);
        // The bound of what is remembered must not make the rule unreachable.
        let min = people_min.clamp(1, PEOPLE_MAX as u32 / 2);
        let important = own && (copied_by >= min || 2 * deferred_by >= min || written_by >= 2 * min);
        Esteem { written_by, copied_by, deferred_by, important }
    }

    pub fn encode(&self, bytes: &mut Vec<u8>) {
        for people in [&self.written, &self.copied, &self.deferred] {
            bytes.push(people.entries().len() as u8);
            for (mark, weight) in people.entries() {
                bytes.extend_from_slice(&mark.to_le_bytes());
                bytes.extend_from_slice(&weight.to_le_bytes());
            }
        }
    }

    /// `None` for bytes that are none of [`Regard::encode`].
    pub fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let mut people = || {
            let kept = reader.u8().filter(|kept| usize::from(*kept) <= PEOPLE_MAX)?;
            let entries = (0..kept).map(|_| Some((reader.u32()?, reader.weight()?))).collect::<Option<_>>()?;
            Some(Ranking::from_entries(entries))
        };
        Some(Self { written: people()?, copied: people()?, deferred: people()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regard(people: std::ops::Range<u32>, bits: u8) -> Regard {
        people.fold(Regard::default(), |mut all, person| {
            all.merge(&Regard::of(person, bits), 1.0, 1.0);
            all
        })
    }

    fn check(people: u32, bits: u8, expected: bool) {
        assert_eq!(regard(0..people, bits).esteem(1.0, true, 6).important, expected, "{people} {bits}");
        assert!(!regard(0..people, bits).esteem(1.0, false, 6).important, "only our own are protected");
    }

    #[test]
    fn many_must_agree_that_someone_matters() {
        check(5, COPIED, false);
        check(6, COPIED, true);
        check(2, DEFERENCE, false);
        check(3, DEFERENCE, true);
        check(11, NAMED, false);
        check(12, NAMED, true);
    }

    #[test]
    fn one_person_counts_once_and_not_for_ever() {
        let mut one = regard(0..1, COPIED);
        (0..50).for_each(|_| one.merge(&Regard::of(0, COPIED), 1.0, 1.0));
        assert_eq!(one.esteem(1.0, true, 6).copied_by, 1);
        assert_eq!(regard(0..9, COPIED).esteem(0.25, true, 6).copied_by, 9);
        assert_eq!(regard(0..9, COPIED).esteem(0.24, true, 6), Esteem::default());
    }

    #[test]
    fn bytes_have_a_bound_and_the_rule_stays_within_it() {
        let all = regard(0..500, COPIED | DEFERENCE);
        let mut bytes = Vec::new();
        all.encode(&mut bytes);
        assert_eq!(bytes.len(), 3 + 3 * 8 * PEOPLE_MAX);
        assert!(all.esteem(1.0, true, u32::MAX).important);
        assert_eq!(Regard::decode(&mut Reader::new(&bytes)), Some(all));
        assert_eq!(Regard::decode(&mut Reader::new(&bytes[..bytes.len() - 1])), None);
        assert_eq!(Regard::decode(&mut Reader::new(&[PEOPLE_MAX as u8 + 1])), None);
    }
}

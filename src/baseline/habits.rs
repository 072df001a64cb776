//! The usual values of each trait of a profile: how much trusted mail showed each, in bounded bytes.

use std::sync::LazyLock;

use super::codec::Reader;
use super::ranking::Ranking;
use super::snapshot::Usual;
use crate::traits::{TRAITS, Trait};

/// Values kept of a trait that this version does not know: written by a later one, and not to be lost.
const FOREIGN_VALUES_MAX: usize = 16;

/// As many messages showed the trait as the one before.
const AS_BEFORE: u8 = 1;
/// All its values were shown by all messages that showed the trait.
const STEADY: u8 = 2;

/// The traits by their numbers.
static BY_NUMBER: LazyLock<[Option<&'static Trait>; 256]> = LazyLock::new(|| {
    let mut table = [None; 256];
    TRAITS.iter().for_each(|own| table[usize::from(own.number)] = Some(own));
    table
});

/// What is usual of each trait. Commutative in merging, as [`super::record::Record::merge`] is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Habits {
    /// By number of the trait, ascending.
    kept: Vec<(u8, Habit)>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Habit {
    /// Decayed count of the messages that showed the trait.
    all: f32,
    values: Ranking<u32>,
}

impl Habits {
    /// The habits that one message shows: each trait with the marks of its values.
    pub fn of(shown: impl Iterator<Item = (u8, Vec<u32>)>) -> Self {
        let habit = |(number, marks): (u8, Vec<u32>)| {
            let values = Ranking::from_entries(marks.into_iter().map(|mark| (mark, 1.0)).collect());
            (number, Habit { all: 1.0, values })
        };
        let mut kept: Vec<_> = shown.map(habit).collect();
        kept.sort_by_key(|(number, _)| *number);
        Self { kept }
    }

    /// Adds the other's weights, each times `theirs`, after scaling the own ones by `mine`; keeps at most `entries_max`
    /// values of all traits together, the lightest of the fullest trait going first.
    pub fn merge(&mut self, other: &Self, mine: f32, theirs: f32, entries_max: usize) {
        for (_, habit) in &mut self.kept {
            habit.all *= mine;
            habit.values.scale(mine);
        }
        for (number, new) in &other.kept {
            let bound = BY_NUMBER[usize::from(*number)].map_or(FOREIGN_VALUES_MAX, |own| own.values_max);
            let at = self.kept.partition_point(|(known, _)| known < number);
            if self.kept.get(at).is_none_or(|(known, _)| known != number) {
                self.kept.insert(at, (*number, Habit::default()));
            }
            let habit = &mut self.kept[at].1;
            habit.all += new.all * theirs;
            habit.values.merge(&new.values, theirs, bound);
        }
        self.trim(entries_max);
    }

    fn trim(&mut self, entries_max: usize) {
        let mut entries: usize = self.kept.iter().map(|(_, habit)| habit.values.entries().len()).sum();
        while entries > entries_max {
            let fullest = self.kept.iter_mut().max_by_key(|(number, habit)| (habit.values.entries().len(), *number));
            let Some((_, habit)) = fullest else { return };
            let keep = habit.values.entries().len().saturating_sub(1);
            habit.values.trim(keep);
            entries -= 1;
        }
    }

    /// Each trait by its number: the messages that showed it, and the marks of its values with their weights.
    pub fn each(&self) -> impl Iterator<Item = (u8, f32, &[(u32, f32)])> {
        self.kept.iter().map(|(number, habit)| (*number, habit.all, habit.values.entries()))
    }

    /// How usual the values asked for are; weights times `factor`. With `any`, one usual value makes the message usual;
    /// else its least usual value counts.
    pub fn usual(&self, number: u8, asked: &[u32], any: bool, factor: f32) -> Usual {
        let Ok(at) = self.kept.binary_search_by_key(&number, |(known, _)| *known) else { return Usual::default() };
        let habit = &self.kept[at].1;
        let weights = asked.iter().map(|mark| habit.values.weight_of(mark));
        let weight = if any { weights.sum() } else { weights.fold(f32::INFINITY, f32::min) };
        Usual {
            weight: if weight.is_finite() { weight * factor } else { 0.0 },
            all: habit.all * factor,
            values: habit.values.entries().len() as u8,
        }
    }

    /// Appends the bytes of it. Most traits are shown by each message, and of some all messages show the same value: then
    /// the sums are those of the trait before, and the weights the sums.
    pub fn encode(&self, bytes: &mut Vec<u8>) {
        bytes.push(self.kept.len().min(255) as u8);
        let mut last = 0.0;
        for (number, habit) in self.kept.iter().take(255) {
            let kept = &habit.values.entries()[..habit.values.entries().len().min(255)];
            let steady = kept.iter().all(|(_, weight)| *weight == habit.all);
            let flags = if habit.all == last { AS_BEFORE } else { 0 } | if steady { STEADY } else { 0 };
            bytes.extend_from_slice(&[*number, kept.len() as u8, flags]);
            if habit.all != last {
                bytes.extend_from_slice(&habit.all.to_le_bytes());
                last = habit.all;
            }
            for (mark, weight) in kept {
                bytes.extend_from_slice(&mark.to_le_bytes());
                if !steady {
                    bytes.extend_from_slice(&weight.to_le_bytes());
                }
            }
        }
    }

    /// `None` for bytes that are none of [`Habits::encode`].
    pub fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let traits = reader.u8()?;
        let mut kept = Vec::with_capacity(usize::from(traits));
        let mut all = 0.0;
        for _ in 0..traits {
            let (number, values, flags) = (reader.u8()?, reader.u8()?, reader.u8()?);
            if flags & AS_BEFORE == 0 {
                all = reader.weight()?;
            }
            let weight = |r: &mut Reader<'_>| if flags & STEADY == 0 { r.weight() } else { Some(all) };
            let entries = (0..values).map(|_| Some((reader.u32()?, weight(reader)?))).collect::<Option<_>>()?;
            kept.push((number, Habit { all, values: Ranking::from_entries(entries) }));
        }
        // Later searches rest on the order.
        kept.is_sorted_by_key(|(number, _)| *number).then_some(Self { kept })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAILER: u8 = 6;
    const HOUR: u8 = 9;

    fn merged(messages: &[&[(u8, u32)]], entries_max: usize) -> Habits {
        let mut habits = Habits::default();
        for message in messages {
            habits.merge(&Habits::of(message.iter().map(|(n, mark)| (*n, vec![*mark]))), 1.0, 1.0, entries_max);
        }
        habits
    }

    #[test]
    fn a_value_is_as_usual_as_it_was_shown() {
        let habits = merged(&[&[(MAILER, 1)], &[(MAILER, 1), (HOUR, 9)], &[(MAILER, 2)]], 100);
        assert_eq!(habits.usual(MAILER, &[1], false, 1.0), Usual { weight: 2.0, all: 3.0, values: 2 });
        assert_eq!(habits.usual(MAILER, &[3], false, 0.5), Usual { weight: 0.0, all: 1.5, values: 2 });
        assert_eq!(habits.usual(HOUR, &[8, 9, 10], true, 1.0), Usual { weight: 1.0, all: 1.0, values: 1 });
        assert_eq!(habits.usual(77, &[1], false, 1.0), Usual::default());
    }

    #[test]
    fn the_least_usual_value_counts() {
        let habits = merged(&[&[(MAILER, 1)], &[(MAILER, 1)]], 100);
        assert_eq!(habits.usual(MAILER, &[1, 2], false, 1.0).weight, 0.0);
        assert_eq!(habits.usual(MAILER, &[1, 2], true, 1.0).weight, 2.0);
        assert_eq!(habits.usual(MAILER, &[], false, 1.0).weight, 0.0);
    }

    #[test]
    fn values_are_bounded_by_trait_and_in_all() {
        let hours: Vec<[(u8, u32); 1]> = (0..40).map(|n| [(HOUR, n)]).collect();
        let messages: Vec<&[(u8, u32)]> = hours.iter().map(|m| m.as_slice()).collect();
        assert_eq!(merged(&messages, 100).usual(HOUR, &[0], false, 1.0).values, 24);
        assert_eq!(merged(&messages, 10).usual(HOUR, &[0], false, 1.0).values, 10);
    }

    #[test]
    fn what_is_written_is_read() {
        let habits = merged(&[&[(MAILER, 1), (HOUR, 2)], &[(200, 7)]], 100);
        let mut bytes = Vec::new();
        habits.encode(&mut bytes);
        assert_eq!(Habits::decode(&mut Reader::new(&bytes)), Some(habits));
        for end in 0..bytes.len() {
            assert_eq!(Habits::decode(&mut Reader::new(&bytes[..end])), None, "{end}");
        }
    }

    proptest! {
        #[test]
        fn merging_has_no_order(a: Vec<(u8, u8)>, b: Vec<(u8, u8)>) {
            let few = |shown: Vec<(u8, u8)>| {
                let mut habits = Habits::default();
                for (number, mark) in shown {
                    habits.merge(&Habits::of([(6 + number % 4, vec![u32::from(mark % 4)])].into_iter()), 1.0, 1.0, 64);
                }
                habits
            };
            let (a, b) = (few(a), few(b));
            let join = |x: &Habits, y: &Habits| { let mut x = x.clone(); x.merge(y, 1.0, 1.0, 64); x };
            let (ab, ba) = (join(&a, &b), join(&b, &a));
            for number in 6..10 {
                for mark in 0..4 {
                    prop_assert_eq!(ab.usual(number, &[mark], false, 1.0), ba.usual(number, &[mark], false, 1.0));
                }
            }
        }
    }
}

//! How often something was seen lately: by slots of five minutes for an hour, by hours for a day.

use serde::{Deserialize, Serialize};

use crate::mail::Moment;

/// A slot's length.
pub(super) const SLOT_MS: i64 = 300_000;
/// Slots of an hour.
pub(super) const SLOTS: usize = 12;
/// Hours of a day.
pub(super) const HOURS: usize = 24;

/// Over what time something is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Span {
    /// The last hour: this slot and eleven before it.
    Hour,
    /// The last day: this hour and 23 before it.
    Day,
}

/// Counts by slot and by hour, each in its place of a ring.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Counts {
    slots: [u32; SLOTS],
    hours: [u32; HOURS],
    /// How much of each hour was told of already, and counts in no day.
    told: [u32; HOURS],
}

/// The slot of a moment.
pub(super) fn slot_of(at: Moment) -> i64 {
    at.0.div_euclid(SLOT_MS)
}

/// The hour of a slot.
pub(super) fn hour_of(slot: i64) -> i64 {
    slot.div_euclid(SLOTS as i64)
}

fn ring(number: i64, places: usize) -> usize {
    number.rem_euclid(places as i64) as usize
}

impl Counts {
    pub(super) fn add(&mut self, slot: i64, count: u32) {
        let (minutes, hour) = (&mut self.slots[ring(slot, SLOTS)], &mut self.hours[ring(hour_of(slot), HOURS)]);
        *minutes = minutes.saturating_add(count);
        *hour = hour.saturating_add(count);
    }

    pub(super) fn of(&self, span: Span) -> u32 {
        let sum = |counts: &[u32]| counts.iter().fold(0u32, |sum, count| sum.saturating_add(*count));
        match span {
            Span::Hour => sum(&self.slots),
            Span::Day => sum(&self.hours).saturating_sub(sum(&self.told)),
        }
    }

    pub(super) fn in_slot(&self, slot: i64) -> u32 {
        self.slots[ring(slot, SLOTS)]
    }

    pub(super) fn in_hour(&self, hour: i64) -> u32 {
        self.hours[ring(hour, HOURS)]
    }

    /// Goes on to a later slot: what was counted a turn of the ring ago is forgotten.
    pub(super) fn advance(&mut self, from: i64, to: i64) {
        for slot in (from + 1..=to).take(SLOTS) {
            self.slots[ring(slot, SLOTS)] = 0;
        }
        for hour in (hour_of(from) + 1..=hour_of(to)).take(HOURS) {
            (self.hours[ring(hour, HOURS)], self.told[ring(hour, HOURS)]) = (0, 0);
        }
    }

    /// Takes no hour of the day for more than what `share` of these messages would be: what was told of is not told again.
    pub(super) fn excuse(&mut self, share: f64, messages: &Self) {
        for ((told, count), all) in self.told.iter_mut().zip(self.hours).zip(messages.hours) {
            *told = count.saturating_sub((share * f64::from(all)).ceil() as u32);
        }
    }

    /// Whether some of an hour was told of.
    pub(super) fn is_told(&self, hour: i64) -> bool {
        self.told[ring(hour, HOURS)] > 0
    }

    /// The hours that leave the day where a board goes on from one slot to another.
    pub(super) fn leaving(from: i64, to: i64) -> impl Iterator<Item = i64> {
        (hour_of(from) + 1..=hour_of(to)).take(HOURS).map(|hour| hour - HOURS as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_its_ring_is_forgotten() {
        let mut counts = Counts::default();
        counts.add(1_000, 5);
        counts.advance(1_000, 1_011);
        assert_eq!((counts.of(Span::Hour), counts.of(Span::Day)), (5, 5));
        counts.advance(1_011, 1_012);
        assert_eq!((counts.of(Span::Hour), counts.of(Span::Day)), (0, 5));
        counts.add(1_012, 2);
        counts.advance(1_012, 1_000 + 12 * 24);
        assert_eq!(counts.of(Span::Day), 2);
        counts.advance(1_000 + 12 * 24, 1_000_000_000_000);
        assert_eq!(counts, Counts::default());
    }

    #[test]
    fn what_was_told_of_is_excused() {
        let (mut counts, mut messages) = (Counts::default(), Counts::default());
        counts.add(12, 40);
        messages.add(12, 100);
        counts.excuse(0.015, &messages);
        assert_eq!((counts.of(Span::Day), counts.of(Span::Hour), counts.in_hour(1)), (2, 40, 40));
        assert!(counts.is_told(1) && !counts.is_told(2));
    }
}

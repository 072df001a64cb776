//! Since when and how often an outside domain speaks of invoices, orders and payments: what makes it a supplier.

use super::codec::{Reader, put_moment};
use super::settings::Bounds;
use super::snapshot::{Counts, Trade};
use crate::mail::Moment;

/// Letters about money that make a supplier: one is an attempt, two may be one order.
const LETTERS_MIN: u32 = 3;

/// Trusted messages that spoke of money.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trading {
    since: Moment,
    letters: u32,
}

impl Default for Trading {
    fn default() -> Self {
        // Later than any other, so that the earliest wins.
        Self { since: Moment(i64::MAX), letters: 0 }
    }
}

impl Trading {
    /// One message.
    pub fn of(at: Moment) -> Self {
        Self { since: at, letters: 1 }
    }

    pub fn merge(&mut self, other: Self) {
        self.since = self.since.min(other.since);
        self.letters = self.letters.saturating_add(other.letters);
    }

    /// As it is shown at a moment, beside the counts of its domain; `None` where there was none.
    pub fn shown(self, at: Moment, counts: &Counts, bounds: Bounds) -> Option<Trade> {
        let known = at.0.saturating_sub(self.since.0) >= bounds.standing_milliseconds;
        let sound = counts.attacks + counts.refused <= counts.trusted;
        let supplier = known && sound && self.letters >= LETTERS_MIN;
        (self.letters > 0).then_some(Trade { since: self.since, letters: self.letters, supplier })
    }

    pub fn encode(self, bytes: &mut Vec<u8>) {
        put_moment(bytes, self.since);
        bytes.extend_from_slice(&self.letters.to_le_bytes());
    }

    /// `None` for bytes that are none of [`Trading::encode`].
    pub fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { since: reader.moment()?, letters: reader.u32()? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::*;

    const DAY: i64 = 86_400_000;

    fn check(days: &[i64], refused: f32, at: i64, expected: Option<bool>) {
        let mut trading = Trading::default();
        days.iter().for_each(|day| trading.merge(Trading::of(Moment(day * DAY))));
        let counts = Counts { trusted: 3.0, refused, ..Counts::default() };
        let shown = trading.shown(Moment(at * DAY), &counts, Settings::default().bounds());
        assert_eq!(shown.map(|trade| trade.supplier), expected, "{days:?} {refused} {at}");
        assert!(shown.is_none_or(|trade| trade.since == Moment(days[0] * DAY) && trade.letters as usize == days.len()));
    }

    #[test]
    fn a_supplier_speaks_of_money_for_long() {
        check(&[1, 2, 31], 0.0, 31, Some(true));
        check(&[1, 2, 30], 0.0, 30, Some(false));
        check(&[1, 31], 0.0, 31, Some(false));
        check(&[1, 31, 31], 9.0, 31, Some(false));
        check(&[], 0.0, 31, None);
    }
}

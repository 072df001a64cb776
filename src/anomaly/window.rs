//! What one sub-detector remembers: a sliding window of messages, each with how many of the others it dominates.

use super::level::{FEATURES_MAX, LEVEL_MAX, Levels};
use crate::mail::Moment;

/// Bits below a score in which the levels' sum decides between equals.
const SUM_BITS: u32 = 16;

/// Messages are forgotten in groups, when the oldest is this part of the window too old: one by one, each would move all.
const OVERTIME: i64 = 32;

/// A sliding window, bounded in time and number. A column for each fact, so that a pass reads only what it needs.
///
/// Where more messages come than are remembered, the window is thinned: every second one is forgotten, and each of the
/// rest, and each later one that is remembered, stands for twice as many. Alerts are always remembered, each for itself
/// alone, so that the highest ranks stay exact.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Window {
    events_max: usize,
    milliseconds: i64,
    /// Of so many messages that are no alert, one is remembered.
    stride: u32,
    /// Messages that are no alert since the last one remembered.
    passed: u32,
    levels: Vec<Levels>,
    /// For how many messages each stands.
    weights: Vec<u32>,
    /// Score and sum of levels in one: the order of suspicion.
    orders: Vec<u64>,
    /// Oldest first.
    at: Vec<Moment>,
    alerts: Vec<bool>,
    /// For each feature, how many messages stand on each level.
    spread: Vec<[u64; LEVEL_MAX as usize + 1]>,
}

/// How a message stands among the remembered ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// Messages it dominates.
    pub score: u64,
    /// Messages that rank higher, and alerts that rank as high: of equals, the first ones take what the budget gives.
    pub rank: u64,
    /// Messages remembered.
    pub remembered: u64,
}

/// One remembered message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Event {
    pub levels: Levels,
    pub weight: u32,
    pub at: Moment,
    pub alert: bool,
}

impl Window {
    pub fn new(events_max: usize, milliseconds: i64) -> Self {
        Self {
            events_max,
            milliseconds,
            stride: 1,
            passed: 0,
            levels: Vec::new(),
            weights: Vec::new(),
            orders: Vec::new(),
            at: Vec::new(),
            alerts: Vec::new(),
            spread: vec![[0; LEVEL_MAX as usize + 1]; FEATURES_MAX],
        }
    }

    /// How a message with these levels stands.
    pub fn rate(&self, levels: Levels) -> Standing {
        let score = self.score(levels);
        let order = order(score, levels);
        let (mut rank, mut remembered) = (0, 0);
        let columns = self.levels.iter().zip(&self.weights).zip(&self.orders).zip(&self.alerts);
        for (((other, weight), theirs), alert) in columns {
            // Seen with this one among them, as it will be.
            let theirs = theirs + (u64::from(other.dominates(levels)) << SUM_BITS);
            rank += u64::from(*weight) * u64::from(theirs + u64::from(*alert) > order);
            remembered += u64::from(*weight);
        }
        Standing { score, rank, remembered }
    }

    /// The share of messages, this one among them, that are at least as suspicious in one feature; above 0.
    pub fn share(&self, feature: usize, level: u8) -> f64 {
        let Some(spread) = self.spread.get(feature) else { return 1.0 };
        let as_high: u64 = spread.iter().skip(usize::from(level)).sum();
        let all: u64 = as_high + spread.iter().take(usize::from(level)).sum::<u64>();
        (as_high + 1) as f64 / (all + 1) as f64
    }

    /// Remembers a message, and forgets what is too old.
    pub fn remember(&mut self, levels: Levels, at: Moment, alert: bool) {
        // A message that was delayed comes when it comes: the columns stay in order.
        let at = self.at.last().map_or(at, |last| at.max(*last));
        self.forget(at);
        if !alert {
            self.passed += 1;
            if self.passed < self.stride {
                return;
            }
            self.passed = 0;
        }
        if self.levels.len() >= self.events_max {
            self.thin();
        }
        let weight = if alert { 1 } else { self.stride };
        self.insert(Event { levels, weight, at, alert });
    }

    /// The remembered messages, oldest first.
    pub fn events(&self) -> impl Iterator<Item = Event> + '_ {
        (0..self.levels.len()).map(|i| self.event(i))
    }

    pub fn stride(&self) -> u32 {
        self.stride
    }

    /// Fills an empty window again: with the newest of these events, given oldest first, where it does not hold all.
    pub fn restore(&mut self, events: &[Event], stride: u32) {
        self.stride = stride.max(1);
        events.iter().skip(events.len().saturating_sub(self.events_max)).for_each(|event| self.insert(*event));
    }

    fn event(&self, i: usize) -> Event {
        Event { levels: self.levels[i], weight: self.weights[i], at: self.at[i], alert: self.alerts[i] }
    }

    fn score(&self, levels: Levels) -> u64 {
        let dominated = |(other, weight): (&Levels, &u32)| u64::from(*weight) * u64::from(levels.dominates(*other));
        self.levels.iter().zip(&self.weights).map(dominated).sum()
    }

    fn insert(&mut self, event: Event) {
        let order = order(self.score(event.levels), event.levels);
        for (other, theirs) in self.levels.iter().zip(&mut self.orders) {
            *theirs += (u64::from(event.weight) << SUM_BITS) * u64::from(other.dominates(event.levels));
        }
        for (nth, spread) in self.spread.iter_mut().enumerate() {
            spread[usize::from(event.levels.level(nth))] += u64::from(event.weight);
        }
        self.levels.push(event.levels);
        self.weights.push(event.weight);
        self.orders.push(order);
        self.at.push(event.at);
        self.alerts.push(event.alert);
    }

    /// Forgets what came before the window, once that is worth a pass.
    fn forget(&mut self, now: Moment) {
        let begin = Moment(now.0.saturating_sub(self.milliseconds));
        let overdue = Moment(begin.0.saturating_sub(self.milliseconds / OVERTIME));
        let Some(first) = self.at.first() else {
            self.stride = 1;
            return;
        };
        if *first >= overdue {
            return;
        }
        let old = self.at.partition_point(|at| *at < begin);
        for i in 0..old {
            let gone = self.event(i);
            for (nth, spread) in self.spread.iter_mut().enumerate() {
                spread[usize::from(gone.levels.level(nth))] -= u64::from(gone.weight);
            }
            for (other, theirs) in self.levels[old..].iter().zip(&mut self.orders[old..]) {
                *theirs -= (u64::from(gone.weight) << SUM_BITS) * u64::from(other.dominates(gone.levels));
            }
        }
        self.levels.drain(..old);
        self.weights.drain(..old);
        self.orders.drain(..old);
        self.at.drain(..old);
        self.alerts.drain(..old);
        // Fewer messages come: each may be remembered more closely again.
        if self.stride > 1 && self.levels.len() < self.events_max / 4 {
            self.stride /= 2;
        }
    }

    /// Makes room: forgets every second message, alerts aside unless they fill half of the window.
    fn thin(&mut self) {
        let events: Vec<Event> = self.events().collect();
        let alerts = events.iter().filter(|event| event.alert).count();
        let spared = alerts <= self.events_max / 2;
        let mut nth = 0_usize;
        let mut kept = Vec::with_capacity(events.len());
        for mut event in events {
            if !(spared && event.alert) {
                nth += 1;
                if nth % 2 == 1 {
                    continue;
                }
                event.weight = event.weight.saturating_mul(2);
            }
            kept.push(event);
        }
        let stride = self.stride.saturating_mul(2);
        *self = Self::new(self.events_max, self.milliseconds);
        self.restore(&kept, stride);
    }
}

/// Score first, then the sum of levels. Whoever dominates another has no smaller order.
fn order(score: u64, levels: Levels) -> u64 {
    score << SUM_BITS | u64::from(levels.sum())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::level::LEVEL_MAX;
    use super::*;

    const DAY: i64 = 86_400_000;

    fn window(events_max: usize) -> Window {
        Window::new(events_max, 30 * DAY)
    }

    fn filled(events_max: usize, levels: &[[u8; 3]]) -> Window {
        let mut window = window(events_max);
        levels.iter().for_each(|levels| window.remember(Levels::of(*levels), Moment(0), false));
        window
    }

    /// Score by comparing each with each.
    fn naive(levels: &[[u8; 3]], one: [u8; 3]) -> u64 {
        levels.iter().filter(|other| one.iter().zip(**other).all(|(mine, theirs)| *mine >= theirs)).count() as u64
    }

    /// Levels with the orders they stand in, sorted.
    fn sorted(window: &Window) -> Vec<(u64, u64)> {
        let mut all: Vec<_> = window.levels.iter().map(|levels| levels.0).zip(window.orders.iter().copied()).collect();
        all.sort_unstable();
        all
    }

    fn some_levels(most: usize) -> impl Strategy<Value = Vec<[u8; 3]>> {
        prop::collection::vec(prop::array::uniform3(0..4_u8), 0..most)
    }

    #[test]
    fn the_more_suspicious_ranks_first() {
        let window = filled(16, &[[1, 1, 0], [2, 0, 0], [5, 5, 5], [0, 0, 0]]);
        let check = |levels, score, rank| {
            let expected = Standing { score, rank, remembered: 4 };
            assert_eq!(window.rate(Levels::of(levels)), expected, "{levels:?}");
        };
        check([0, 0, 0], 1, 3);
        check([2, 1, 0], 3, 1);
        check([5, 5, 5], 4, 0);
        check([6, 5, 5], 4, 0);
    }

    #[test]
    fn equals_rank_before_those_that_come_later_where_they_were_alerts() {
        let mut window = filled(16, &[[3, 3, 3]; 7]);
        assert_eq!(window.rate(Levels::of([3, 3, 3])).rank, 0);
        window.remember(Levels::of([3, 3, 3]), Moment(0), true);
        assert_eq!(window.rate(Levels::of([3, 3, 3])).rank, 1);
        assert_eq!(window.rate(Levels::of([2, 3, 3])).rank, 8);
    }

    #[test]
    fn a_share_counts_who_is_as_suspicious_in_one_feature() {
        let window = filled(16, &[[3, 3, 3]; 7]);
        assert_eq!(window.share(0, 3), 1.0);
        assert_eq!(window.share(0, 4), 1.0 / 8.0);
        assert_eq!(window.share(FEATURES_MAX, 4), 1.0);
        assert_eq!(Window::new(16, DAY).share(0, 9), 1.0);
    }

    #[test]
    fn a_window_forgets_what_is_too_old() {
        let mut window = window(100);
        for day in 0..100 {
            window.remember(Levels::of([day]), Moment(i64::from(day) * DAY), false);
            assert!(window.events().count() <= 32);
            let oldest = window.events().next().expect("one is remembered").at;
            assert!(oldest.0 >= (i64::from(day) - 31) * DAY, "{day}");
        }
        let again: Vec<_> = window.events().map(|event| [event.levels.level(0), 0, 0]).collect();
        assert_eq!(sorted(&window), sorted(&filled(100, &again)));
        assert_eq!(window.spread, filled(100, &again).spread);
    }

    #[test]
    fn a_late_message_counts_as_the_newest() {
        let mut window = window(16);
        window.remember(Levels::of([1]), Moment(5), false);
        window.remember(Levels::of([1]), Moment(3), false);
        assert_eq!(window.events().map(|event| event.at).collect::<Vec<_>>(), [Moment(5); 2]);
    }

    #[test]
    fn a_thinned_window_stands_for_as_many_and_keeps_alerts() {
        let mut window = window(64);
        for n in 0..10_000_u32 {
            window.remember(Levels::of([(n % 100) as u8]), Moment(i64::from(n)), n % 1_000 == 999);
            assert!(window.events().count() <= 64);
        }
        let remembered = window.rate(Levels::default()).remembered;
        assert!((9_000..=11_000).contains(&remembered), "{remembered}");
        assert_eq!(window.events().filter(|event| event.alert).map(|event| event.weight).collect::<Vec<_>>(), [1; 10]);
        let median = window.rate(Levels::of([50])).score as f64 / remembered as f64;
        assert!((0.3..0.7).contains(&median), "{median}");
        assert!(window.stride() > 64);
        // Half a year later all is forgotten, and messages are remembered more closely again.
        for n in 0..40 {
            window.remember(Levels::default(), Moment(180 * DAY + n * 2 * DAY), false);
        }
        assert!(window.stride() < 64, "{}", window.stride());
    }

    #[test]
    fn alerts_alone_do_not_burst_the_window() {
        let mut window = window(16);
        (0..1_000).for_each(|n| window.remember(Levels::of([1]), Moment(n), true));
        assert!(window.events().count() <= 16);
    }

    proptest! {
        #[test]
        fn a_score_is_the_number_of_dominated_messages(levels in some_levels(60), one in prop::array::uniform3(0..4_u8)) {
            let window = filled(64, &levels);
            let standing = window.rate(Levels::of(one));
            prop_assert_eq!(standing.score, naive(&levels, one));
            let order_of = |x: [u8; 3], among: u64| order(among, Levels::of(x));
            let mine = order_of(one, standing.score);
            let with = |x: &[u8; 3]| naive(&levels, *x) - 1 + naive(&[one], *x);
            let rank = levels.iter().filter(|x| order_of(**x, with(x)) > mine).count();
            prop_assert_eq!(standing.rank, rank as u64);
        }

        #[test]
        fn the_order_of_coming_does_not_matter(levels in some_levels(60).prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle()))) {
            let (one, other) = levels;
            prop_assert_eq!(sorted(&filled(64, &one)), sorted(&filled(64, &other)));
        }

        #[test]
        fn memory_is_bounded(
            levels in prop::collection::vec((0..=LEVEL_MAX, any::<bool>(), 0..DAY), 0..500), events_max in 16..40_usize,
        ) {
            let (mut window, mut now) = (window(events_max), 0);
            for (level, alert, wait) in levels {
                now += wait;
                window.remember(Levels::of([level]), Moment(now), alert);
                prop_assert!(window.events().count() <= events_max);
            }
            let mut restored = Window::new(events_max, 30 * DAY);
            restored.restore(&window.events().collect::<Vec<_>>(), window.stride());
            prop_assert_eq!(sorted(&restored), sorted(&window));
        }
    }
}

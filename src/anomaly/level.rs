//! How suspicious a message is in each feature, in steps that compare eight features at once.

use crate::signals::Risk;

/// Features that a sub-detector may compare: as many as [`Levels`] holds. The paper uses three or four; with more, few
/// messages can be compared at all.
pub(super) const FEATURES_MAX: usize = 8;

/// The most suspicious step.
pub(super) const LEVEL_MAX: u8 = 127;

/// The bit of each byte that no level uses.
const GUARDS: u64 = 0x8080_8080_8080_8080;

/// One level for each feature, 0 where it has none: a byte each, of which the highest bit stays free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Levels(pub u64);

impl Levels {
    /// The levels in the order of the features; those beyond [`FEATURES_MAX`] are left out.
    pub fn of(levels: impl IntoIterator<Item = u8>) -> Self {
        let mut bytes = [0; FEATURES_MAX];
        bytes.iter_mut().zip(levels).for_each(|(byte, level)| *byte = level.min(LEVEL_MAX));
        Self(u64::from_le_bytes(bytes))
    }

    /// The level of one feature.
    pub fn level(self, feature: usize) -> u8 {
        self.0.to_le_bytes().get(feature).copied().unwrap_or(0)
    }

    /// Whether this is at least as suspicious in every feature. A borrow out of any byte would take its guard.
    pub fn dominates(self, other: Self) -> bool {
        (self.0 | GUARDS).wrapping_sub(other.0) & GUARDS == GUARDS
    }

    /// All levels together: what decides between messages that dominate as many others.
    pub fn sum(self) -> u16 {
        self.0.to_le_bytes().iter().map(|byte| u16::from(*byte)).sum()
    }
}

/// The step of a value. Shares and yes-or-no facts take 32 steps up to 1; beyond, each doubling takes 16, since amounts
/// matter by their order of magnitude. Where the risk falls as the value rises, the steps count down. What is unknown
/// is no suspicion: 0.
pub(super) fn level(value: Option<f32>, risk: Risk) -> u8 {
    let Some(value) = value else { return 0 };
    // `max` also turns NaN into the bound, and the conversion saturates.
    let amount = value.max(0.0);
    let steps = if amount <= 1.0 { amount * 32.0 } else { 32.0 + 16.0 * amount.log2() };
    let step = (steps.round() as u8).min(LEVEL_MAX);
    if risk == Risk::Falls { LEVEL_MAX - step } else { step }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(value: Option<f32>, risk: Risk, expected: u8) {
        assert_eq!(level(value, risk), expected, "{value:?}");
    }

    #[test]
    fn levels_follow_the_direction() {
        check(Some(0.0), Risk::Rises, 0);
        check(Some(0.5), Risk::Rises, 16);
        check(Some(1.0), Risk::Rises, 32);
        check(Some(4.0), Risk::Rises, 64);
        check(Some(f32::INFINITY), Risk::Rises, 127);
        check(Some(0.0), Risk::Falls, 127);
        check(Some(1.0), Risk::Falls, 95);
        check(Some(1e9), Risk::Falls, 0);
    }

    #[test]
    fn ignorance_and_nonsense_raise_no_suspicion() {
        check(None, Risk::Rises, 0);
        check(None, Risk::Falls, 0);
        check(Some(f32::NAN), Risk::Rises, 0);
        check(Some(-3.0), Risk::Rises, 0);
    }

    #[test]
    fn levels_beyond_the_bounds_are_cut() {
        assert_eq!(Levels::of([1; FEATURES_MAX + 1]).sum(), FEATURES_MAX as u16);
        assert_eq!(Levels::of([255, 3]).level(0), LEVEL_MAX);
        assert_eq!(Levels::of([255, 3]).level(FEATURES_MAX), 0);
    }

    proptest! {
        #[test]
        fn domination_is_that_of_each_feature(
            a in prop::array::uniform8(0..=LEVEL_MAX), b in prop::array::uniform8(0..=LEVEL_MAX),
        ) {
            let naive = a.iter().zip(b).all(|(mine, other)| *mine >= other);
            prop_assert_eq!(Levels::of(a).dominates(Levels::of(b)), naive);
            prop_assert!(Levels::of(a).dominates(Levels::of(a)));
        }

        #[test]
        fn whoever_dominates_sums_up_to_no_less(
            a in prop::array::uniform8(0..=LEVEL_MAX), b in prop::array::uniform8(0..=LEVEL_MAX),
        ) {
            let both = Levels::of(a.iter().zip(b).map(|(mine, other)| (*mine).max(other)));
            prop_assert!(both.dominates(Levels::of(a)) && both.sum() >= Levels::of(a).sum());
        }
    }
}

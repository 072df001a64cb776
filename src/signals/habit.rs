//! What a message shows of habits, held against what is usual of a profile.

use std::f32::consts::LN_2;

use super::registry::{fact, log};
use crate::baseline::Profile;
use crate::evidence::Evidence;

/// Habits from which a share can be told.
const HABITS_MIN: usize = 4;
/// Messages from which a rhythm can be told.
const MESSAGES_MIN: u32 = 5;
/// Days that a rhythm takes to show: one of each day of the week.
const DAYS_MIN: f32 = 7.0;

/// 1 where the message shows of a trait what the profile never showed, 0 where it did; `None` where the message shows
/// nothing of it, or there is no habit.
pub(super) fn news(profile: Option<&Profile>, name: &str) -> Option<f32> {
    fact(profile?.usual(name)?.is_new()?)
}

/// The share of the profile's messages with this trait that showed something else.
pub(super) fn rarity(profile: Option<&Profile>, name: &str) -> Option<f32> {
    Some(1.0 - profile?.usual(name)?.share()?)
}

/// As [`news`], for the author towards the recipients: 0 where one of them is used to it.
pub(super) fn news_for_pairs(evidence: &Evidence<'_>, name: &str) -> Option<f32> {
    let pairs = evidence.baseline.recipients.iter().filter_map(|recipient| recipient.pair.as_ref());
    pairs.filter_map(|pair| news(Some(pair), name)).reduce(f32::min)
}

/// The share of habits from which the message departs; `None` where too few are known.
pub(super) fn new_share(profile: Option<&Profile>) -> Option<f32> {
    let told = profile?.habits.iter().filter_map(|(_, usual)| usual.is_new());
    let (all, new) = told.fold((0_usize, 0_usize), |(all, new), is_new| (all + 1, new + usize::from(is_new)));
    (all >= HABITS_MIN).then(|| new as f32 / all as f32)
}

/// What came within the last day, as a multiple of what comes on a day, as ln(1 + n); `None` without a rhythm.
pub(super) fn busier(evidence: &Evidence<'_>, profile: Option<&Profile>) -> Option<f32> {
    let profile = profile?;
    let days = evidence.days_since(profile.first_seen);
    if profile.seen < MESSAGES_MIN || days < DAYS_MIN {
        return None;
    }
    // A pace halves within a day: at one message a day it stands at 1 / ln 2.
    log(profile.pace * LN_2 * days / profile.seen as f32)
}

/// The days since its last message, as a multiple of the usual gap, as ln(1 + n); `None` without a rhythm.
pub(super) fn silence(evidence: &Evidence<'_>, profile: Option<&Profile>) -> Option<f32> {
    let profile = profile?;
    let days = profile.last_seen.days_since(profile.first_seen) as f32;
    if profile.seen < MESSAGES_MIN || days < DAYS_MIN {
        return None;
    }
    let gap = days / (profile.seen - 1) as f32;
    log(evidence.days_since(profile.last_seen) / gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baseline::Usual;
    use crate::evidence::fixture::{DAY, NOW, mail, profile};
    use crate::mail::Moment;

    #[test]
    fn a_habit_takes_a_few_messages() {
        let shown = |weight, all| Profile { habits: vec![(6, Usual { weight, all, values: 1 })], ..profile() };
        assert_eq!(news(Some(&shown(0.0, 15.0)), "mailer"), Some(1.0));
        assert_eq!(news(Some(&shown(5.0, 15.0)), "mailer"), Some(0.0));
        assert_eq!(news(Some(&shown(0.0, 2.0)), "mailer"), None);
        assert_eq!(news(Some(&shown(0.0, 15.0)), "language"), None);
        assert_eq!(news(None, "mailer"), None);
        assert_eq!(rarity(Some(&shown(3.0, 15.0)), "mailer"), Some(0.8));
    }

    #[test]
    fn departures_are_a_share_of_what_is_known() {
        let habits = |new: u8, all: u8| {
            let weight = |n| if n < new { 0.0 } else { 9.0 };
            let habits = (0..all).map(|n| (n, Usual { weight: weight(n), all: 9.0, values: 1 })).collect();
            new_share(Some(&Profile { habits, ..profile() }))
        };
        assert_eq!(habits(1, 4), Some(0.25));
        assert_eq!(habits(1, 3), None);
    }

    #[test]
    fn one_message_a_day_is_no_haste() {
        let message = mail();
        let evidence = message.evidence();
        let daily = |pace: f32, seen, days| {
            let first_seen = Moment(NOW.0 - days * DAY);
            busier(&evidence, Some(&Profile { pace, seen, first_seen, ..profile() })).map(|value| value.exp() - 1.0)
        };
        assert!((daily(1.0 / LN_2, 100, 100).expect("a rhythm") - 1.0).abs() < 0.01);
        assert!((daily(10.0 / LN_2, 100, 100).expect("a rhythm") - 10.0).abs() < 0.01);
        assert_eq!(daily(9.0, 4, 100), None);
        assert_eq!(daily(9.0, 100, 6), None);
    }

    #[test]
    fn silence_is_told_in_gaps() {
        let message = mail();
        let evidence = message.evidence();
        let silent = |first: i64, last: i64, seen| {
            let (first_seen, last_seen) = (Moment(NOW.0 - first * DAY), Moment(NOW.0 - last * DAY));
            silence(&evidence, Some(&Profile { first_seen, last_seen, seen, ..profile() }))
                .map(|value| value.exp() - 1.0)
        };
        assert!((silent(100, 20, 9).expect("a rhythm") - 2.0).abs() < 0.01);
        assert_eq!(silent(100, 20, 4), None);
        assert_eq!(silent(22, 20, 9), None);
    }
}

//! What is the matter with a detector, in words with figures.

use super::counts::Span;
use super::episode::{Episode, Tally};
use super::sources::Heaviest;
use crate::mail::Moment;

/// The share of one sender from which on it is named.
const SHARE_NAMED: f64 = 0.3;

/// An unusual rate.
pub(super) fn episode(episode: &Episode, heaviest: Option<&Heaviest>, tally: Tally, now: Moment) -> String {
    let span = match episode.span {
        Span::Hour => "hour",
        Span::Day => "day",
    };
    let (count, usual, since) = (episode.count, few(episode.expected), time(episode.since, now));
    if episode.is_silence {
        return format!("silent since {since}: {count} in the last {span}, usually {usual}");
    }
    let times = few(f64::from(count) / episode.expected.max(f64::MIN_POSITIVE));
    let mut words = format!(
        "{times} times its usual rate since {since}: {count} in a{} {span}, usually {usual}",
        if span == "hour" { "n" } else { "" }
    );
    if let Some(heaviest) = heaviest.filter(|heaviest| heaviest.share >= SHARE_NAMED) {
        words += &format!("; {:.0} % of its matches on mail from {}", 100.0 * heaviest.share, heaviest.name);
    }
    words + &labels(tally)
}

/// What people said since an episode began.
fn labels(tally: Tally) -> String {
    let (safe, attack) = (tally.safe_since, tally.attack_since);
    match (safe, attack) {
        (0, 0) => String::new(),
        (1, 0) => "; the one that is labelled is safe".to_owned(),
        (0, 1) => "; the one that is labelled is an attack".to_owned(),
        (safe, 0) => format!("; all {safe} labelled ones safe"),
        (0, attack) => format!("; all {attack} labelled ones attacks"),
        (safe, attack) => format!("; {safe} of {} labelled ones safe", safe + attack),
    }
}

/// A number with as many digits as mean something.
pub(super) fn few(number: f64) -> String {
    match number {
        number if number >= 9.95 => format!("{number:.0}"),
        number if number >= 0.095 => format!("{number:.1}"),
        number => format!("{number:.3}"),
    }
}

/// The time of the day, with its day where that is not today.
pub(super) fn time(at: Moment, now: Moment) -> String {
    let (text, today) = (at.rfc3339(), now.rfc3339());
    let (day, hour) = text.split_once('T').unwrap_or((&text, ""));
    let minute = hour.get(..5).unwrap_or(hour);
    if today.starts_with(day) { minute.to_owned() } else { format!("{day} {minute}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_795_600_000_000);

    fn of(count: u32, expected: f64, span: Span, is_silence: bool) -> Episode {
        Episode { since: Moment(NOW.0 - 1_800_000), span, is_silence, count, expected, is_spared: false }
    }

    #[test]
    fn a_rate_is_told_with_its_cause_and_its_labels() {
        let heaviest = Heaviest { name: "example.com".to_owned(), share: 0.923 };
        let tally = Tally { safe_since: 11, ..Tally::default() };
        let said = episode(&of(42, 3.0, Span::Hour, false), Some(&heaviest), tally, NOW);
        assert_eq!(
            said,
            "14 times its usual rate since 09:16: 42 in an hour, usually 3.0; 92 % of its matches on mail from \
             example.com; all 11 labelled ones safe"
        );
        let mixed = Tally { safe_since: 3, attack_since: 2, ..Tally::default() };
        let few = Heaviest { share: 0.29, ..heaviest };
        let said = episode(&of(12, 0.01, Span::Day, false), Some(&few), mixed, NOW);
        assert_eq!(
            said,
            "1200 times its usual rate since 09:16: 12 in a day, usually 0.010; 3 of 5 labelled ones safe"
        );
        let said = episode(&of(1, 40.0, Span::Hour, true), None, Tally::default(), Moment(NOW.0 + 86_400_000));
        assert_eq!(said, "silent since 2026-11-25 09:16: 1 in the last hour, usually 40");
    }
}

//! From which score on a message is tagged, held or refused.

use serde::{Deserialize, Serialize};

use super::Verdict;

/// The score from which each verdict holds, in log-odds of an attack: 0 is one in two, 2.2 nine in ten (0.90),
/// 3.0 0.95, 4.6 0.99, 6.9 0.999. `inf` means never.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Deliver with a mark.
    pub tag: f32,
    /// Keep back for a person to look at.
    pub hold: f32,
    /// Refuse for now.
    pub tempfail: f32,
    /// Refuse.
    pub reject: f32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            // Probability 0.90: a mark costs the reader nothing, but one in ten may be wrong and no more.
            tag: 2.2,
            // 0.99: held mail waits for a person, and a wrong hold costs more trust than a missed spam.
            hold: 4.6,
            // Waiting does not change a score; only a gap that defers does (`defer_on`).
            tempfail: f32::INFINITY,
            // A refused message cannot be released; that is for the administrator to want.
            reject: f32::INFINITY,
        }
    }
}

impl Thresholds {
    /// Each verdict that has a threshold, strictest first.
    fn strictest_first(&self) -> [(Verdict, f32); 4] {
        [
            (Verdict::Reject, self.reject),
            (Verdict::Tempfail, self.tempfail),
            (Verdict::Hold, self.hold),
            (Verdict::Tag, self.tag),
        ]
    }

    /// The strictest verdict whose threshold the score reaches, with that threshold; below all of them `accept` with
    /// the lowest one (infinite where all verdicts are off).
    pub fn reached(&self, points: f32) -> (Verdict, f32) {
        let all = self.strictest_first();
        let lowest = all.iter().fold(f32::INFINITY, |low, (_, threshold)| low.min(*threshold));
        all.into_iter().find(|(_, threshold)| points >= *threshold).unwrap_or((Verdict::Accept, lowest))
    }

    /// What is wrong with them; `place` is where they stand in the settings.
    pub(super) fn faults(&self, place: &str) -> Vec<String> {
        let mut faults = Vec::new();
        let mut milder: Option<(Verdict, f32)> = None;
        for (verdict, threshold) in self.strictest_first().into_iter().rev() {
            let name = verdict.name();
            if threshold.is_nan() || threshold == f32::NEG_INFINITY {
                faults.push(format!("{place}.{name} = {threshold} is no threshold; write points, or inf for never"));
            } else if threshold.is_finite() {
                if let Some((mild, low)) = milder.filter(|(_, low)| *low > threshold) {
                    let mild = mild.name();
                    faults.push(format!(
                        "{place}.{name} = {threshold} lies below {place}.{mild} = {low}; a stricter verdict needs at \
                         least the same threshold (inf turns one off)"
                    ));
                }
                milder = Some((verdict, threshold));
            }
        }
        faults
    }
}

/// Thresholds of one category, where they differ from the general ones. A key that is left out is as in the general.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryThresholds {
    /// Instead of the general `tag`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<f32>,
    /// Instead of the general `hold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<f32>,
    /// Instead of the general `tempfail`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tempfail: Option<f32>,
    /// Instead of the general `reject`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reject: Option<f32>,
}

impl CategoryThresholds {
    /// The general thresholds with these in their place.
    pub fn over(&self, general: &Thresholds) -> Thresholds {
        Thresholds {
            tag: self.tag.unwrap_or(general.tag),
            hold: self.hold.unwrap_or(general.hold),
            tempfail: self.tempfail.unwrap_or(general.tempfail),
            reject: self.reject.unwrap_or(general.reject),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Thresholds = Thresholds { tag: 1.0, hold: 2.0, tempfail: 3.0, reject: 4.0 };

    fn check(points: f32, expected: (Verdict, f32)) {
        assert_eq!(ALL.reached(points), expected, "{points}");
    }

    #[test]
    fn a_verdict_holds_from_its_threshold_on() {
        check(0.999, (Verdict::Accept, 1.0));
        check(1.0, (Verdict::Tag, 1.0));
        check(1.999, (Verdict::Tag, 1.0));
        check(2.0, (Verdict::Hold, 2.0));
        check(3.0, (Verdict::Tempfail, 3.0));
        check(3.999, (Verdict::Tempfail, 3.0));
        check(4.0, (Verdict::Reject, 4.0));
        check(8_000.0, (Verdict::Reject, 4.0));
        check(-8_000.0, (Verdict::Accept, 1.0));
    }

    #[test]
    fn shipped_thresholds_tag_and_hold_only() {
        let shipped = Thresholds::default();
        assert_eq!(shipped.reached(2.199), (Verdict::Accept, 2.2));
        assert_eq!(shipped.reached(2.2), (Verdict::Tag, 2.2));
        assert_eq!(shipped.reached(4.599), (Verdict::Tag, 2.2));
        assert_eq!(shipped.reached(4.6), (Verdict::Hold, 4.6));
        assert_eq!(shipped.reached(f32::MAX), (Verdict::Hold, 4.6));
        assert!(shipped.faults("policy.thresholds").is_empty());
    }

    #[test]
    fn an_infinite_threshold_is_never_reached() {
        let off = Thresholds { tag: f32::INFINITY, hold: f32::INFINITY, ..Thresholds::default() };
        assert_eq!(off.reached(f32::MAX), (Verdict::Accept, f32::INFINITY));
    }

    fn faults(thresholds: Thresholds, expected: &[&str]) {
        let found = thresholds.faults("p");
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (fault, part) in found.iter().zip(expected) {
            assert!(fault.contains(part), "{fault} lacks {part}");
        }
    }

    #[test]
    fn thresholds_ascend() {
        faults(ALL, &[]);
        faults(Thresholds { tag: 2.0, ..ALL }, &[]);
        faults(Thresholds { tag: 2.1, ..ALL }, &["p.hold = 2 lies below p.tag = 2.1"]);
        faults(Thresholds { hold: f32::INFINITY, tempfail: f32::INFINITY, reject: 0.5, ..ALL }, &["p.reject = 0.5"]);
        faults(Thresholds { hold: f32::NAN, reject: f32::NEG_INFINITY, ..ALL }, &["p.hold = NaN", "p.reject = -inf"]);
    }

    #[test]
    fn a_category_overrides_what_it_names() {
        let malware = CategoryThresholds { hold: Some(1.5), ..CategoryThresholds::default() };
        assert_eq!(malware.over(&ALL), Thresholds { hold: 1.5, ..ALL });
    }
}

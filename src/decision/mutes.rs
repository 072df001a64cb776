//! Detectors that are muted: what they say is written down, and adds nothing.

use std::collections::BTreeSet;

use super::matched::RULE_PREFIX;
use crate::anomaly;
use crate::model::Score;
use crate::rules::{Consequence, Matches};

/// What the model is called among the detectors.
pub const MODEL: &str = "model";
/// How a sub-detector of the search for rare messages is named among them: its own name follows.
pub const RARITY_PREFIX: &str = "rarity.";

/// The names of detectors that are muted: signals, `rule.` and the name of a rule's file, `rarity.` and a sub-detector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutes(BTreeSet<String>);

/// What muted detectors would have added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Withheld {
    /// Every signal and sub-detector that was muted, with the log-odds that it would have added: 0 where it said nothing,
    /// and for a sub-detector.
    pub points: Vec<(String, f32)>,
    /// The sub-detector whose alert was withheld.
    pub alert: Option<&'static str>,
}

impl Mutes {
    /// Mutes of these names.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// Takes what muted detectors add out of what was found: points out of the score, which stays the sum of its parts
    /// bit for bit; a rule's consequence, which is then to list; an alert.
    pub fn withhold(
        &self,
        score: Option<&mut Score>,
        rarity: Option<&mut anomaly::Finding>,
        matches: Option<&mut Matches>,
    ) -> Withheld {
        let mut withheld = Withheld::default();
        if self.0.is_empty() {
            return withheld;
        }
        let mut parts = score;
        for name in self.0.iter().filter(|name| !name.starts_with(RULE_PREFIX)) {
            let points = parts.as_deref_mut().map_or(0.0, |score| withhold_points(score, name));
            withheld.points.push((name.clone(), points));
        }
        let is_muted = |prefix: &str, name: &str| {
            self.0.iter().any(|muted| muted.strip_prefix(prefix).is_some_and(|muted| muted == name))
        };
        if let Some(finding) = rarity.filter(|finding| finding.alert && is_muted(RARITY_PREFIX, finding.detector)) {
            finding.alert = false;
            withheld.alert = Some(finding.detector);
        }
        for found in matches.into_iter().flat_map(|matches| &mut matches.matched) {
            if found.does > Consequence::List && is_muted(RULE_PREFIX, &found.rule.key) {
                (found.does, found.is_muted) = (Consequence::List, true);
            }
        }
        withheld
    }
}

/// Takes the points of an input out of a score; says how many.
fn withhold_points(score: &mut Score, name: &str) -> f32 {
    let mut points = 0.0;
    for part in score.contributions.iter_mut().filter(|part| part.input == name) {
        points += std::mem::take(&mut part.points);
    }
    score.points -= points;
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::matched::tests::found;
    use crate::model::Contribution;

    fn score() -> Score {
        let part = |(name, points): (&str, f32)| Contribution { input: name.to_owned(), value: Some(1.0), points };
        let parts = [("a", 2.0), ("b", -0.5), ("c", 1.0 / 1_024.0)];
        Score {
            base: -4.0,
            points: -4.0 + 1.5 + 1.0 / 1_024.0,
            contributions: parts.map(part).into(),
            digest: String::new(),
        }
    }

    #[test]
    fn what_is_muted_adds_nothing_and_the_sum_holds() {
        let (mut score, mut matches) = (score(), Matches::default());
        matches.matched = vec![found("own", Consequence::Hold), found("other", Consequence::Tag)];
        let mutes = Mutes::of(["a", "c", "d", "rule.own", "rarity.prober"].map(str::to_owned));
        let withheld = mutes.withhold(Some(&mut score), None, Some(&mut matches));
        let expected = [("a", 2.0), ("c", 1.0 / 1_024.0), ("d", 0.0), ("rarity.prober", 0.0)];
        assert_eq!(withheld.points, expected.map(|(name, points)| (name.to_owned(), points)));
        assert_eq!(score.points.to_bits(), (-4.5f32).to_bits());
        assert_eq!(score.base + score.contributions.iter().map(|part| part.points).sum::<f32>(), score.points);
        let does: Vec<_> = matches.matched.iter().map(|found| (found.does, found.is_muted)).collect();
        assert_eq!(does, [(Consequence::List, true), (Consequence::Tag, false)]);
    }

    #[test]
    fn without_mutes_nothing_is_withheld() {
        let mut whole = score();
        assert_eq!(Mutes::default().withhold(Some(&mut whole), None, None), Withheld::default());
        assert_eq!(whole, score());
    }
}

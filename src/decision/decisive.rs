//! Which detectors a verdict hangs on: those without whose word it would be another.

use crate::mail::{Category, Gap, Missing};
use crate::rules::Consequence;
use crate::signals::Signal;

use super::matched::{RULE_PREFIX, verdict};
use super::mutes::{MODEL, RARITY_PREFIX};
use super::ruled::{Ruled, by_policy};
use super::{Findings, Policy, Verdict};

/// What contributions for an attack sum to, by category.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums([f32; Category::ALL.len()]);

impl Sums {
    /// Counts what an input contributed, as far as it speaks for a category.
    pub(super) fn add(&mut self, signal: Option<&Signal>, points: f32) {
        if let Some(category) = signal.and_then(|signal| signal.category) {
            self.0[category as usize] += points.max(0.0);
        }
    }

    /// The category with the greatest sum, the first on a tie; spam where none speaks.
    pub(super) fn strongest(&self) -> Category {
        let mut strongest = (Category::Spam, 0.0);
        for (category, sum) in Category::ALL.into_iter().zip(self.0) {
            if sum > strongest.1 {
                strongest = (category, sum);
            }
        }
        strongest.0
    }
}

/// The verdicts that score, rarity and rules each want.
#[derive(Clone, Copy)]
struct Wanted {
    score: Verdict,
    rarity: Verdict,
    rules: Verdict,
}

impl Wanted {
    fn all(self) -> Verdict {
        self.score.max(self.rarity).max(self.rules)
    }
}

/// The detectors that spoke against a message and without whose word the verdict would be another: signals, `rule.` and
/// a rule's name, `rarity.` and a sub-detector's, `model`. Contributions add up, so each is a subtraction; for most
/// messages there are none.
pub fn decisive(findings: &Findings<'_>, policy: &Policy) -> Vec<String> {
    let (by_score, without) = by_score(findings, policy);
    let alert = findings.rarity.filter(|rarity| rarity.alert);
    let rarity = if alert.is_some() { policy.when_rare } else { Verdict::Accept };
    let acting = || {
        let matched = findings.matches.into_iter().flat_map(|matches| &matches.matched);
        matched.filter(|found| found.does > Consequence::List)
    };
    let rules = acting().map(|found| verdict(found.does)).max().unwrap_or_default();
    let wanted = Wanted { score: by_score, rarity, rules };
    if wanted.all() == Verdict::Accept {
        return Vec::new();
    }
    let ruled = ruled(findings, policy, findings.score.is_some_and(|score| score.points.is_finite()));
    let now = decided(&ruled, wanted);
    let mut names = Vec::new();
    let mut weigh = |other: Verdict, name: &dyn Fn() -> String| {
        if other != now {
            names.push(name());
        }
    };
    for (name, score) in without {
        weigh(decided(&ruled, Wanted { score, ..wanted }), &|| name.to_owned());
    }
    if let Some(alert) = alert {
        let other = Wanted { rarity: Verdict::Accept, ..wanted };
        weigh(decided(&ruled, other), &|| format!("{RARITY_PREFIX}{}", alert.detector));
    }
    for one in acting() {
        let others = acting().filter(|other| !std::ptr::eq(*other, one));
        let rules = others.map(|found| verdict(found.does)).max().unwrap_or_default();
        weigh(decided(&ruled, Wanted { rules, ..wanted }), &|| format!("{RULE_PREFIX}{}", one.rule.key));
    }
    if by_score > Verdict::Accept {
        let unscored = self::ruled(findings, policy, false);
        weigh(decided(&unscored, Wanted { score: Verdict::Accept, ..wanted }), &|| MODEL.to_owned());
    }
    names
}

/// The verdict by score; and for each input that raised it to another one what that would be without it.
fn by_score<'a>(findings: &Findings<'a>, policy: &Policy) -> (Verdict, Vec<(&'a str, Verdict)>) {
    let Some(score) = findings.score.filter(|score| score.points.is_finite()) else {
        return (policy.thresholds_of(Category::Spam).reached(f32::NEG_INFINITY).0, Vec::new());
    };
    let reached = |sums: &Sums, points: f32| policy.thresholds_of(sums.strongest()).reached(points).0;
    let mut sums = Sums::default();
    for part in score.contributions.iter().filter(|part| part.points > 0.0) {
        sums.add((findings.signal)(&part.input), part.points);
    }
    let verdict = reached(&sums, score.points);
    if verdict == Verdict::Accept {
        return (verdict, Vec::new());
    }
    let mut without = Vec::new();
    for part in score.contributions.iter().filter(|part| part.points > 0.0) {
        let mut left = sums;
        if let Some(category) = (findings.signal)(&part.input).and_then(|signal| signal.category) {
            left.0[category as usize] -= part.points;
        }
        let other = reached(&left, score.points - part.points);
        if other != verdict {
            without.push((part.input.as_str(), other));
        }
    }
    (verdict, without)
}

/// The verdict that the policy makes of what is wanted.
fn decided(ruled: &Ruled, wanted: Wanted) -> Verdict {
    match ruled.verdict {
        Some(verdict) if ruled.is_for_lack_of_score => verdict.max(wanted.rules),
        Some(verdict) => verdict,
        None => wanted.all(),
    }
}

fn ruled(findings: &Findings<'_>, policy: &Policy, is_scored: bool) -> Ruled {
    let lack = [Gap::new(Missing::Score, "the model gave no number")];
    let gaps = if is_scored { findings.gaps.to_vec() } else { [findings.gaps, &lack].concat() };
    by_policy(findings, policy, &gaps, is_scored)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::auth::AuthResults;
    use crate::decision::decide;
    use crate::decision::matched::tests::found;
    use crate::model::{Contribution, Score};
    use crate::rules::Matches;
    use crate::signals::{find, registry};

    fn scored(parts: &[(usize, i32)]) -> Score {
        let mut score = Score { points: -2.0, base: -2.0, contributions: Vec::new(), digest: String::new() };
        for (signal, points) in parts {
            let points = *points as f32 / 64.0;
            score.points += points;
            let input = registry()[*signal].name.to_owned();
            score.contributions.push(Contribution { input, value: Some(1.0), points });
        }
        score
    }

    fn without(score: &Score, name: &str) -> Score {
        let mut score = score.clone();
        super::super::Mutes::of([name.to_owned()]).withhold(Some(&mut score), None, None);
        score
    }

    proptest! {
        /// Against deciding anew without each.
        #[test]
        fn a_detector_is_decisive_where_the_verdict_without_it_is_another(
            parts in prop::collection::btree_map(0usize..registry().len(), -200i32..400, 0..8),
            does in prop::collection::vec(0usize..3, 0..3),
            defers in any::<bool>(), category in any::<bool>(),
        ) {
            let parts: Vec<(usize, i32)> = parts.into_iter().collect();
            let score = scored(&parts);
            let consequences = [Consequence::List, Consequence::Tag, Consequence::Hold];
            let matched = does.iter().enumerate().map(|(n, does)| found(&format!("r{n}"), consequences[*does]));
            let matches = Matches { matched: matched.collect(), ..Matches::default() };
            let mut policy = Policy::default();
            if defers {
                policy.defer_on = vec![Missing::Score];
            }
            if category {
                policy.thresholds.hold = 2.5;
                policy.category = toml::from_str("[malware]\nhold = 3.5\ntag = 3.0").expect("sound");
            }
            let auth = AuthResults::default();
            let findings =
                Findings { score: Some(&score), matches: Some(&matches), signal: &find, ..Findings::nothing(&auth) };
            let verdict = decide(&findings, &policy).verdict;
            let mut expected = Vec::new();
            for part in score.contributions.iter().filter(|part| part.points > 0.0) {
                let other = without(&score, &part.input);
                if decide(&Findings { score: Some(&other), ..findings }, &policy).verdict != verdict {
                    expected.push(part.input.clone());
                }
            }
            for one in matches.matched.iter().filter(|found| found.does > Consequence::List) {
                let left = matches.matched.iter().filter(|other| other.rule.key != one.rule.key).cloned().collect();
                let left = Matches { matched: left, ..Matches::default() };
                if decide(&Findings { matches: Some(&left), ..findings }, &policy).verdict != verdict {
                    expected.push(format!("rule.{}", one.rule.key));
                }
            }
            let by_score = policy.thresholds_of(sums(&score).strongest()).reached(score.points).0;
            if by_score > Verdict::Accept
                && decide(&Findings { score: None, ..findings }, &policy).verdict != verdict
            {
                expected.push(MODEL.to_owned());
            }
            prop_assert_eq!(decisive(&findings, &policy), expected);
        }
    }

    fn sums(score: &Score) -> Sums {
        let mut sums = Sums::default();
        score.contributions.iter().for_each(|part| sums.add(find(&part.input), part.points));
        sums
    }
}

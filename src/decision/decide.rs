//! From findings to a verdict: a pure function, so that a decision can be replayed.

use crate::anomaly;
use crate::mail::{Category, Gap, Missing};
use crate::model::{Contribution, Score};
use crate::signals::Signal;

use super::decisive::Sums;
use super::matched::matched;
use super::ruled::{by_policy, entry};
use super::{Decision, Fallback, Findings, Policy, Reason, Verdict};

/// Decides. The reasons are the policy entry that decided, if one did, and the rules that want something done, then every
/// contribution other than 0, strongest first, then the rules that are only listed; `base` and all contributions sum to `score` as they do in the model's [`Score`].
pub fn decide(findings: &Findings<'_>, policy: &Policy) -> Decision {
    let score = findings.score.filter(|score| score.points.is_finite());
    let mut gaps = findings.gaps.to_vec();
    if score.is_none() && !gaps.iter().any(|gap| gap.missing == Missing::Score) {
        gaps.push(Gap::new(Missing::Score, "the model gave no number"));
    }
    let scored = score.map(|score| score_reasons(score, findings.signal));
    let spoken_for = scored.as_ref().map_or(Category::Spam, |scored| scored.category);
    let thresholds = policy.thresholds_of(spoken_for);
    let (by_score, threshold) = thresholds.reached(score.map_or(f32::NEG_INFINITY, |score| score.points));
    let ruled = by_policy(findings, policy, &gaps, score.is_some());
    let alert = findings.rarity.filter(|rarity| rarity.alert);
    let rules = matched(findings.matches);
    let by_findings = if alert.is_some() { by_score.max(policy.when_rare) } else { by_score }.max(rules.verdict);
    let verdict = match ruled.verdict {
        // What a rule wants does not hang on the score.
        Some(verdict) if ruled.is_for_lack_of_score => verdict.max(rules.verdict),
        Some(verdict) => verdict,
        None => by_findings,
    };
    let mut reasons: Vec<Reason> = ruled.reason.into_iter().collect();
    reasons.extend(rules.acting);
    reasons.extend(alert.map(rare));
    reasons.extend(scored.into_iter().flat_map(|scored| scored.reasons));
    reasons.extend(rules.listed);
    Decision {
        verdict,
        action: policy.action(verdict),
        category: (by_findings != Verdict::Accept).then_some(spoken_for),
        score: score.map(|score| score.points),
        base: score.map_or(0.0, |score| score.base),
        threshold,
        reasons,
        gaps,
    }
}

/// How Kith itself failed a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The answer was not ready in time.
    Overdue,
    /// There was no room to look at the message.
    Overloaded,
    /// Looking at it failed in a way that nobody foresaw.
    Panicked,
    /// It lies beyond a limit.
    OverLimit,
}

impl Failure {
    /// The settings key that says what is done then, with its value, and the failure in words.
    fn priced(self, policy: &Policy) -> (&'static str, Fallback, &'static str) {
        match self {
            Self::Overdue => ("when_overdue", policy.when_overdue, "the answer was not ready in time"),
            Self::Overloaded => ("when_overloaded", policy.when_overloaded, "there was no room to look at it"),
            Self::Panicked => ("when_panicked", policy.when_panicked, "looking at it failed"),
            Self::OverLimit => ("when_over_limit", policy.when_over_limit, "it lies beyond a limit"),
        }
    }
}

/// The decision on a message that Kith failed; `why` says more, for the log.
pub fn decide_failed(failure: Failure, why: &str, policy: &Policy) -> Decision {
    let (key, fallback, because) = failure.priced(policy);
    let verdict = fallback.verdict();
    Decision {
        verdict,
        action: policy.action(verdict),
        category: None,
        score: None,
        base: 0.0,
        threshold: policy.thresholds.reached(f32::NEG_INFINITY).1,
        reasons: vec![entry(key, because.to_owned())],
        gaps: vec![Gap::new(Missing::Score, why)],
    }
}

/// An alert as a reason: the sub-detector, what it looks for, and what makes this message rare.
fn rare(finding: &anomaly::Finding) -> Reason {
    let facts: Vec<&str> = finding.facts.iter().map(|fact| fact.feature).collect();
    let more = if facts.is_empty() { String::new() } else { format!(": {}", facts.join(", ")) };
    entry(finding.detector, format!("{}{more}; among the rarest {:.1} a day", finding.because, finding.alerts_per_day))
}

/// The parts of a score, in words.
struct Scored {
    reasons: Vec<Reason>,
    category: Category,
}

/// Puts the contributions in words, strongest first, and finds the category that they speak for: the one with the
/// greatest sum of positive contributions (the first in the order of [`Category::ALL`] on a tie), spam where none speaks.
fn score_reasons(score: &Score, signal: &dyn Fn(&str) -> Option<&'static Signal>) -> Scored {
    let mut parts: Vec<&Contribution> = score.contributions.iter().filter(|part| part.points != 0.0).collect();
    parts.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()).then_with(|| a.input.cmp(&b.input)));
    let mut sums = Sums::default();
    let reasons = parts.into_iter().map(|part| {
        let known = signal(&part.input);
        sums.add(known, part.points);
        let because = known.map_or_else(|| part.input.clone(), |signal| signal.words(part.value).into_owned());
        Reason { name: part.input.clone(), because, contribution: part.points }
    });
    let reasons = reasons.collect();
    Scored { reasons, category: sums.strongest() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::auth::AuthResults;
    use crate::decision::matched::tests::found;
    use crate::decision::{DecisionId, Mode};
    use crate::mail::Moment;
    use crate::rules::{Consequence, Matches};
    use crate::signals::{Level, Risk};

    const fn fact(name: &'static str, category: Option<Category>) -> Signal {
        let (level, risk) = (Level::Message, Risk::Rises);
        Signal {
            name,
            level,
            because: "it is so",
            meaning: "for a test",
            risk,
            category,
            prior: 0.0,
            against: &[],
            phrases: &[],
            measure: |_| None,
        }
    }

    static FACTS: [Signal; 4] = [
        fact("asks_password", Some(Category::CredentialPhishing)),
        fact("link_differs", Some(Category::CredentialPhishing)),
        fact("runs_code", Some(Category::Malware)),
        fact("is_new", None),
    ];

    fn signal(name: &str) -> Option<&'static Signal> {
        FACTS.iter().find(|fact| fact.name == name)
    }

    fn score(base: f32, parts: &[(&str, f32)]) -> Score {
        let part =
            |(input, points): &(&str, f32)| Contribution { input: (*input).into(), value: Some(1.0), points: *points };
        Score {
            points: base + parts.iter().map(|(_, points)| points).sum::<f32>(),
            base,
            contributions: parts.iter().map(part).collect(),
            digest: String::new(),
        }
    }

    fn act() -> Policy {
        Policy { mode: Mode::Act, ..Policy::default() }
    }

    fn decided(score: Option<&Score>, gaps: &[Gap], policy: &Policy) -> Decision {
        let auth = AuthResults::default();
        decide(&Findings { score, signal: &signal, gaps, ..Findings::nothing(&auth) }, policy)
    }

    fn check(parts: &[(&str, f32)], expected: (Verdict, Option<Category>, f32)) {
        let decision = decided(Some(&score(-1.0, parts)), &[], &act());
        assert_eq!((decision.verdict, decision.category, decision.threshold), expected, "{parts:?}");
    }

    #[test]
    fn the_score_decides() {
        check(&[("asks_password", 3.0)], (Verdict::Accept, None, 2.2));
        check(&[("asks_password", 3.25)], (Verdict::Tag, Some(Category::CredentialPhishing), 2.2));
        check(&[("asks_password", 5.625)], (Verdict::Hold, Some(Category::CredentialPhishing), 4.6));
        check(&[("asks_password", 90.0)], (Verdict::Hold, Some(Category::CredentialPhishing), 4.6));
    }

    #[test]
    fn the_category_is_what_the_reasons_speak_for() {
        let (phishing, malware) = (Some(Category::CredentialPhishing), Some(Category::Malware));
        check(&[("asks_password", 2.0), ("link_differs", 2.0), ("runs_code", 3.0)], (Verdict::Hold, phishing, 4.6));
        check(&[("asks_password", 2.0), ("link_differs", -2.0), ("runs_code", 3.0)], (Verdict::Accept, None, 2.2));
        check(&[("asks_password", 2.0), ("link_differs", -1.0), ("runs_code", 3.0)], (Verdict::Tag, malware, 2.2));
        check(&[("is_new", 9.0)], (Verdict::Hold, Some(Category::Spam), 4.6));
        check(&[("unheard_of", 9.0), ("runs_code", 0.5)], (Verdict::Hold, malware, 4.6));
    }

    #[test]
    fn a_category_may_have_thresholds_of_its_own() {
        let mut policy = act();
        policy.category = toml::from_str("[malware]\nhold = 1.0\ntag = 1.0").expect("readable");
        let seen = decided(Some(&score(0.0, &[("runs_code", 1.0)])), &[], &policy);
        assert_eq!((seen.verdict, seen.threshold), (Verdict::Hold, 1.0));
        assert_eq!(decided(Some(&score(0.0, &[("asks_password", 1.0)])), &[], &policy).verdict, Verdict::Accept);
    }

    #[test]
    fn monitoring_decides_but_does_not_act() {
        let decision = decided(Some(&score(9.0, &[])), &[], &Policy::default());
        assert_eq!((decision.verdict, decision.action), (Verdict::Hold, Verdict::Accept));
        assert_eq!(decided(Some(&score(9.0, &[])), &[], &act()).action, Verdict::Hold);
    }

    #[test]
    fn a_gap_defers_where_the_policy_says_so() {
        let gaps = [Gap::new(Missing::Dkim, "DNS answered SERVFAIL")];
        let policy = Policy { defer_on: vec![Missing::Spf, Missing::Dkim], ..act() };
        let deferred = decided(Some(&score(9.0, &[])), &gaps, &policy);
        assert_eq!(deferred.verdict, Verdict::Tempfail);
        assert_eq!(deferred.reasons[0].because, "dkim could not be known now: DNS answered SERVFAIL");
        assert_eq!(decided(Some(&score(9.0, &[])), &gaps, &act()).verdict, Verdict::Hold);
        let other = Policy { defer_on: vec![Missing::Spf], ..act() };
        assert_eq!(decided(Some(&score(9.0, &[])), &gaps, &other).verdict, Verdict::Hold);
        let unscored = Policy { defer_on: vec![Missing::Score], ..act() };
        assert_eq!(decided(None, &[], &unscored).verdict, Verdict::Tempfail);
    }

    #[test]
    fn without_a_score_the_policy_has_a_verdict() {
        let gaps = [Gap::new(Missing::Score, "no model is loaded")];
        let decision = decided(None, &gaps, &act());
        assert_eq!((decision.verdict, decision.score, decision.category), (Verdict::Accept, None, None));
        assert_eq!(decision.gaps, gaps);
        let strict = Policy { when_unscored: Verdict::Hold, ..act() };
        assert_eq!(decided(None, &gaps, &strict).verdict, Verdict::Hold);
        let broken = Score { points: f32::NAN, ..score(0.0, &[("is_new", 1.0)]) };
        let decision = decided(Some(&broken), &[], &strict);
        assert_eq!((decision.verdict, decision.score), (Verdict::Hold, None));
        assert_eq!(decision.gaps[0].missing, Missing::Score);
        assert_eq!(decision.reasons.len(), 1);
    }

    #[test]
    fn what_is_rare_is_written_down_and_acted_on_as_the_policy_says() {
        let auth = AuthResults::default();
        let finding = anomaly::Finding {
            detector: "unseen_sender",
            because: "nobody knows the sender",
            score: 9,
            remembered: 9,
            rank: 0,
            peers: 1.0,
            alerts_per_day: 0.5,
            surprise: 12.0,
            alert: true,
            facts: vec![anomaly::Fact { feature: "it asks for money", signals: Vec::new(), share: 0.01 }],
        };
        let check = |alert: bool, when_rare: Verdict, points: f32, expected: (Verdict, bool)| {
            let (finding, score) = (anomaly::Finding { alert, ..finding.clone() }, score(points, &[]));
            let findings =
                Findings { score: Some(&score), rarity: Some(&finding), signal: &signal, ..Findings::nothing(&auth) };
            let decision = decide(&findings, &Policy { when_rare, ..act() });
            let told = decision.reasons.first().is_some_and(|reason| reason.name == "unseen_sender");
            assert_eq!((decision.verdict, told), expected, "{alert} {when_rare:?} {points}");
            assert_eq!(decision.score, Some(points));
        };
        check(true, Verdict::Accept, 0.0, (Verdict::Accept, true));
        check(true, Verdict::Tag, 0.0, (Verdict::Tag, true));
        check(true, Verdict::Tag, 9.0, (Verdict::Hold, true));
        check(false, Verdict::Tag, 0.0, (Verdict::Accept, false));
    }

    #[test]
    fn rules_raise_the_verdict_as_far_as_they_may_and_weigh_nothing() {
        let auth = AuthResults::default();
        let check = |does: Consequence, points: Option<f32>, expected: Verdict| {
            let matches = Matches { matched: vec![found("own", does)], ..Matches::default() };
            let score = points.map(|points| score(points, &[("asks_password", 1.0)]));
            let findings = Findings {
                score: score.as_ref(),
                matches: Some(&matches),
                signal: &signal,
                ..Findings::nothing(&auth)
            };
            let decision = decide(&findings, &act());
            assert_eq!(decision.verdict, expected, "{does:?} {points:?}");
            assert!(decision.reasons.iter().any(|reason| reason.name == "rule.own"));
            assert_eq!(decision.score, score.map(|score| score.points));
        };
        check(Consequence::List, Some(0.0), Verdict::Accept);
        check(Consequence::Tag, Some(0.0), Verdict::Tag);
        check(Consequence::Hold, Some(0.0), Verdict::Hold);
        check(Consequence::Tag, Some(9.0), Verdict::Hold);
        check(Consequence::List, Some(9.0), Verdict::Hold);
        check(Consequence::Hold, None, Verdict::Hold);
        check(Consequence::List, None, Verdict::Accept);
    }

    #[test]
    fn a_released_message_passes_whatever_else_is_known() {
        let auth = AuthResults::default();
        let policy = Policy { defer_on: vec![Missing::Score], when_unscored: Verdict::Hold, ..act() };
        let released = Some(DecisionId::new(Moment(1), 1));
        let decision = decide(&Findings { released, ..Findings::nothing(&auth) }, &policy);
        assert_eq!((decision.verdict, decision.reasons[0].name.as_str()), (Verdict::Accept, "released"));
    }

    #[test]
    fn each_failure_has_its_price() {
        for (failure, expected) in [
            (Failure::Overdue, Verdict::Accept),
            (Failure::Overloaded, Verdict::Tempfail),
            (Failure::Panicked, Verdict::Accept),
            (Failure::OverLimit, Verdict::Accept),
        ] {
            let decision = decide_failed(failure, "2,000 messages wait", &act());
            assert_eq!((decision.verdict, decision.action), (expected, expected), "{failure:?}");
            assert_eq!(decision.gaps[0].why, "2,000 messages wait");
            assert_eq!(decide_failed(failure, "", &Policy::default()).action, Verdict::Accept);
        }
    }

    proptest! {
        #[test]
        fn reasons_add_up(base in -8192i32..8192, parts in prop::collection::vec(-4096i32..4096, 0..200)) {
            let names: Vec<_> = (0..parts.len()).map(|n| format!("s{n}")).collect();
            let parts: Vec<_> = names.iter().zip(&parts).map(|(n, p)| (n.as_str(), *p as f32 / 1024.0)).collect();
            let score = score(base as f32 / 1024.0, &parts);
            let decision = decided(Some(&score), &[], &act());
            let sum: f32 = decision.reasons.iter().map(|reason| reason.contribution).sum();
            prop_assert_eq!(Some(decision.base + sum), decision.score);
            prop_assert!(decision.reasons.is_sorted_by(|a, b| a.contribution.abs() >= b.contribution.abs()));
            prop_assert!(decision.reasons.iter().all(|reason| reason.contribution != 0.0));
        }
    }
}

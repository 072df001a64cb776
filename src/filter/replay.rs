//! A decision of the journal made again, from what was written down of its message.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::keep::{KEPT_BEFORE, RELEASE_WAITS};
use super::{Filter, Settings};
use crate::anomaly::Finding;
use crate::auth::{AuthResults, DkimSignature, Outcome};
use crate::decision::{Decision, DecisionId, Findings, Policy, RULE_PREFIX, decide};
use crate::journal::{AuthSummary, Entry, Matched, Named, Rarity, Rules};
use crate::mail::{Address, Direction, Domain, Gap, Missing};
use crate::model::{LoadError, Model, Score};
use crate::rules::feed::EntityKind;
use crate::rules::{Heading, Match, Matches};
use crate::signals;

/// What stands for the search for rare messages among the detectors that can be left out.
pub(super) const RARITY: &str = "rarity";

/// Reasons for which the action was not the policy's choice.
const FORCED: [&str; 2] = [KEPT_BEFORE, RELEASE_WAITS];

/// Why a decision cannot be made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreplayable {
    /// Kith failed the message: nothing was measured.
    Unmeasured,
    /// The model gives no number for its values.
    Unscored,
    /// It had more recipients than are written down, and the policy has entries for single ones.
    Recipients,
    /// Other rules or baselines are tried, and its message is not there to try them on.
    Message,
    /// How far the baselines were is not known: they could not be read, changed just then, or rested on other hosts'.
    Reach,
    /// The baselines cannot be had as they were, and why.
    Baseline(String),
    /// Its message was kept as what differs from a copy in the quarantine, which is there no more.
    Copy,
    /// Its message cannot be read from the archive, and why.
    Archive(String),
}

impl fmt::Display for Unreplayable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unmeasured => "nothing was measured",
            Self::Unscored => "the model gives no number for what was measured",
            Self::Message => "its message is not kept, and the journal does not tell for other rules or baselines",
            Self::Reach => "how far the baselines were is not known",
            Self::Baseline(why) | Self::Archive(why) => why,
            Self::Copy => "the copy in the quarantine by which its message was kept is gone",
            Self::Recipients => "not all recipients are written down, for some of which the policy has entries",
        })
    }
}

/// Makes decisions of the journal again, by these settings' model and policy.
///
/// The facts are those that were known then: signals, authentication, gaps and rarity as written down. With the model
/// and policy of then the decision is the same bit for bit.
#[derive(Debug)]
pub struct Replay {
    model: Model,
    policy: Policy,
    without: Vec<String>,
}

impl Replay {
    /// A replay by these settings, in which the named signals and rules (`rule.` and the name of its file) add nothing, nor
    /// the search for rare messages as `rarity`.
    ///
    /// # Errors
    /// The model cannot be used.
    pub fn open(settings: &Settings, without: &[String]) -> Result<Self, LoadError> {
        Ok(Self { model: Filter::model(settings)?, policy: settings.policy.clone(), without: without.to_vec() })
    }

    /// The detectors that can be left out, beside rules.
    pub fn detectors() -> impl Iterator<Item = &'static str> {
        signals::registry().iter().map(|signal| signal.name).chain([RARITY])
    }

    /// Makes a decision again.
    ///
    /// # Errors
    /// Why it cannot be made.
    pub fn decide(&self, entry: &Entry) -> Result<Decision, Unreplayable> {
        if entry.signals.0.is_empty() {
            return Err(Unreplayable::Unmeasured);
        }
        let envelope = &entry.envelope;
        let has_scopes = self.policy.allow.iter().any(|entry| !entry.recipients.is_empty())
            || self.policy.block.iter().any(|entry| !entry.recipients.is_empty());
        if has_scopes && envelope.recipient_count > envelope.recipients.len() {
            return Err(Unreplayable::Recipients);
        }
        let score = self.score(&entry.signals)?;
        let auth = results(&entry.auth);
        let address = |text: &Option<String>| text.as_deref().and_then(Address::parse);
        let (author, sender) = (address(&entry.author), address(&envelope.sender));
        let recipients: Vec<Address> = envelope.recipients.iter().filter_map(|text| Address::parse(text)).collect();
        // Whether there is a score is for this replay to say.
        let gaps: Vec<Gap> = entry.gaps.iter().filter(|gap| gap.missing != Missing::Score).cloned().collect();
        let rarity = entry.rarity.as_ref().filter(|_| !self.is_left_out(RARITY)).map(finding);
        let matches = entry.rules.as_ref().map(|rules| self.matches(rules));
        let findings = Findings {
            score: Some(&score),
            rarity: rarity.as_ref(),
            matches: matches.as_ref(),
            signal: &signals::find,
            author: author.as_ref(),
            sender: sender.as_ref(),
            recipients: &recipients,
            direction: entry.direction.unwrap_or(Direction::Inbound),
            gaps: &gaps,
            released: released(entry),
            ..Findings::nothing(&auth)
        };
        Ok(decide(&findings, &self.policy))
    }

    /// What the rules said, as far as it decides anything.
    fn matches(&self, rules: &Rules) -> Matches {
        let matched = rules.matched.iter().filter(|found| !self.is_left_out(&format!("{RULE_PREFIX}{}", found.rule)));
        let again = |found: &Matched| Match {
            rule: Arc::new(Heading {
                path: PathBuf::new(),
                key: found.rule.clone(),
                name: found.name.clone(),
                id: found.id.clone(),
                kind: EntityKind::Rule,
                severity: found.severity.clone(),
                tags: found.tags.clone(),
                attack_types: Vec::new(),
                digest: String::new(),
            }),
            found: found.found.clone(),
            does: found.does,
            is_muted: found.muted,
        };
        Matches { matched: matched.map(again).collect(), ..Matches::default() }
    }

    fn is_left_out(&self, detector: &str) -> bool {
        self.without.iter().any(|name| name == detector)
    }

    /// The score of the values that were written down. What the registry has since learned to measure is missing.
    fn score(&self, values: &Named<Option<f32>>) -> Result<Score, Unreplayable> {
        let values: Vec<Option<f32>> =
            signals::registry().iter().map(|signal| values.of(signal.name).copied().flatten()).collect();
        let mut score = self.model.infer(&values).map_err(|_| Unreplayable::Unscored)?;
        leave_out(&mut score, &self.without);
        Ok(score)
    }

    /// Whether a decision is the one that was written down: verdict, action, kind, score, threshold and every
    /// contribution, bit for bit.
    ///
    /// What was done may differ where it was not the policy's choice: a message that is kept already stays kept, and one
    /// whose release cannot be taken waits.
    pub fn is_same(entry: &Entry, decision: &Decision) -> bool {
        let again = Entry::new(entry.id, entry.id.moment(), decision);
        let bits = |number: Option<f32>| number.map(f32::to_bits);
        let is_forced = entry.reasons.first().is_some_and(|reason| FORCED.contains(&reason.name.as_str()));
        (again.verdict, again.category) == (entry.verdict, entry.category)
            && (again.action == entry.action || is_forced)
            && bits(again.score) == bits(entry.score)
            && bits(again.threshold) == bits(entry.threshold)
            && again.base.to_bits() == entry.base.to_bits()
            && again.contributions == entry.contributions
    }
}

/// Takes out of a score what some signals add to it.
pub(super) fn leave_out(score: &mut Score, without: &[String]) {
    for part in score.contributions.iter_mut().filter(|part| without.contains(&part.input)) {
        score.points -= std::mem::take(&mut part.points);
    }
}

/// What the sender proved, from its summary.
fn results(summary: &AuthSummary) -> AuthResults {
    let mut results = AuthResults::default();
    (results.spf.outcome, results.spf.domain) = outcome(&summary.spf);
    (results.dmarc.outcome, results.dmarc.domain) = outcome(&summary.dmarc);
    results.dkim = summary
        .dkim
        .iter()
        .map(|text| {
            let (outcome, domain) = outcome(text);
            DkimSignature { outcome, domain, selector: String::new() }
        })
        .collect();
    results
}

/// Whether a check passed, of `pass example.org`, and its domain: the policy asks for nothing else.
fn outcome(text: &str) -> (Outcome, Option<Domain>) {
    let (word, domain) = text.split_once(' ').unwrap_or((text, ""));
    let outcome = if word == Outcome::Pass.name() { Outcome::Pass } else { Outcome::None };
    (outcome, Domain::parse(domain))
}

/// The alert, or that it was none; what made it rare is not written down feature by feature.
pub(super) fn finding(rarity: &Rarity) -> Finding {
    Finding {
        detector: RARITY,
        because: "it was among the rarest messages of its day",
        score: rarity.score,
        remembered: rarity.remembered,
        rank: 0,
        peers: 0.0,
        alerts_per_day: rarity.alerts_per_day.unwrap_or(f64::INFINITY),
        surprise: 0.0,
        alert: rarity.alert,
        facts: Vec::new(),
    }
}

/// The decision after which a person had released the message.
fn released(entry: &Entry) -> Option<DecisionId> {
    let reason = entry.reasons.first().filter(|reason| reason.name == "released")?;
    DecisionId::parse(reason.because.rsplit(' ').next()?)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;
    use crate::decision::{Failure, Mode, Reason, Thresholds, Verdict, decide_failed};
    use crate::mail::Moment;

    fn settings(mode: Mode) -> Settings {
        let mut settings = Settings::default();
        settings.policy.mode = mode;
        settings
    }

    /// Opening a model takes longer than a thousand decisions.
    static UNCHANGED: LazyLock<[Replay; 2]> =
        LazyLock::new(|| [Mode::Monitor, Mode::Act].map(|mode| Replay::open(&settings(mode), &[]).expect("opened")));

    /// What the journal holds of a decision on these values, read back as it was written.
    fn written(replay: &Replay, values: &[Option<f32>], alert: bool) -> Entry {
        let score = replay.model.infer(values).expect("scored");
        let rarity =
            Rarity { detector: "unseen_sender".to_owned(), alert, score: 3, remembered: 9, ..Rarity::default() };
        let auth = AuthResults::default();
        let (found, gap) = (finding(&rarity), [Gap::new(Missing::Spf, "DNS answered SERVFAIL")]);
        let findings = Findings {
            score: Some(&score),
            rarity: Some(&found),
            signal: &signals::find,
            gaps: &gap,
            ..Findings::nothing(&auth)
        };
        let at = Moment(1_790_000_000_000);
        let decision = decide(&findings, &replay.policy);
        let names = signals::registry().iter().map(|signal| signal.name.into());
        let entry = Entry {
            direction: Some(Direction::Inbound),
            signals: Named(names.zip(values.iter().copied()).collect()),
            rarity: Some(rarity),
            ..Entry::new(DecisionId::new(at, 7), at, &decision)
        };
        let line = serde_json::to_string(&entry).expect("written");
        serde_json::from_str(&line).expect("read")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_decision_replays_bit_for_bit(seed in any::<u64>(), alert in any::<bool>(), act in any::<bool>()) {
            let replay = &UNCHANGED[usize::from(act)];
            let entry = written(replay, &drawn(seed), alert);
            let again = replay.decide(&entry).expect("measured");
            prop_assert!(Replay::is_same(&entry, &again), "{:?} {:?}", entry.contributions, again);
        }
    }

    /// Values for all signals, by xorshift: most are 0 or unknown, the others any finite number.
    fn drawn(seed: u64) -> Vec<Option<f32>> {
        let mut state = seed | 1;
        let mut draw = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let value = |bits: u64| match bits % 16 {
            0 | 1 => None,
            2..=8 => Some(0.0),
            9..=11 => Some(1.0),
            12 | 13 => Some((bits >> 40) as f32 / 32_768.0),
            _ => Some(f32::from_bits((bits >> 32) as u32)).filter(|value| value.is_finite()),
        };
        signals::registry().iter().map(|_| value(draw())).collect()
    }

    fn all_ones() -> Vec<Option<f32>> {
        vec![Some(1.0); signals::registry().len()]
    }

    #[test]
    fn another_policy_flips_a_verdict_and_no_contribution() {
        let entry = written(&UNCHANGED[1], &all_ones(), false);
        let mut other = settings(Mode::Act);
        other.policy.thresholds = Thresholds { tag: f32::NEG_INFINITY, hold: f32::INFINITY, ..other.policy.thresholds };
        other.policy.category.clear();
        let again = Replay::open(&other, &[]).expect("opened").decide(&entry).expect("measured");
        assert_eq!(again.verdict, Verdict::Tag);
        assert_eq!(again.score, entry.score);
        assert!(!Replay::is_same(&entry, &again));
    }

    #[test]
    fn a_detector_that_is_left_out_adds_nothing() {
        let settings = settings(Mode::Act);
        let entry = written(&UNCHANGED[1], &all_ones(), true);
        let (name, points) = entry.contributions.0.first().expect("something spoke").clone();
        let again = Replay::open(&settings, &[name.to_string()]).expect("opened").decide(&entry).expect("measured");
        assert_eq!(again.score, entry.score.map(|score| score - points));
        assert!(again.reasons.iter().all(|reason| reason.name != *name));
        let quiet = Replay::open(&settings, &[RARITY.to_owned()]).expect("opened").decide(&entry).expect("measured");
        assert!(quiet.reasons.iter().all(|reason| reason.name != RARITY));
        assert!(Replay::detectors().any(|detector| detector == name));
    }

    #[test]
    fn what_was_released_stays_released() {
        let id = DecisionId::new(Moment(5), 5);
        let mut entry = written(&UNCHANGED[1], &all_ones(), true);
        let because = format!("a person released it after decision {id}");
        entry.reasons.insert(0, Reason { name: "released".to_owned(), because, contribution: 0.0 });
        assert_eq!(released(&entry), Some(id));
        let again = UNCHANGED[1].decide(&entry).expect("measured");
        assert_eq!(again.verdict, Verdict::Accept);
    }

    #[test]
    fn what_was_proved_is_read_back() {
        let summary = AuthSummary {
            spf: "fail example.org".to_owned(),
            dkim: vec!["permerror".to_owned(), "pass mail.example.org".to_owned()],
            dmarc: "none".to_owned(),
            ..AuthSummary::default()
        };
        let proves = |domain: &str| results(&summary).prove(&Domain::parse(domain).expect("a domain"));
        assert!(proves("example.org") && !proves("example.net"));
    }

    #[test]
    fn what_was_not_measured_is_not_replayed() {
        let failed = decide_failed(Failure::Overdue, "too slow", &UNCHANGED[1].policy);
        let entry = Entry::new(DecisionId::default(), Moment(0), &failed);
        assert_eq!(UNCHANGED[1].decide(&entry).err(), Some(Unreplayable::Unmeasured));
    }
}

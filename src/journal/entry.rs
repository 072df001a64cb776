//! One decision as it is written down.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::decision::{Action, Decision, DecisionId, Reason, Verdict};
use crate::mail::{Category, Direction, Gap, Moment};

use super::Named;
use super::parts::{AuthSummary, Rules, Session, clip, clipped};

/// Version of the entries that are written. Readers ignore fields they do not know and take missing ones as empty.
pub const SCHEMA: u32 = 1;

/// Reasons written with their words, strongest first; the contributions name all.
const REASONS_MAX: usize = 10;
/// Gaps written down.
const GAPS_MAX: usize = 20;

/// Where a message came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An MTA asked.
    #[default]
    Milter,
    /// It was read from a file.
    Scan,
}

/// How rare the message was in the direction of an attack (room `anomaly`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rarity {
    /// The sub-detector to which it was rarest.
    pub detector: String,
    /// Whether it was within the daily budget of alerts.
    pub alert: bool,
    /// The smallest daily budget under which it would have been an alert; null where too few days were watched to tell.
    pub alerts_per_day: Option<f64>,
    /// How many remembered messages were no more suspicious in any feature.
    pub score: u64,
    /// How many were remembered.
    pub remembered: u64,
}

/// Digests of all that made the decision: with them and the signals it can be replayed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Digests {
    /// Of the model.
    pub model: String,
    /// Of the registry of signals.
    pub signals: String,
    /// Of the policy.
    pub policy: String,
}

/// One decision as it is written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// The decision's id. Stands first in a line, which is how it is found.
    pub id: DecisionId,
    /// When the message was complete, by RFC 3339 in UTC.
    pub at: String,
    /// Version of the entry ([`SCHEMA`]).
    pub schema: u32,
    /// Where the message came from.
    pub source: Source,
    /// The MTA's name of the message.
    #[serde(serialize_with = "clipped")]
    pub queue_id: Option<String>,
    /// Message-ID.
    #[serde(serialize_with = "clipped")]
    pub message_id: Option<String>,
    /// What the SMTP session said.
    pub envelope: Session,
    /// The author's address (From).
    #[serde(serialize_with = "clipped")]
    pub author: Option<String>,
    /// The decoded subject; `None` where the settings keep it out.
    #[serde(serialize_with = "clipped")]
    pub subject: Option<String>,
    /// Size of the message.
    pub bytes: usize,
    /// Which way it went.
    pub direction: Option<Direction>,
    /// What the policy decided.
    pub verdict: Verdict,
    /// What was done.
    pub action: Action,
    /// The kind of attack.
    pub category: Option<Category>,
    /// Log-odds of an attack; `None` without a score.
    pub score: Option<f32>,
    /// The score before anything was known.
    pub base: f32,
    /// The threshold that was reached, or the next one; `None` where none is set.
    pub threshold: Option<f32>,
    /// The calibrated probability of an attack.
    pub probability: Option<f32>,
    /// Every signal's value; null where unknown.
    pub signals: Named<Option<f32>>,
    /// Every contribution other than 0, in log-odds, strongest first: with `base` they sum to `score`.
    pub contributions: Named<f32>,
    /// Every signal and sub-detector (`rarity.` and its name) that was muted, with the log-odds that it would have added:
    /// they are no part of `score`. Of a muted rule its match tells.
    #[serde(skip_serializing_if = "is_empty")]
    pub muted: Named<f32>,
    /// The ten strongest reasons, a policy entry first, with their words, and the rules that only are listed.
    pub reasons: Vec<Reason>,
    /// How rare it was; `None` where no sub-detector applied.
    pub rarity: Option<Rarity>,
    /// What the rules said; `None` where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Rules>,
    /// What could not be known.
    pub gaps: Vec<Gap>,
    /// What the sender proved.
    pub auth: AuthSummary,
    /// Digests of all that made the decision.
    pub digests: Digests,
    /// Microseconds that each step took, by the step's name.
    pub elapsed_us: Named<u64>,
}

impl Default for Entry {
    fn default() -> Self {
        let nothing = Decision {
            verdict: Verdict::Accept,
            action: Verdict::Accept,
            category: None,
            score: None,
            base: 0.0,
            threshold: f32::INFINITY,
            reasons: Vec::new(),
            gaps: Vec::new(),
        };
        Self::new(DecisionId::default(), Moment::default(), &nothing)
    }
}

impl Entry {
    /// The entry of a decision; what else is known of the message is for the caller to fill in.
    pub fn new(id: DecisionId, at: Moment, decision: &Decision) -> Self {
        let of_score = decision.reasons.iter().filter(|reason| reason.contribution != 0.0);
        let shortened = |gap: &Gap| Gap::new(gap.missing, clip(&gap.why));
        Self {
            id,
            at: at.rfc3339(),
            schema: SCHEMA,
            source: Source::Milter,
            queue_id: None,
            message_id: None,
            envelope: Session::default(),
            author: None,
            subject: None,
            bytes: 0,
            direction: None,
            verdict: decision.verdict,
            action: decision.action,
            category: decision.category,
            score: decision.score,
            base: decision.base,
            threshold: decision.threshold.is_finite().then_some(decision.threshold),
            probability: decision.score.map(|score| 1.0 / (1.0 + (-score).exp())),
            signals: Named::default(),
            contributions: Named(of_score.map(|reason| (reason.name.clone().into(), reason.contribution)).collect()),
            muted: Named::default(),
            reasons: shown(&decision.reasons),
            rarity: None,
            rules: None,
            gaps: decision.gaps.iter().take(GAPS_MAX).map(shortened).collect(),
            auth: AuthSummary::default(),
            digests: Digests::default(),
            elapsed_us: Named::default(),
        }
    }

    /// The decision again, with every contribution; `because` finds the words of those that were not written down.
    pub fn decision(&self, because: &dyn Fn(&str) -> Option<String>) -> Decision {
        let rest = self.contributions.0.iter().filter(|(name, _)| !self.reasons.iter().any(|r| r.name == **name));
        let worded = |(name, points): &(Cow<'static, str>, f32)| Reason {
            name: name.to_string(),
            because: because(name).unwrap_or_else(|| name.to_string()),
            contribution: *points,
        };
        Decision {
            verdict: self.verdict,
            action: self.action,
            category: self.category,
            score: self.score,
            base: self.base,
            threshold: self.threshold.unwrap_or(f32::INFINITY),
            reasons: self.reasons.iter().cloned().chain(rest.map(worded)).collect(),
            gaps: self.gaps.clone(),
        }
    }
}

fn is_empty(named: &Named<f32>) -> bool {
    named.0.is_empty()
}

/// The reasons that are written with their words: the strongest, and each that weighs nothing.
fn shown(reasons: &[Reason]) -> Vec<Reason> {
    let mut weighing = 0;
    let is_shown = |reason: &&Reason| {
        weighing += usize::from(reason.contribution != 0.0);
        reason.contribution == 0.0 || weighing <= REASONS_MAX
    };
    reasons.iter().filter(is_shown).take(2 * REASONS_MAX).map(shortened_reason).collect()
}

fn shortened_reason(reason: &Reason) -> Reason {
    Reason { name: reason.name.clone(), because: clip(&reason.because).to_owned(), contribution: reason.contribution }
}

#[cfg(test)]
pub(super) mod tests {
    use std::net::IpAddr;

    use super::*;
    use crate::journal::parts::{RECIPIENTS_MAX, TEXT_BYTES_MAX};
    use crate::mail::Envelope;
    use crate::mail::{Address, Missing};

    /// An entry such as the path makes, with 110 signals.
    pub(in crate::journal) fn sample(id: DecisionId) -> Entry {
        let reason = |n: usize| Reason {
            name: format!("signal_number_{n}"),
            because: format!("the fact of signal {n} in words"),
            contribution: 4.0 - n as f32 / 16.0,
        };
        let decision = Decision {
            verdict: Verdict::Hold,
            action: Verdict::Accept,
            category: Some(Category::CredentialPhishing),
            score: Some(5.25),
            base: -1.5,
            threshold: 4.6,
            reasons: (0..60).map(reason).collect(),
            gaps: vec![Gap::new(Missing::Spf, "DNS answered SERVFAIL for example.org")],
        };
        let envelope = Envelope {
            client: Some(IpAddr::from([192, 0, 2, 1])),
            helo: Some("mx.example.org".into()),
            sender: Address::parse("bounce@example.org"),
            recipients: Address::parse("anna@own.example").into_iter().collect(),
            ..Envelope::default()
        };
        Entry {
            queue_id: Some("4Xyz".into()),
            message_id: Some("1@example.org".into()),
            envelope: Session::from(&envelope),
            author: Some("boss@example.org".into()),
            subject: Some("Déjà vu".into()),
            bytes: 5_000,
            direction: Some(Direction::Inbound),
            signals: Named(
                (0..110)
                    .map(|n| (format!("signal_number_{n}").into(), (n % 3 > 0).then_some(n as f32 / 8.0)))
                    .collect(),
            ),
            rarity: Some(Rarity {
                detector: "unseen_sender".into(),
                alert: true,
                alerts_per_day: Some(0.5),
                score: 40,
                remembered: 41,
            }),
            elapsed_us: Named(vec![("parse".into(), 60), ("verify".into(), 300)]),
            ..Entry::new(id, Moment(1_700_000_000_123), &decision)
        }
    }

    fn read(text: &str) -> Entry {
        serde_json::from_str(text).expect("an entry")
    }

    #[test]
    fn entries_are_read_as_they_were_written() {
        let entry = sample(DecisionId::new(Moment(5), 1));
        let text = serde_json::to_string(&entry).expect("serialises");
        assert!(
            text.starts_with(&format!("{{\"id\":\"{}\",\"at\":\"2023-11-14T22:13:20.123Z\",\"schema\":1,", entry.id))
        );
        assert!(!text.contains('\n'));
        assert_eq!(read(&text), entry);
        assert_eq!(read(&serde_json::to_string(&Entry::default()).expect("serialises")), Entry::default());
    }

    #[test]
    fn other_versions_are_read_too() {
        let entry = read(r#"{"id":"01HF7YAT000000000000000001","schema":7,"verdict":"hold","mood":{"of":["the",1]}}"#);
        assert_eq!((entry.schema, entry.verdict), (7, Verdict::Hold));
        assert_eq!(entry.envelope, Session::default());
    }

    #[test]
    fn a_decision_comes_back_whole() {
        let entry = sample(DecisionId::default());
        assert_eq!((entry.reasons.len(), entry.contributions.0.len()), (10, 60));
        let because = |name: &str| (name == "signal_number_10").then(|| "in words".to_owned());
        let decision = entry.decision(&because);
        assert_eq!(decision.reasons.len(), 60);
        assert_eq!(
            (decision.reasons[9].because.as_str(), decision.reasons[10].because.as_str()),
            ("the fact of signal 9 in words", "in words")
        );
        assert_eq!(decision.reasons[11].because, "signal_number_11");
        assert_eq!(Entry::new(entry.id, Moment(5), &decision).contributions, entry.contributions);
    }

    #[test]
    fn no_threshold_is_not_a_number_that_json_lacks() {
        let entry = Entry::default();
        assert_eq!(entry.threshold, None);
        assert_eq!(entry.decision(&|_| None).threshold, f32::INFINITY);
    }

    fn written(entry: &Entry) -> Entry {
        read(&serde_json::to_string(entry).expect("serialises"))
    }

    #[test]
    fn texts_from_outside_have_a_limit() {
        for (bytes, expected) in [(TEXT_BYTES_MAX, TEXT_BYTES_MAX), (TEXT_BYTES_MAX + 1, TEXT_BYTES_MAX)] {
            let entry = Entry { subject: Some("s".repeat(bytes)), ..Entry::default() };
            assert_eq!(written(&entry).subject.expect("kept").len(), expected);
        }
        let entry = Entry { subject: Some("ä".repeat(TEXT_BYTES_MAX)), ..Entry::default() };
        assert_eq!(written(&entry).subject.expect("kept").len(), TEXT_BYTES_MAX);
    }

    #[test]
    fn recipients_gaps_and_reasons_have_a_limit() {
        for (count, expected) in [(RECIPIENTS_MAX, RECIPIENTS_MAX), (RECIPIENTS_MAX + 1, RECIPIENTS_MAX)] {
            let recipients = vec![Address::parse("a@own.example").expect("valid"); count];
            let session = Session::from(&Envelope { recipients, ..Envelope::default() });
            assert_eq!((session.recipients.len(), session.recipient_count), (expected, count));
        }
        let mut decision = sample(DecisionId::default()).decision(&|_| None);
        decision.gaps = vec![Gap::new(Missing::Dkim, "w".repeat(TEXT_BYTES_MAX + 1)); GAPS_MAX + 1];
        let entry = Entry::new(DecisionId::default(), Moment(5), &decision);
        assert_eq!(
            (entry.gaps.len(), entry.gaps[0].why.len(), entry.reasons.len()),
            (GAPS_MAX, TEXT_BYTES_MAX, REASONS_MAX)
        );
    }
}

//! What is written down of a message, and what the baselines learn of it.

use super::{Filter, Judged, Stages};
use crate::anomaly::Finding;
use crate::auth::{AuthResults, Outcome, Source};
use crate::baseline::Observation;
use crate::decision::Verdict;
use crate::journal::{AuthSummary, Entry, Named, Rarity, Rules, Session};
use crate::mail::{Domain, Envelope};

impl Filter {
    /// The journal's entry for a message.
    pub(super) fn entry(&self, judged: &Judged, envelope: &Envelope) -> Entry {
        let message = &judged.message;
        Entry {
            queue_id: envelope.queue_id.clone(),
            message_id: message.message_id.clone(),
            envelope: Session::from(envelope),
            author: message.author().map(ToString::to_string),
            subject: self.settings.journal.subject.then(|| message.subject.clone()),
            bytes: message.bytes,
            direction: Some(judged.direction),
            signals: Named(judged.signals.iter().map(|(signal, value)| (signal.name.into(), value)).collect()),
            muted: Named(judged.withheld.points.iter().map(|(name, points)| (name.clone().into(), *points)).collect()),
            rarity: judged.rarity.as_ref().map(|finding| rarity(finding, judged.withheld.alert)),
            rules: self.written(judged),
            auth: summary(&judged.auth),
            digests: self.digests.clone(),
            elapsed_us: elapsed(&judged.stages),
            ..Entry::new(judged.id, judged.received_at, &judged.decision)
        }
    }

    /// What is written down of the rules.
    pub(super) fn written(&self, judged: &Judged) -> Option<Rules> {
        let (rules, matches) = self.rules.as_ref().zip(judged.matches.as_ref())?;
        Some(Rules::of(matches, rules.set().digest()))
    }

    /// What the baselines learn of a message. In monitor mode a message that would have been held is delivered all the
    /// same, but builds no trust.
    pub(super) fn observation(judged: &Judged) -> Observation {
        let decision = &judged.decision;
        Observation {
            query: judged.query.clone(),
            delivered: judged.is_delivered() && decision.verdict <= Verdict::Tag,
            refused: matches!(decision.verdict, Verdict::Hold | Verdict::Reject),
        }
    }
}

/// How rare a message was. An alert that was withheld was one all the same.
fn rarity(finding: &Finding, withheld: Option<&str>) -> Rarity {
    Rarity {
        detector: finding.detector.to_owned(),
        alert: finding.alert || withheld == Some(finding.detector),
        alerts_per_day: Some(finding.alerts_per_day).filter(|budget| budget.is_finite()),
        score: finding.score,
        remembered: finding.remembered,
    }
}

fn elapsed(stages: &Stages) -> Named<u64> {
    let steps = [
        ("parse", stages.parse),
        ("verify", stages.verify),
        ("recall", stages.recall),
        ("measure", stages.measure),
        ("match", stages.rules),
        ("score", stages.score),
        ("decide", stages.decide),
    ];
    Named(steps.into_iter().map(|(name, us)| (name.into(), u64::from(us))).collect())
}

fn summary(auth: &AuthResults) -> AuthSummary {
    let of = |outcome: Outcome, domain: Option<&Domain>| {
        domain.map_or_else(|| outcome.name().to_owned(), |domain| format!("{} {domain}", outcome.name()))
    };
    AuthSummary {
        source: match &auth.source {
            Source::Nobody => "nobody".to_owned(),
            Source::Ourselves => "ourselves".to_owned(),
            Source::Trusted(name) => name.clone(),
        },
        spf: of(auth.spf.outcome, auth.spf.domain.as_ref()),
        dkim: auth.dkim.iter().map(|signature| of(signature.outcome, signature.domain.as_ref())).collect(),
        dmarc: of(auth.dmarc.outcome, auth.dmarc.domain.as_ref()),
        arc: of(auth.arc.outcome, auth.arc.sealers.last()),
    }
}

//! DMARC: what the owner of the author's domain asks for, and whether the message has its leave (RFC 9989, RFC 7489).

use mail_auth::common::parse::TxtRecordParser;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::dmarc::{Dmarc, Policy};
use mail_auth::{
    AuthenticatedMessage, DkimOutput, DmarcResult, MessageAuthenticator, Parameters, SpfOutput, SpfResult, Txt,
};

use super::inquiry::Inquiry;
use super::records::{Records, absent, first, reason};
use super::resolver::{Answer, Kind};
use super::{DmarcCheck, DmarcPolicy, Outcome, SpfCheck};
use crate::mail::{Domain, Gap, Missing};

/// Labels from which the walk goes on after the first name (RFC 9989 §4.10: eight questions at most).
const WALK_LABELS_MAX: usize = 7;

/// Records found on the way up from a domain, longest name first.
pub(super) struct Walk {
    found: Vec<(String, Txt)>,
}

/// Asks for the records of the author's domain and of its parents, all at once.
pub(super) async fn walk(inquiry: &Inquiry<'_>, author: &Domain) -> Walk {
    let mut found = records(inquiry, author.as_str()).await;
    let own = matches!(found.first(), Some((_, Txt::Dmarc(_))));
    let differs = |record: &Txt| matches!(record, Txt::Dmarc(record) if record.np != record.sp);
    // RFC 9989 §4.10.1: `np` speaks of sub-domains that do not exist, `sp` of the others. Which one holds is settled
    // here, so that mail-auth has nothing left to ask.
    let exists = own
        || !found.iter().any(|(_, record)| differs(record))
        || !matches!(&*inquiry.ask(Kind::A, author.as_str()).await, Answer::Nothing { exists: false });
    for (_, record) in found.iter_mut().filter(|(_, record)| differs(record)) {
        if let Txt::Dmarc(both) = record {
            let policy = if exists { both.sp } else { both.np };
            *record = Dmarc { sp: policy, np: policy, ..Dmarc::clone(both) }.into();
        }
    }
    Walk { found }
}

async fn records(inquiry: &Inquiry<'_>, domain: &str) -> Vec<(String, Txt)> {
    let names = names(domain);
    let answers = inquiry.ask_all(Kind::Txt, &names).await;
    names.into_iter().zip(answers.iter().map(|answer| record(answer))).collect()
}

/// Names at which a policy may stand: the domain and its parents, `_dmarc` before each (RFC 9989 §4.10).
fn names(domain: &str) -> Vec<String> {
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.len() < 2 {
        return Vec::new();
    }
    let lengths = std::iter::once(labels.len()).chain((1..labels.len().min(WALK_LABELS_MAX + 1)).rev());
    lengths.map(|kept| format!("_dmarc.{}.", labels[labels.len() - kept..].join("."))).collect()
}

/// The policy in an answer. More than one is none (RFC 9989 §4.10).
fn record(answer: &Answer) -> Txt {
    if let Answer::Texts(texts) = answer {
        let mut policies = texts.iter().filter(|text| is_policy(text));
        return match (policies.next(), policies.next()) {
            (Some(text), None) => Dmarc::parse(text).map_or_else(Txt::Error, Txt::from),
            _ => absent(),
        };
    }
    first::<Dmarc>(answer)
}

fn is_policy(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    text.get(..2).is_some_and(|tag| tag.eq_ignore_ascii_case(b"v="))
        && text[2..].trim_ascii_start().starts_with(b"DMARC1")
}

/// What was proved before DMARC is asked.
pub(super) struct Proof<'a, 'x> {
    pub(super) message: &'x AuthenticatedMessage<'x>,
    pub(super) spf: &'a SpfCheck,
    pub(super) signatures: &'x [DkimOutput<'x>],
}

/// Checks the author's domain. `Err` beside the check is what could not be known.
pub(super) async fn verify(
    library: &MessageAuthenticator,
    inquiry: &Inquiry<'_>,
    author: &Domain,
    walk: Walk,
    proof: Proof<'_, '_>,
) -> (DmarcCheck, Option<Gap>) {
    let spf_domain = proof.spf.domain.as_ref().map_or("", Domain::as_str);
    let spf = SpfOutput::new(spf_domain.to_owned()).with_result(match proof.spf.outcome {
        Outcome::Pass => SpfResult::Pass,
        Outcome::TempError => SpfResult::TempError,
        _ => SpfResult::Neutral,
    });
    let identifiers =
        proof.signatures.iter().filter_map(|output| output.signature()).map(|signature| signature.d.as_str());
    let related: Vec<String> = identifiers
        .chain((spf.result() != SpfResult::Neutral).then_some(spf_domain))
        .filter(|domain| *domain != author.as_str() && walk.may_own(domain))
        .flat_map(names)
        .collect();
    let mut known = Records::default();
    for (name, record) in &walk.found {
        known.add(name, record.clone());
    }
    // Names that the author's walk knows already are found there first.
    for (name, answer) in related.iter().zip(inquiry.ask_all(Kind::Txt, &related).await) {
        known.add(name, record(&answer));
    }
    let parameters = DmarcParameters::new(proof.message, proof.signatures, spf_domain, &spf);
    let output = library.verify_dmarc(Parameters::new(parameters).with_txt_cache(&known)).await;
    let policy = match output.policy() {
        Policy::Reject => DmarcPolicy::Reject,
        Policy::Quarantine => DmarcPolicy::Quarantine,
        Policy::None | Policy::Unspecified => DmarcPolicy::None,
    };
    let (outcome, gap) = match output.result() {
        DmarcResult::Pass => (Outcome::Pass, None),
        DmarcResult::Fail(_) => (Outcome::Fail, None),
        DmarcResult::PermError(_) => (Outcome::PermError, None),
        DmarcResult::None => (Outcome::None, None),
        DmarcResult::TempError(error) => (Outcome::TempError, Some(gap(author, &reason(&error)))),
    };
    (DmarcCheck { outcome, domain: Some(author.clone()), policy }, gap)
}

fn gap(author: &Domain, why: &str) -> Gap {
    let why = if why.is_empty() { "an aligned SPF or DKIM check could not be made" } else { why };
    Gap::new(Missing::Dmarc, format!("{why} (author {author})"))
}

impl Walk {
    /// Whether `domain` may belong to the organisation of the author: it lies below the shortest name that has a record.
    fn may_own(&self, domain: &str) -> bool {
        let shortest = self.found.iter().rev().find(|(_, record)| matches!(record, Txt::Dmarc(_)));
        shortest.is_some_and(|(name, _)| {
            let parent = name.trim_start_matches("_dmarc.").trim_end_matches('.');
            domain.strip_suffix(parent).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(domain: &str, expected: &[&str]) {
        assert_eq!(names(domain), expected, "{domain}");
    }

    #[test]
    fn the_walk_goes_up_label_by_label_in_eight_questions_at_most() {
        check("example.org", &["_dmarc.example.org.", "_dmarc.org."]);
        check("localhost", &[]);
        assert_eq!(names("1.2.3.4.5.6.7.8").len(), 8);
        assert_eq!(names("1.2.3.4.5.6.7.8.9").len(), 8);
        assert_eq!(names("1.2.3.4.5.6.7.8.9")[..2], ["_dmarc.1.2.3.4.5.6.7.8.9.", "_dmarc.3.4.5.6.7.8.9."]);
    }

    #[test]
    fn more_than_one_policy_is_none() {
        let texts = |texts: &[&str]| Answer::Texts(texts.iter().map(|t| t.as_bytes().into()).collect());
        let is_found = |answer: &Answer| matches!(record(answer), Txt::Dmarc(_));
        assert!(is_found(&texts(&["v=DMARC1; p=none"])));
        assert!(is_found(&texts(&["verification=1", "v=DMARC1; p=none"])));
        assert!(!is_found(&texts(&["v=DMARC1; p=none", "v=DMARC1; p=reject"])));
    }
}

//! The results of authentication, as values (RFC 8601 §2.7).

use serde::{Deserialize, Serialize};

use crate::mail::{Domain, Gap};

/// A result of an authentication method (RFC 8601 §2.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Nothing to check: no record, no signature.
    #[default]
    None,
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// Probably not so (SPF `~all`).
    SoftFail,
    /// The owner says nothing (SPF `?all`).
    Neutral,
    /// The check could not be made now: DNS failed or took too long. Never a fail.
    TempError,
    /// The check can never be made: the record or signature is broken.
    PermError,
}

impl Outcome {
    /// The keyword of RFC 8601.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::SoftFail => "softfail",
            Self::Neutral => "neutral",
            Self::TempError => "temperror",
            Self::PermError => "permerror",
        }
    }
}

/// An SPF check of one identity (RFC 7208).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpfCheck {
    /// Its outcome.
    pub outcome: Outcome,
    /// The domain that was checked; `None` where the identity names none.
    pub domain: Option<Domain>,
}

/// One DKIM signature (RFC 6376).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DkimSignature {
    /// Its outcome.
    pub outcome: Outcome,
    /// Signing domain (`d=`).
    pub domain: Option<Domain>,
    /// Selector (`s=`).
    pub selector: String,
}

/// The policy a domain owner publishes for mail that fails (RFC 7489 §6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DmarcPolicy {
    /// No record, or no wish.
    #[default]
    None,
    /// Treat with suspicion.
    Quarantine,
    /// Refuse.
    Reject,
}

/// A DMARC check (RFC 7489).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DmarcCheck {
    /// Its outcome.
    pub outcome: Outcome,
    /// The author domain that was checked.
    pub domain: Option<Domain>,
    /// What that domain's owner asks for.
    pub policy: DmarcPolicy,
}

/// An ARC chain (RFC 8617).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArcChain {
    /// Its outcome: `None` without a chain.
    pub outcome: Outcome,
    /// Sealing domains, oldest first.
    pub sealers: Vec<Domain>,
}

/// Who made the checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Nobody: checks were off, and no trusted field stood in the message.
    #[default]
    Nobody,
    /// We did, just now.
    Ourselves,
    /// A host whose Authentication-Results we trust, by its authserv-id (RFC 8601 §2.2).
    Trusted(String),
}

/// What the sender proved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthResults {
    /// Who made the checks. With [`Source::Nobody`] every outcome is unknown, not none.
    pub source: Source,
    /// SPF of the reverse-path (of HELO where that is null).
    pub spf: SpfCheck,
    /// SPF of the HELO identity.
    pub spf_helo: SpfCheck,
    /// DKIM signatures, in the order of the header.
    pub dkim: Vec<DkimSignature>,
    /// DMARC of the author domain.
    pub dmarc: DmarcCheck,
    /// The ARC chain.
    pub arc: ArcChain,
    /// What could not be known.
    pub gaps: Vec<Gap>,
}

impl AuthResults {
    /// Whether anything was checked at all.
    pub fn are_known(&self) -> bool {
        self.source != Source::Nobody
    }

    /// Signing domains of the signatures that pass.
    pub fn signers(&self) -> impl Iterator<Item = &Domain> {
        self.dkim.iter().filter(|s| s.outcome == Outcome::Pass).filter_map(|s| s.domain.as_ref())
    }

    /// Whether the author domain is proved: DMARC passes, or a passing SPF or DKIM domain is aligned with it
    /// (relaxed, RFC 7489 §3.1), so that domains without a DMARC record can prove themselves too.
    pub fn prove(&self, author: &Domain) -> bool {
        let dmarc = self.dmarc.outcome == Outcome::Pass
            && self.dmarc.domain.as_ref().is_some_and(|domain| domain.is_aligned_with(author));
        let spf = self.spf.outcome == Outcome::Pass
            && self.spf.domain.as_ref().is_some_and(|domain| domain.is_aligned_with(author));
        dmarc || spf || self.signers().any(|domain| domain.is_aligned_with(author))
    }
}

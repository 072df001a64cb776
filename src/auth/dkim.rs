//! DKIM signatures (RFC 6376): which are worth verifying, and what they prove.

use std::time::{SystemTime, UNIX_EPOCH};

use mail_auth::common::crypto::{Algorithm, CryptoError, HashAlgorithm};
use mail_auth::common::headers::Header;
use mail_auth::common::resolver::ToFqdn;
use mail_auth::common::verify::{DomainKey, VerifySignature};
use mail_auth::dkim::{DkimError, Signature};
use mail_auth::{AuthenticatedMessage, DkimOutput, DkimResult, Error, MessageAuthenticator, Parameters};

use super::inquiry::Inquiry;
use super::records::{Records, first, reason};
use super::resolver::Kind;
use super::signed::{BodyHash, hash, is_named};
use super::tags::Tags;
use super::{DkimSignature, Outcome};
use crate::mail::{Domain, Gap, Missing};

/// Longest signature field that is read: a `z=` copy of the header makes some long, but none this long.
const FIELD_BYTES_MAX: usize = 16_384;
/// Fields that a signature may name: each is looked for in the whole header.
const SIGNED_FIELDS_MAX: usize = 256;

/// The signatures of a message, in its order.
pub(super) struct Signatures {
    found: Vec<Found>,
    /// How many were passed over, being beyond the limit.
    beyond: usize,
}

/// A signature field.
enum Found {
    /// Settled without DNS.
    Settled(DkimSignature),
    /// To be verified; whether it leaves some of the body out.
    Open { partial: bool },
}

/// What the signatures proved.
pub(super) struct Proved<'x> {
    pub(super) signatures: Vec<DkimSignature>,
    pub(super) gaps: Vec<Gap>,
    /// For DMARC: those that pass or might.
    pub(super) outputs: Vec<DkimOutput<'x>>,
}

/// Reads the signature fields and puts those that need a key into `message`.
pub(super) fn read<'x>(message: &mut AuthenticatedMessage<'x>, body: &[u8], signatures_max: usize) -> Signatures {
    let fields: Vec<(&'x [u8], &'x [u8])> =
        message.headers.iter().filter(|(name, _)| is_named(name, "DKIM-Signature")).copied().collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut found = Vec::with_capacity(fields.len().min(signatures_max));
    for (name, value) in fields.iter().take(signatures_max) {
        found.push(match judge(message, value, body, now) {
            Ok((signature, partial)) => {
                message.dkim_headers.push(Header::new(name, value, signature));
                Found::Open { partial }
            }
            Err(settled) => Found::Settled(settled),
        });
    }
    Signatures { found, beyond: fields.len().saturating_sub(signatures_max) }
}

/// Settles what needs no key (RFC 6376 §6.1.1, RFC 8301); otherwise the signature, and whether it is partial.
fn judge(
    message: &mut AuthenticatedMessage<'_>,
    value: &[u8],
    body: &[u8],
    now: u64,
) -> Result<(Signature, bool), DkimSignature> {
    let broken = DkimSignature { outcome: Outcome::PermError, domain: None, selector: String::new() };
    if value.len() > FIELD_BYTES_MAX {
        return Err(broken);
    }
    let is_complete = Tags::read(value).is_some_and(|tags| tags.have(&["v", "a", "b", "bh", "d", "h", "s"]));
    let mut signature = match Signature::parse(value) {
        Ok(signature) if is_complete => signature,
        _ => return Err(broken),
    };
    let settled = |outcome| settle(&signature, outcome);
    let sound = signature.v == 1
        && signature.a != Algorithm::RsaSha1
        && signature.h.len() <= SIGNED_FIELDS_MAX
        && signature.h.iter().any(|name| name.eq_ignore_ascii_case("from"))
        && (signature.x == 0 || (signature.x > signature.t && signature.x > now));
    if !sound {
        return Err(settled(Outcome::PermError));
    }
    let algorithm = HashAlgorithm::from(signature.a);
    let known = message.body_hashes.iter().find(|(c, a, l, _)| (*c, *a, *l) == (signature.cb, algorithm, signature.l));
    // A length that covers the whole body is verified like none; the same pair of hashes then serves both.
    let hashed = match known {
        Some((.., hash)) if signature.l == 0 => BodyHash { hash: hash.clone(), partial: false },
        _ => hash(body, signature.cb, algorithm, signature.l).ok_or_else(|| settled(Outcome::PermError))?,
    };
    if hashed.hash != signature.bh {
        return Err(settled(Outcome::Fail));
    }
    if known.is_none() {
        message.body_hashes.push((signature.cb, algorithm, signature.l, hashed.hash));
    }
    // Neither reports to the signer (RFC 6651) nor third-party authorisation (RFC 6541) are worth a question.
    signature.r = false;
    signature.atps = None;
    Ok((signature, hashed.partial))
}

fn settle(signature: &Signature, outcome: Outcome) -> DkimSignature {
    DkimSignature { outcome, domain: Domain::parse(&signature.d), selector: signature.s.clone() }
}

/// Asks for the keys of the open signatures, all at once.
pub(super) async fn keys(inquiry: &Inquiry<'_>, message: &AuthenticatedMessage<'_>) -> Records {
    let names: Vec<String> =
        message.dkim_headers.iter().map(|field| field.header.domain_key().to_fqdn().into_owned()).collect();
    let mut keys = Records::default();
    for (name, answer) in names.iter().zip(inquiry.ask_all(Kind::Txt, &names).await) {
        keys.add(name, first::<DomainKey>(&answer));
    }
    keys
}

/// Verifies the open signatures with their keys.
pub(super) async fn verify<'x>(
    library: &MessageAuthenticator,
    message: &'x AuthenticatedMessage<'x>,
    keys: &'x Records,
    signatures: Signatures,
) -> Proved<'x> {
    let outputs = library.verify_dkim(Parameters::new(message).with_txt_cache(keys)).await;
    let mut proved = Proved { signatures: Vec::new(), gaps: Vec::new(), outputs: Vec::new() };
    let mut outputs = outputs.into_iter();
    for found in signatures.found {
        match found {
            Found::Settled(signature) => proved.signatures.push(signature),
            Found::Open { partial } => {
                // mail-auth gives one output for each signature that it was handed, in order.
                let Some(output) = outputs.next() else { break };
                proved.take(output, partial);
            }
        }
    }
    if signatures.beyond > 0 {
        let why = format!("{} DKIM signatures beyond the limit were not verified", signatures.beyond);
        proved.gaps.push(Gap::new(Missing::Dkim, why));
    }
    proved
}

impl<'x> Proved<'x> {
    fn take(&mut self, output: DkimOutput<'x>, partial: bool) {
        let mut outcome = outcome(output.result());
        // A signature that leaves the end of the body out proves nothing about what the reader sees (RFC 6376 §8.2).
        if partial && outcome == Outcome::Pass {
            outcome = Outcome::Neutral;
        }
        if let DkimResult::TempError(error) = output.result() {
            self.gaps.push(Gap::new(Missing::Dkim, reason(error)));
        }
        if let Some(signature) = output.signature() {
            self.signatures.push(settle(signature, outcome));
        }
        if matches!(outcome, Outcome::Pass | Outcome::TempError) {
            self.outputs.push(output);
        }
    }
}

/// RFC 8601 §2.7.1 names; what mail-auth calls neutral is a broken or failing signature.
fn outcome(result: &DkimResult) -> Outcome {
    match result {
        DkimResult::Pass => Outcome::Pass,
        DkimResult::None => Outcome::None,
        DkimResult::TempError(_) => Outcome::TempError,
        DkimResult::Fail(Error::Crypto(CryptoError::FailedVerification | CryptoError::Library(_)))
        | DkimResult::Fail(Error::Dkim(DkimError::FailedBodyHashMatch))
        | DkimResult::Neutral(Error::Dkim(DkimError::FailedBodyHashMatch)) => Outcome::Fail,
        DkimResult::Fail(_) | DkimResult::Neutral(_) | DkimResult::PermError(_) => Outcome::PermError,
    }
}

//! The ARC chain (RFC 8617): whether intermediaries vouch for the message without a break.

use mail_auth::arc::{Results, Seal, Signature};
use mail_auth::common::crypto::{Algorithm, HashAlgorithm};
use mail_auth::common::headers::Header;
use mail_auth::common::resolver::ToFqdn;
use mail_auth::common::verify::{DomainKey, VerifySignature};
use mail_auth::dkim::Canonicalization;
use mail_auth::{AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters};

use super::inquiry::Inquiry;
use super::records::{Records, first, reason};
use super::resolver::Kind;
use super::signed::{hash, is_named};
use super::tags::Tags;
use super::{ArcChain, Outcome};
use crate::mail::{Domain, Gap, Missing};

/// Sets that a chain may have (RFC 8617 §5.1.1.1).
const SETS_MAX: usize = 50;
/// Bytes of all ARC fields together: each seal hashes all fields before it, so the work grows with the square.
const FIELDS_BYTES_MAX: usize = 262_144;

/// What was found of a chain.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chain {
    /// No ARC field.
    Absent,
    /// Broken beyond need of a key.
    Broken(Vec<Domain>),
    /// To be verified.
    Open(Vec<Domain>),
}

/// Reads the ARC fields into `message`.
pub(super) fn read<'x>(message: &mut AuthenticatedMessage<'x>, body: &[u8]) -> Chain {
    let is_arc = |name: &[u8]| name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"arc-"));
    let fields: Vec<(&'x [u8], &'x [u8])> = message.headers.iter().filter(|(name, _)| is_arc(name)).copied().collect();
    let (mut count, mut sound) = (0, fields.iter().map(|(_, value)| value.len()).sum::<usize>() <= FIELDS_BYTES_MAX);
    for (name, value) in fields {
        count += 1;
        sound = sound && count <= 3 * SETS_MAX;
        if !sound {
            break;
        }
        if is_named(name, "ARC-Seal") {
            sound = seal(value).map(|seal| message.as_headers.push(Header::new(name, value, seal))).is_some();
        } else if is_named(name, "ARC-Message-Signature") {
            sound = signature(value).map(|one| message.ams_headers.push(Header::new(name, value, one))).is_some();
        } else if is_named(name, "ARC-Authentication-Results") {
            let results = Results::parse(value);
            sound = results.map(|results| message.aar_headers.push(Header::new(name, value, results))).is_ok();
        } else {
            count -= 1;
        }
    }
    if count == 0 && sound {
        return Chain::Absent;
    }
    message.as_headers.sort_by_key(|field| field.header.i);
    message.ams_headers.sort_by_key(|field| field.header.i);
    message.aar_headers.sort_by_key(|field| field.header.i);
    let sealers = message.as_headers.iter().filter_map(|field| Domain::parse(&field.header.d)).collect();
    if sound && settle_body(message, body) { Chain::Open(sealers) } else { Chain::Broken(sealers) }
}

/// A seal that can be verified (RFC 8617 §4.1.3).
fn seal(value: &[u8]) -> Option<Seal> {
    is_well_formed(value, &["a", "b", "cv", "d", "i", "s"])?;
    Seal::parse(value).ok().filter(|seal| seal.a != Algorithm::RsaSha1)
}

/// A message signature that can be verified (RFC 8617 §4.1.2): it must not cover seals, and one that leaves out some of
/// the body vouches for nothing.
fn signature(value: &[u8]) -> Option<Signature> {
    let tags = is_well_formed(value, &["a", "b", "bh", "d", "h", "i", "s"])?;
    let mut signature = Signature::parse(value).ok()?;
    if !tags.have(&["c"]) {
        // Others who verify ARC take relaxed here, and so does the suite; DKIM's own default would be simple.
        (signature.ch, signature.cb) = (Canonicalization::Relaxed, Canonicalization::Relaxed);
    }
    let sound = signature.a != Algorithm::RsaSha1
        && signature.l == 0
        && !signature.h.iter().any(|name| name.eq_ignore_ascii_case("arc-seal"));
    sound.then_some(signature)
}

fn is_well_formed<'a>(value: &'a [u8], names: &[&str]) -> Option<Tags<'a>> {
    Tags::read(value).filter(|tags| tags.have(names) && !tags.have_empty())
}

/// Whether the sets are complete and the newest signature speaks of this body; leaves the hash where mail-auth looks.
fn settle_body(message: &mut AuthenticatedMessage<'_>, body: &[u8]) -> bool {
    let sets = message.as_headers.len();
    if message.ams_headers.len() != sets || message.aar_headers.len() != sets {
        return false;
    }
    let Some(newest) = message.ams_headers.last() else { return false };
    let (canonicalization, algorithm) = (newest.header.cb, HashAlgorithm::from(newest.header.a));
    let known = message.body_hashes.iter().any(|(c, a, l, _)| (*c, *a, *l) == (canonicalization, algorithm, 0));
    if !known && let Some(hashed) = hash(body, canonicalization, algorithm, 0) {
        message.body_hashes.push((canonicalization, algorithm, 0, hashed.hash));
    }
    let newest_hash = &newest.header.bh;
    message
        .body_hashes
        .iter()
        .any(|(c, a, l, hash)| (*c, *a, *l) == (canonicalization, algorithm, 0) && hash == newest_hash)
}

/// Verifies an open chain: all keys are asked for at once.
pub(super) async fn verify<'x>(
    library: &MessageAuthenticator,
    inquiry: &Inquiry<'_>,
    message: &'x AuthenticatedMessage<'x>,
    chain: Chain,
) -> (ArcChain, Option<Gap>) {
    let sealers = match chain {
        Chain::Absent => return (ArcChain::default(), None),
        Chain::Broken(sealers) => return (ArcChain { outcome: Outcome::Fail, sealers }, None),
        Chain::Open(sealers) => sealers,
    };
    let newest = message.ams_headers.last().map(|field| field.header.domain_key());
    let seals = message.as_headers.iter().map(|field| field.header.domain_key());
    let mut names: Vec<String> = seals.chain(newest).map(|name| name.to_fqdn().into_owned()).collect();
    names.sort_unstable();
    names.dedup();
    let mut keys = Records::default();
    for (name, answer) in names.iter().zip(inquiry.ask_all(Kind::Txt, &names).await) {
        keys.add(name, first::<DomainKey>(&answer));
    }
    let output = library.verify_arc(Parameters::new(message).with_txt_cache(&keys)).await;
    match output.result() {
        DkimResult::Pass => (ArcChain { outcome: Outcome::Pass, sealers }, None),
        DkimResult::None => (ArcChain::default(), None),
        DkimResult::TempError(error) => {
            (ArcChain { outcome: Outcome::TempError, sealers }, Some(Gap::new(Missing::Arc, reason(error))))
        }
        // RFC 8617 §5.2: a chain passes or fails; a missing key fails it too.
        _ => (ArcChain { outcome: Outcome::Fail, sealers }, None),
    }
}

//! All checks of one message, within its time.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use mail_auth::MessageAuthenticator;

use super::inquiry::Inquiry;
use super::resolver::Resolver;
use super::settings::{SetUpError, Settings};
use super::spf::{Identity, check_host};
use super::{AuthResults, DmarcCheck, Outcome, Source, SpfCheck};
use super::{arc, dkim, dmarc, signed};
use crate::mail::{Domain, Envelope, Gap, Missing};

/// Verifies what senders claim. It holds the DNS client and its cache: make one, share it, and use it from one tokio
/// runtime, since open DNS connections belong to the runtime in which they were made.
pub struct Verifier {
    resolver: Option<Resolver>,
    /// mail-auth's own face of the client; it is handed every record, so it asks for none.
    library: Option<MessageAuthenticator>,
    message_max: Duration,
    signatures_max: usize,
}

impl Verifier {
    /// Sets up the DNS client.
    ///
    /// # Errors
    /// When `resolver` names no server, `/etc/resolv.conf` is asked for and cannot be used, or a limit is 0; all the
    /// administrator's to mend.
    pub fn new(settings: &Settings) -> Result<Self, SetUpError> {
        settings.limit_fault().map_or(Ok(()), Err)?;
        let resolver = Resolver::new(settings)?;
        let library = resolver.as_ref().map(|resolver| MessageAuthenticator(resolver.client()));
        let message_max = Duration::from_millis(settings.dns_milliseconds_max);
        Ok(Self { resolver, library, message_max, signatures_max: settings.signatures_max })
    }

    /// Checks SPF, DKIM, ARC, and DMARC of `author`, the one domain of the From field (`None` where there is none, or
    /// several: RFC 9989 §4.1 exempts those). Never fails and never takes longer than `dns_milliseconds_max` plus its own
    /// reckoning: what DNS did not say by then is a temperror with its [`Gap`]. With the resolver off nothing is checked
    /// and the source is [`Source::Nobody`]. A client that is unknown has no SPF result, and no gap.
    pub async fn verify(&self, envelope: &Envelope, raw: &[u8], author: Option<&Domain>) -> AuthResults {
        let (Some(resolver), Some(library)) = (&self.resolver, &self.library) else { return AuthResults::default() };
        let inquiry = Inquiry::new(resolver, Instant::now() + self.message_max);
        let (head, body) = signed::split(raw);
        let mut message = signed::message(&head, author.map(Domain::as_str));
        let signatures = dkim::read(&mut message, body, self.signatures_max);
        let chain = arc::read(&mut message, body);
        let ((spf, spf_helo, spf_gap), keys, (arc, arc_gap), walk) = tokio::join!(
            both_identities(&inquiry, envelope),
            dkim::keys(&inquiry, &message),
            arc::verify(library, &inquiry, &message, chain),
            async {
                match author {
                    Some(author) => Some((author, dmarc::walk(&inquiry, author).await)),
                    None => None,
                }
            },
        );
        let proved = dkim::verify(library, &message, &keys, signatures).await;
        let (dmarc, dmarc_gap) = match walk {
            Some((author, walk)) => {
                let proof = dmarc::Proof { message: &message, spf: &spf, signatures: &proved.outputs };
                dmarc::verify(library, &inquiry, author, walk, proof).await
            }
            None => (DmarcCheck::default(), None),
        };
        let gaps = spf_gap.into_iter().chain(proved.gaps).chain(dmarc_gap).chain(arc_gap).collect();
        AuthResults { source: Source::Ourselves, spf, spf_helo, dkim: proved.signatures, dmarc, arc, gaps }
    }

    /// Checks SPF of one reverse-path, given as it was sent but without angle brackets; an empty one is checked as
    /// postmaster of the HELO name (RFC 7208 §2.4). The gap says what DNS failed to.
    pub async fn check_spf(&self, client: IpAddr, helo: &str, reverse_path: &str) -> (SpfCheck, Option<Gap>) {
        let Some(resolver) = &self.resolver else { return (SpfCheck::default(), None) };
        let inquiry = Inquiry::new(resolver, Instant::now() + self.message_max);
        one_identity(&inquiry, client, helo, reverse_path).await
    }
}

/// SPF of the reverse-path and of the HELO name. A failure of DNS for the latter alone is no gap: nothing rests on it.
async fn both_identities(inquiry: &Inquiry<'_>, envelope: &Envelope) -> (SpfCheck, SpfCheck, Option<Gap>) {
    let Some(client) = envelope.client else { return <_>::default() };
    let helo = envelope.helo.as_deref().unwrap_or_default();
    let Some(sender) = &envelope.sender else {
        let (check, gap) = one_identity(inquiry, client, helo, "").await;
        return (check.clone(), check, gap);
    };
    let sender = sender.to_string();
    let ((spf, gap), (spf_helo, _)) =
        tokio::join!(one_identity(inquiry, client, helo, &sender), one_identity(inquiry, client, helo, ""));
    (spf, spf_helo, gap)
}

async fn one_identity(
    inquiry: &Inquiry<'_>,
    client: IpAddr,
    helo: &str,
    reverse_path: &str,
) -> (SpfCheck, Option<Gap>) {
    let (local, domain) = match reverse_path.rsplit_once('@') {
        Some((local, domain)) => (if local.is_empty() { "postmaster" } else { local }, domain),
        None if reverse_path.is_empty() => ("postmaster", helo),
        None => ("postmaster", reverse_path),
    };
    let named = Domain::parse(domain);
    match check_host(inquiry, Identity { client, local, domain, helo }).await {
        Ok(outcome) => (SpfCheck { outcome, domain: named }, None),
        Err(why) => (SpfCheck { outcome: Outcome::TempError, domain: named }, Some(Gap::new(Missing::Spf, why))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Settings), expected: Result<(), SetUpError>) {
        let mut settings = Settings { resolver: "off".to_owned(), ..Settings::default() };
        change(&mut settings);
        assert_eq!(Verifier::new(&settings).map(|_| ()), expected);
    }

    #[test]
    fn limits_are_at_least_one() {
        check(|_| (), Ok(()));
        check(|s| s.dns_milliseconds_max = 0, Err(SetUpError::Limit("dns_milliseconds_max")));
        check(|s| s.dns_milliseconds_max = 1, Ok(()));
        check(|s| s.dns_in_flight_max = 0, Err(SetUpError::Limit("dns_in_flight_max")));
        check(|s| s.dns_query_milliseconds_max = 0, Err(SetUpError::Limit("dns_query_milliseconds_max")));
    }

    #[tokio::test]
    async fn nothing_is_checked_when_the_resolver_is_off() {
        let settings = Settings { resolver: "off".to_owned(), ..Settings::default() };
        let verifier = Verifier::new(&settings).expect("sound");
        let author = Domain::parse("example.org");
        let results = verifier.verify(&Envelope::default(), b"From: a@example.org\r\n\r\n", author.as_ref()).await;
        assert_eq!(results, AuthResults::default());
        assert!(!results.are_known());
    }
}

//! SPF: whether a domain lets a client send in its name (RFC 7208).

mod macros;
mod record;

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::pin::Pin;

use self::macros::{MacroString, Variables, dotted};
use self::record::{Directive, Mechanism, Prefix, Record, is_spf};
use super::Outcome;
use super::inquiry::Inquiry;
use super::resolver::{Answer, Kind};

/// Terms that cause DNS questions (RFC 7208 §4.6.4).
const TERMS_MAX: usize = 10;
/// Terms whose questions have no answer (RFC 7208 §4.6.4).
const VOIDS_MAX: usize = 2;
/// Mail exchangers of one `mx`, and names of one `ptr` (RFC 7208 §4.6.4).
const NAMES_MAX: usize = 10;

/// What is checked: a client, and in whose name it speaks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Identity<'a> {
    /// The client.
    pub(super) client: IpAddr,
    /// Local part of the sender; "postmaster" where there is none (RFC 7208 §4.3).
    pub(super) local: &'a str,
    /// Domain of the sender.
    pub(super) domain: &'a str,
    /// HELO name.
    pub(super) helo: &'a str,
}

/// Checks an identity (`check_host`, RFC 7208 §4). `Err` is a temperror, with what DNS failed to say.
pub(super) async fn check_host(inquiry: &Inquiry<'_>, identity: Identity<'_>) -> Result<Outcome, String> {
    let domain = identity.domain.strip_suffix('.').unwrap_or(identity.domain);
    // RFC 7208 §4.3: address literals and single labels are no domains to ask about.
    if !domain.contains('.') || domain.contains(['[', ':', ' ']) || domain.split('.').any(str::is_empty) {
        return Ok(Outcome::None);
    }
    let identity = Identity { client: identity.client.to_canonical(), domain, ..identity };
    match (Check { inquiry, identity, terms: 0, voids: 0 }).domain(domain).await {
        Ok(outcome) => Ok(outcome),
        Err(Stop::Permanent) => Ok(Outcome::PermError),
        Err(Stop::Temporary(why)) => Err(why),
    }
}

/// Why a check ends before its end.
enum Stop {
    Permanent,
    Temporary(String),
}

/// A check under way, with what it has spent.
struct Check<'a> {
    inquiry: &'a Inquiry<'a>,
    identity: Identity<'a>,
    terms: usize,
    voids: usize,
}

type Checked<'b> = Pin<Box<dyn Future<Output = Result<Outcome, Stop>> + Send + 'b>>;

impl Check<'_> {
    /// Evaluates the record of `domain`. Boxed, since a record can lead to another one; `TERMS_MAX` bounds the depth.
    fn domain<'b>(&'b mut self, domain: &'b str) -> Checked<'b> {
        Box::pin(async move {
            let Some(record) = self.record(domain).await? else { return Ok(Outcome::None) };
            for Directive { outcome, mechanism } in &record.directives {
                if self.matches(mechanism, domain).await? {
                    return Ok(*outcome);
                }
            }
            let Some(redirect) = &record.redirect else { return Ok(Outcome::Neutral) };
            self.spend_term()?;
            let target = self.target(Some(redirect), domain).await;
            match self.domain(&target).await? {
                Outcome::None => Err(Stop::Permanent),
                outcome => Ok(outcome),
            }
        })
    }

    async fn record(&self, domain: &str) -> Result<Option<Record>, Stop> {
        let answer = self.inquiry.ask(Kind::Txt, domain).await;
        let texts = match &*answer {
            Answer::Texts(texts) => texts,
            Answer::Failed(why) => return Err(Stop::Temporary(why.to_string())),
            _ => return Ok(None),
        };
        let mut records = texts.iter().filter(|text| is_spf(text));
        let Some(first) = records.next() else { return Ok(None) };
        // RFC 7208 §4.5: more than one record is an error of the domain's owner.
        if records.next().is_some() {
            return Err(Stop::Permanent);
        }
        Record::parse(first).map(Some).ok_or(Stop::Permanent)
    }

    async fn matches(&mut self, mechanism: &Mechanism, domain: &str) -> Result<bool, Stop> {
        let client = self.identity.client;
        match mechanism {
            Mechanism::All => Ok(true),
            Mechanism::Ip4 { address, prefix } => Ok(agrees(client, (*address).into(), both(*prefix))),
            Mechanism::Ip6 { address, prefix } => Ok(agrees(client, (*address).into(), both(*prefix))),
            Mechanism::Include(target) => {
                self.spend_term()?;
                let target = self.target(Some(target), domain).await;
                match self.domain(&target).await? {
                    Outcome::Pass => Ok(true),
                    Outcome::None => Err(Stop::Permanent),
                    _ => Ok(false),
                }
            }
            Mechanism::A { domain: target, prefix } => {
                self.spend_term()?;
                let target = self.target(target.as_ref(), domain).await;
                self.has_address(&target, *prefix, true).await
            }
            Mechanism::Mx { domain: target, prefix } => {
                self.spend_term()?;
                let target = self.target(target.as_ref(), domain).await;
                self.has_exchanger(&target, *prefix).await
            }
            Mechanism::Ptr { domain: target } => {
                self.spend_term()?;
                let target = self.target(target.as_ref(), domain).await;
                Ok(self.validated_name(&target).await.is_some_and(|name| is_within(&name, &target)))
            }
            Mechanism::Exists(target) => {
                self.spend_term()?;
                let target = self.target(Some(target), domain).await;
                // RFC 7208 §5.7: an A record is asked for, whatever the client's family.
                match &*self.inquiry.ask(Kind::A, &target).await {
                    Answer::Failed(why) => Err(Stop::Temporary(why.to_string())),
                    Answer::Addresses(_) => Ok(true),
                    _ => self.spend_void().map(|()| false),
                }
            }
        }
    }

    async fn has_exchanger(&mut self, domain: &str, prefix: Prefix) -> Result<bool, Stop> {
        let answer = self.inquiry.ask(Kind::Mx, domain).await;
        let exchangers = match &*answer {
            Answer::Names(names) => names,
            Answer::Failed(why) => return Err(Stop::Temporary(why.to_string())),
            _ => return self.spend_void().map(|()| false),
        };
        for exchanger in exchangers.iter().take(NAMES_MAX) {
            if self.has_address(exchanger, prefix, false).await? {
                return Ok(true);
            }
        }
        if exchangers.len() > NAMES_MAX { Err(Stop::Permanent) } else { Ok(false) }
    }

    /// Whether an address of `name` agrees with the client. A void answer counts where `name` is a term's own question.
    async fn has_address(&mut self, name: &str, prefix: Prefix, counts: bool) -> Result<bool, Stop> {
        match &*self.inquiry.ask(address_kind(self.identity.client), name).await {
            Answer::Addresses(addresses) => Ok(addresses.iter().any(|a| agrees(self.identity.client, *a, prefix))),
            Answer::Failed(why) => Err(Stop::Temporary(why.to_string())),
            _ if counts => self.spend_void().map(|()| false),
            _ => Ok(false),
        }
    }

    /// A name of the client that has the client's address, one within `domain` first (RFC 7208 §5.5). A failure of DNS
    /// is no match here.
    async fn validated_name(&self, domain: &str) -> Option<String> {
        let client = self.identity.client;
        let zone = if client.is_ipv4() { "in-addr" } else { "ip6" };
        let reversed: Vec<String> = dotted(client).rsplit('.').map(str::to_owned).collect();
        let answer = self.inquiry.ask(Kind::Ptr, &format!("{}.{zone}.arpa", reversed.join("."))).await;
        let Answer::Names(names) = &*answer else { return None };
        let mut validated = None;
        for name in names.iter().take(NAMES_MAX) {
            let addresses = self.inquiry.ask(address_kind(client), name).await;
            if matches!(&*addresses, Answer::Addresses(list) if list.contains(&client)) {
                if is_within(name, domain) {
                    return Some(name.to_string());
                }
                validated.get_or_insert_with(|| name.to_string());
            }
        }
        validated
    }

    /// The name that a term speaks of.
    async fn target<'b>(&self, string: Option<&MacroString>, domain: &'b str) -> Cow<'b, str> {
        let Some(string) = string else { return Cow::Borrowed(domain) };
        let validated = if string.needs_validated() { self.validated_name(domain).await } else { None };
        let sender_domain = self.identity.domain;
        Cow::Owned(string.expand(&Variables {
            client: self.identity.client,
            local: self.identity.local,
            sender_domain,
            domain,
            helo: self.identity.helo,
            validated: validated.as_deref().unwrap_or("unknown"),
        }))
    }

    fn spend_term(&mut self) -> Result<(), Stop> {
        self.terms += 1;
        if self.terms > TERMS_MAX { Err(Stop::Permanent) } else { Ok(()) }
    }

    fn spend_void(&mut self) -> Result<(), Stop> {
        self.voids += 1;
        if self.voids > VOIDS_MAX { Err(Stop::Permanent) } else { Ok(()) }
    }
}

fn address_kind(client: IpAddr) -> Kind {
    if client.is_ipv4() { Kind::A } else { Kind::Aaaa }
}

fn both(prefix: u8) -> Prefix {
    Prefix { v4: prefix, v6: prefix }
}

/// Whether two addresses are of one family and agree in their leading bits.
fn agrees(client: IpAddr, address: IpAddr, prefix: Prefix) -> bool {
    match (client, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => {
            let mask = u32::MAX.checked_shl(Ipv4Addr::BITS - u32::from(prefix.v4)).unwrap_or(0);
            (a.to_bits() ^ b.to_bits()) & mask == 0
        }
        (IpAddr::V6(a), IpAddr::V6(b)) => {
            let mask = u128::MAX.checked_shl(Ipv6Addr::BITS - u32::from(prefix.v6)).unwrap_or(0);
            (a.to_bits() ^ b.to_bits()) & mask == 0
        }
        _ => false,
    }
}

fn is_within(name: &str, domain: &str) -> bool {
    let start = name.len().checked_sub(domain.len());
    start
        .and_then(|start| name.split_at_checked(start))
        .is_some_and(|(before, end)| end.eq_ignore_ascii_case(domain) && (before.is_empty() || before.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(client: &str, address: &str, prefix: u8, expected: bool) {
        let (client, address) = (client.parse().expect("valid"), address.parse().expect("valid"));
        assert_eq!(agrees(client, address, both(prefix)), expected, "{client} {address}/{prefix}");
    }

    #[test]
    fn addresses_agree_within_their_prefix_and_family() {
        check("192.0.2.77", "192.0.2.1", 24, true);
        check("192.0.2.77", "192.0.2.1", 25, true);
        check("192.0.2.177", "192.0.2.1", 25, false);
        check("203.0.113.1", "192.0.2.1", 0, true);
        check("2001:db8::1", "2001:db8:ffff::", 32, true);
        check("2001:db8::1", "2001:db8:ffff::", 48, false);
        check("192.0.2.1", "::ffff:192.0.2.1", 0, false);
    }

    #[test]
    fn a_name_is_within_its_own_domain() {
        assert!(is_within("mail.example.org", "example.org") && is_within("Example.org", "example.ORG"));
        assert!(!is_within("badexample.org", "example.org") && !is_within("org", "example.org"));
    }
}

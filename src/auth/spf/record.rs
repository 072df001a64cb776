//! The syntax of an SPF record (RFC 7208 §4.5, §4.6, §5, §6, §12).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::macros::MacroString;
use crate::auth::Outcome;

/// A record whose syntax is right.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Mechanisms, in their order.
    pub(super) directives: Vec<Directive>,
    /// Where to go on when none matches.
    pub(super) redirect: Option<MacroString>,
}

/// A mechanism, and what its match means.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) outcome: Outcome,
    pub(super) mechanism: Mechanism,
}

/// A test of the client (RFC 7208 §5); a domain that is `None` is the current one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Mechanism {
    All,
    Include(MacroString),
    A { domain: Option<MacroString>, prefix: Prefix },
    Mx { domain: Option<MacroString>, prefix: Prefix },
    Ptr { domain: Option<MacroString> },
    Ip4 { address: Ipv4Addr, prefix: u8 },
    Ip6 { address: Ipv6Addr, prefix: u8 },
    Exists(MacroString),
}

/// How many leading bits must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prefix {
    pub(super) v4: u8,
    pub(super) v6: u8,
}

/// Whether a TXT record is an SPF record (RFC 7208 §4.5): its version stands alone.
pub(super) fn is_spf(text: &[u8]) -> bool {
    text.get(..6).is_some_and(|version| version.eq_ignore_ascii_case(b"v=spf1"))
        && matches!(text.get(6), None | Some(b' '))
}

impl Record {
    /// Reads a record for which [`is_spf`] holds; `None` is a syntax error anywhere in it (RFC 7208 §4.6).
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok().filter(|text| text.is_ascii())?;
        let mut record = Self { directives: Vec::new(), redirect: None };
        let mut explained = false;
        for term in text[6..].split(' ').filter(|term| !term.is_empty()) {
            let Some((name, value)) = modifier(term) else {
                record.directives.push(directive(term)?);
                continue;
            };
            match name.to_ascii_lowercase().as_str() {
                "redirect" if record.redirect.is_none() => record.redirect = Some(MacroString::parse_domain(value)?),
                // The explanation is for the sender's eyes and never fetched, but a wrong one makes the record wrong.
                "exp" if !explained => {
                    MacroString::parse_domain(value)?;
                    explained = true;
                }
                "redirect" | "exp" => return None,
                _ => drop(MacroString::parse(value)?),
            }
        }
        Some(record)
    }
}

/// Splits `name=value`; `None` for a mechanism, whose name ends in another sign.
fn modifier(term: &str) -> Option<(&str, &str)> {
    let (name, value) = term.split_once('=')?;
    let sound = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    sound.then_some((name, value))
}

fn directive(term: &str) -> Option<Directive> {
    let (outcome, term) = match term.as_bytes().first()? {
        b'+' => (Outcome::Pass, &term[1..]),
        b'-' => (Outcome::Fail, &term[1..]),
        b'~' => (Outcome::SoftFail, &term[1..]),
        b'?' => (Outcome::Neutral, &term[1..]),
        _ => (Outcome::Pass, term),
    };
    let end = term.find([':', '/']).unwrap_or(term.len());
    let (name, rest) = term.split_at(end);
    let argument = rest.strip_prefix(':');
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if rest.is_empty() => Mechanism::All,
        "include" => Mechanism::Include(MacroString::parse_domain(argument?)?),
        "exists" => Mechanism::Exists(MacroString::parse_domain(argument?)?),
        "a" => {
            let (domain, prefix) = domain_and_prefix(rest)?;
            Mechanism::A { domain, prefix }
        }
        "mx" => {
            let (domain, prefix) = domain_and_prefix(rest)?;
            Mechanism::Mx { domain, prefix }
        }
        "ptr" if rest.is_empty() => Mechanism::Ptr { domain: None },
        "ptr" => Mechanism::Ptr { domain: Some(MacroString::parse_domain(argument?)?) },
        "ip4" => {
            let (address, prefix) = argument?.split_once('/').map_or((argument?, None), |(a, p)| (a, Some(p)));
            let prefix = prefix.map_or(Some(32), |text| bits(text, 32))?;
            Mechanism::Ip4 { address: address.parse().ok()?, prefix }
        }
        "ip6" => {
            let (address, prefix) = argument?.split_once('/').map_or((argument?, None), |(a, p)| (a, Some(p)));
            let prefix = prefix.map_or(Some(128), |text| bits(text, 128))?;
            Mechanism::Ip6 { address: address.parse().ok()?, prefix }
        }
        _ => return None,
    };
    Some(Directive { outcome, mechanism })
}

/// Reads `[":" domain-spec] ["/" bits] ["//" bits]`. A slash may stand in the domain too, so the end is read first.
fn domain_and_prefix(rest: &str) -> Option<(Option<MacroString>, Prefix)> {
    let (rest, v6) = match rest.rsplit_once("//") {
        Some((before, text)) => (before, bits(text, 128)?),
        None => (rest, 128),
    };
    let is_bits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (rest, v4) = match rest.rsplit_once('/') {
        Some((before, text)) if is_bits(text) => (before, bits(text, 32)?),
        _ => (rest, 32),
    };
    let domain = match rest.strip_prefix(':') {
        Some(text) => Some(MacroString::parse_domain(text)?),
        None if rest.is_empty() => None,
        None => return None,
    };
    Some((domain, Prefix { v4, v6 }))
}

/// A prefix length without leading zeros (RFC 7208 §5.6).
fn bits(text: &str, longest: u8) -> Option<u8> {
    let sound = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    text.parse().ok().filter(|bits| sound && *bits <= longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, sound: bool) {
        assert_eq!(Record::parse(text.as_bytes()).is_some(), sound, "{text}");
    }

    #[test]
    fn the_version_stands_alone() {
        assert!(is_spf(b"v=spf1") && is_spf(b"V=SPF1 -all"));
        assert!(!is_spf(b"v=spf10") && !is_spf(b"v=spf1\t-all") && !is_spf(b"v=spf") && !is_spf(b" v=spf1"));
    }

    #[test]
    fn sound_records_are_read() {
        for text in [
            "v=spf1",
            "v=spf1  a mx -all ",
            "v=spf1 A:example.org/24//64 ~All",
            "v=spf1 a//0 mx/0 ip4:192.0.2.0/24 ip6:2001:db8::/32",
            "v=spf1 ptr ptr:example.org exists:%{ir}.example.org include:%{d} redirect=_spf.example.org",
            "v=spf1 moo.cow-far_out=man:dog/cat exp=why.example.org",
        ] {
            check(text, true);
        }
    }

    #[test]
    fn one_wrong_term_spoils_the_record() {
        for text in [
            "v=spf1 -all:foo",
            "v=spf1 all/8",
            "v=spf1 ip4:1.2.3.4/33",
            "v=spf1 ip4:1.2.3.4/032",
            "v=spf1 ip4:1.2.3",
            "v=spf1 ip4:1.2.3.4//32",
            "v=spf1 ip6:::1/129",
            "v=spf1 a/33",
            "v=spf1 a//129",
            "v=spf1 a/",
            "v=spf1 a:",
            "v=spf1 a:example",
            "v=spf1 include",
            "v=spf1 include:example.org/24",
            "v=spf1 ptr/24",
            "v=spf1 exists:",
            "v=spf1 redirect=",
            "v=spf1 redirect=a.example redirect=b.example",
            "v=spf1 exp=a.example exp=b.example",
            "v=spf1 unknown",
            "v=spf1 =x",
            "v=spf1 x=%{q}",
            "v=spf1 a\tmx",
        ] {
            check(text, false);
        }
        assert!(Record::parse(b"v=spf1 a:\xef\xbb\xbfexample.org").is_none());
    }

    #[test]
    fn prefixes_and_domains_are_told_apart() {
        let record = Record::parse(b"v=spf1 a:example.org/24//64 -mx/25").expect("sound");
        let domain = MacroString::parse_domain("example.org");
        let a = Mechanism::A { domain, prefix: Prefix { v4: 24, v6: 64 } };
        let mx = Mechanism::Mx { domain: None, prefix: Prefix { v4: 25, v6: 128 } };
        assert_eq!(record.directives[0], Directive { outcome: Outcome::Pass, mechanism: a });
        assert_eq!(record.directives[1], Directive { outcome: Outcome::Fail, mechanism: mx });
    }
}

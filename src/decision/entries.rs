//! Senders that the administrator always lets through or always stops, and which entry wins.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::mail::{Address, Direction, Domain};

use super::{Findings, Policy, Verdict};

/// Most entries of both lists together: each is compared with every message, at about 10 ns.
pub(super) const ENTRIES_MAX: usize = 2_000;
/// Most recipients one entry names; a domain says more.
pub(super) const RECIPIENTS_MAX: usize = 100;

/// Whom an entry means: `someone@partner.example` one mailbox (in any case of letters), `*@partner.example` every
/// mailbox of exactly that domain, `partner.example` that domain and all below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Pattern {
    /// One mailbox.
    Mailbox(Address),
    /// Every mailbox of exactly this domain.
    Domain(Domain),
    /// This domain and all below it.
    Within(Domain),
}

/// How narrow a pattern is: by its kind, then by the labels of its domain.
type Rank = (u8, usize);

impl Pattern {
    /// Whether the address is meant.
    pub fn matches(&self, address: &Address) -> bool {
        match self {
            Self::Mailbox(mailbox) => mailbox.is_same_mailbox(address),
            Self::Domain(domain) => address.domain() == domain,
            Self::Within(domain) => address.domain().is_within(domain),
        }
    }

    fn domain(&self) -> &Domain {
        match self {
            Self::Mailbox(mailbox) => mailbox.domain(),
            Self::Domain(domain) | Self::Within(domain) => domain,
        }
    }

    fn rank(&self) -> Rank {
        let kind = match self {
            Self::Within(_) => 1,
            Self::Domain(_) => 2,
            Self::Mailbox(_) => 3,
        };
        (kind, self.domain().as_str().split('.').count())
    }

    /// Whether it means everything below a top-level domain.
    pub(super) fn is_top_level(&self) -> bool {
        matches!(self, Self::Within(domain) if !domain.as_str().contains('.'))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mailbox(mailbox) => mailbox.fmt(f),
            Self::Domain(domain) => write!(f, "*@{domain}"),
            Self::Within(domain) => domain.fmt(f),
        }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.to_string()
    }
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let read = match text.trim().split_once("*@") {
            Some(("", domain)) => Domain::parse(domain).map(Self::Domain),
            Some(_) => None,
            None if text.contains('@') => Address::parse(&text).map(Self::Mailbox),
            None => Domain::parse(&text).map(Self::Within),
        };
        read.ok_or_else(|| {
            format!("{text:?} names no sender; write someone@partner.example, *@partner.example or partner.example")
        })
    }
}

/// A sender whose mail always passes. It works only for an author whose domain is proved (by DMARC, or by SPF or DKIM
/// of an aligned domain) or who sent by login or from an own network: anyone can write a name into a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The author.
    pub sender: Pattern,
    /// For which recipients; empty for all.
    #[serde(default)]
    pub recipients: Vec<Pattern>,
}

/// A sender whose mail never passes, proved or not: who forges a blocked name has lost nothing worth keeping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Block {
    /// The author or the envelope's sender.
    pub sender: Pattern,
    /// For which recipients; empty for all.
    #[serde(default)]
    pub recipients: Vec<Pattern>,
    /// What is done with its mail: `reject` unless said otherwise.
    #[serde(default = "reject")]
    pub verdict: Verdict,
}

/// The administrator named the sender, so the sender may be told.
fn reject() -> Verdict {
    Verdict::Reject
}

/// What the entries say of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ruling<'p> {
    /// Nothing.
    Silent,
    /// It passes, by this entry.
    Allowed(&'p Pattern),
    /// An entry would let it pass, but the author proved nothing.
    Unproved(&'p Pattern),
    /// It is stopped, by this entry.
    Blocked(&'p Pattern, Verdict),
    /// Entries of some recipients say otherwise than those of others: no entry decides, for a message has one verdict.
    Divided(&'p Pattern),
}

/// One entry that means the sender of a message.
struct Candidate<'p> {
    sender: &'p Pattern,
    recipients: &'p [Pattern],
    /// The verdict of a block entry; `None` for an allow entry.
    block: Option<Verdict>,
}

impl Candidate<'_> {
    /// How narrowly it means this recipient; `None` where it does not. The recipient's scope counts before the
    /// sender's, and of two equally narrow entries the one that blocks wins.
    fn rank(&self, recipient: Option<&Address>) -> Option<(Rank, Rank, bool)> {
        let scope = if self.recipients.is_empty() {
            (0, 0)
        } else {
            self.recipients.iter().filter(|p| recipient.is_some_and(|r| p.matches(r))).map(Pattern::rank).max()?
        };
        Some((scope, self.sender.rank(), self.block.is_some()))
    }
}

/// What the entries say. Each recipient has the narrowest entry that means sender and recipient (scope first, then
/// sender; block before allow on a tie); entries decide only where those of all recipients agree.
pub(super) fn rule<'p>(findings: &Findings<'_>, policy: &'p Policy) -> Ruling<'p> {
    let author_proved = findings.direction != Direction::Inbound
        || findings.author.is_some_and(|author| findings.auth.prove(author.domain()));
    let is_author = |pattern: &Pattern| findings.author.is_some_and(|author| pattern.matches(author));
    let is_sender = |pattern: &Pattern| findings.sender.is_some_and(|sender| pattern.matches(sender));
    let allows = policy.allow.iter().filter(|entry| is_author(&entry.sender));
    let unproved = allows.clone().next().filter(|_| !author_proved);
    let blocks = policy.block.iter().filter(|entry| is_author(&entry.sender) || is_sender(&entry.sender));
    let candidates: Vec<Candidate<'p>> = allows
        .filter(|_| author_proved)
        .map(|entry| Candidate { sender: &entry.sender, recipients: &entry.recipients, block: None })
        .chain(blocks.map(|entry| Candidate {
            sender: &entry.sender,
            recipients: &entry.recipients,
            block: Some(entry.verdict),
        }))
        .collect();
    match merge(&candidates, findings.recipients) {
        Ruling::Silent => unproved.map_or(Ruling::Silent, |entry| Ruling::Unproved(&entry.sender)),
        ruling => ruling,
    }
}

/// The ruling in which all recipients agree.
fn merge<'p>(candidates: &[Candidate<'p>], recipients: &[Address]) -> Ruling<'p> {
    if candidates.is_empty() {
        return Ruling::Silent;
    }
    let narrowest = |recipient: Option<&Address>| {
        let ranked = candidates.iter().filter_map(|c| c.rank(recipient).map(|rank| (rank, c)));
        ranked.max_by_key(|(rank, _)| *rank).map(|(_, candidate)| candidate)
    };
    // Without a recipient only entries for all recipients speak.
    let nobody = recipients.is_empty().then_some(None);
    let mut merged: Option<Option<&Candidate<'p>>> = None;
    for recipient in recipients.iter().map(Some).chain(nobody) {
        let entry = narrowest(recipient);
        merged = Some(match (merged, entry) {
            (None, entry) => entry,
            (Some(None), None) => None,
            (Some(Some(one)), Some(other)) if one.block.is_some() == other.block.is_some() => {
                // Two blocks of different strength: the milder does for all.
                Some(if other.block < one.block { other } else { one })
            }
            (Some(one), other) => return one.or(other).map_or(Ruling::Silent, |c| Ruling::Divided(c.sender)),
        });
    }
    match merged.flatten() {
        None => Ruling::Silent,
        Some(Candidate { sender, block: None, .. }) => Ruling::Allowed(sender),
        Some(Candidate { sender, block: Some(verdict), .. }) => Ruling::Blocked(sender, *verdict),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{AuthResults, Outcome, SpfCheck};

    fn pattern(text: &str) -> Pattern {
        Pattern::try_from(text.to_owned()).expect("valid")
    }

    fn address(text: &str) -> Address {
        Address::parse(text).expect("valid")
    }

    #[test]
    fn patterns_mean_mailboxes_domains_and_what_lies_below() {
        for (text, yes, no) in [
            ("Anna@partner.example", "anna@partner.example", "bert@partner.example"),
            ("*@partner.example", "anna@partner.example", "anna@mail.partner.example"),
            ("partner.example", "anna@mail.partner.example", "anna@notpartner.example"),
            ("bücher.example", "a@xn--bcher-kva.example", "a@bcher.example"),
        ] {
            assert!(pattern(text).matches(&address(yes)), "{text} {yes}");
            assert!(!pattern(text).matches(&address(no)), "{text} {no}");
            assert_eq!(pattern(&pattern(text).to_string()), pattern(text));
        }
        for text in ["", "*", "*@", "a*@partner.example", "*@*@partner.example", "@partner.example", "a b"] {
            assert!(Pattern::try_from(text.to_owned()).is_err(), "{text}");
        }
    }

    /// The ruling on a message of anna@partner.example to the recipients given, as `allowed PATTERN`.
    fn ruling(entries: &str, recipients: &[&str], proved: bool, direction: Direction) -> String {
        let policy: Policy = toml::from_str(entries).expect("readable");
        let outcome = if proved { Outcome::Pass } else { Outcome::Fail };
        let spf = SpfCheck { outcome, domain: Domain::parse("bounce.partner.example") };
        let auth = AuthResults { spf, ..AuthResults::default() };
        let recipients: Vec<_> = recipients.iter().map(|r| address(r)).collect();
        let (author, sender) = (address("anna@partner.example"), address("bounce@list.example"));
        let findings = Findings {
            author: Some(&author),
            sender: Some(&sender),
            recipients: &recipients,
            direction,
            ..Findings::nothing(&auth)
        };
        match rule(&findings, &policy) {
            Ruling::Silent => "silent".to_owned(),
            Ruling::Allowed(pattern) => format!("allowed {pattern}"),
            Ruling::Unproved(pattern) => format!("unproved {pattern}"),
            Ruling::Blocked(pattern, verdict) => format!("{} {pattern}", verdict.name()),
            Ruling::Divided(pattern) => format!("divided {pattern}"),
        }
    }

    fn check(entries: &str, recipients: &[&str], expected: &str) {
        assert_eq!(ruling(entries, recipients, true, Direction::Inbound), expected, "{entries} {recipients:?}");
    }

    const ALLOW: &str = "[[allow]]\nsender = 'partner.example'\n";
    const BLOCK: &str = "[[block]]\nsender = 'partner.example'\n";

    #[test]
    fn allowing_needs_proof() {
        check(ALLOW, &["a@own.example"], "allowed partner.example");
        for (direction, expected) in [
            (Direction::Inbound, "unproved partner.example"),
            (Direction::Outbound, "allowed partner.example"),
            (Direction::Internal, "allowed partner.example"),
        ] {
            assert_eq!(ruling(ALLOW, &["a@own.example"], false, direction), expected);
        }
    }

    #[test]
    fn blocking_needs_none_and_means_the_envelope_too() {
        assert_eq!(ruling(BLOCK, &["a@own.example"], false, Direction::Inbound), "reject partner.example");
        check("[[block]]\nsender = 'list.example'\nverdict = 'hold'", &["a@own.example"], "hold list.example");
        check("[[allow]]\nsender = 'list.example'", &["a@own.example"], "silent");
        check("[[block]]\nsender = 'other.example'", &["a@own.example"], "silent");
    }

    #[test]
    fn the_narrowest_entry_wins() {
        let to = &["a@own.example"];
        check(&format!("{ALLOW}{BLOCK}"), to, "reject partner.example");
        check(&format!("{BLOCK}[[allow]]\nsender = '*@partner.example'\n"), to, "allowed *@partner.example");
        check(&format!("{BLOCK}[[allow]]\nsender = 'anna@partner.example'\n"), to, "allowed anna@partner.example");
        check(&format!("{ALLOW}[[block]]\nsender = 'anna@partner.example'\n"), to, "reject anna@partner.example");
        check(&format!("{BLOCK}{ALLOW}recipients = ['own.example']"), to, "allowed partner.example");
        let scoped = "[[block]]\nsender = 'partner.example'\nrecipients = ['a@own.example']\n";
        check(&format!("{scoped}[[allow]]\nsender = 'anna@partner.example'\n"), to, "reject partner.example");
        check(
            &format!("{scoped}[[allow]]\nsender = 'anna@partner.example'\n"),
            &["b@own.example"],
            "allowed anna@partner.example",
        );
    }

    #[test]
    fn recipients_decide_only_together() {
        let both = &["a@own.example", "b@own.example"];
        let scoped = |kind: &str, to: &str| format!("[[{kind}]]\nsender = 'partner.example'\nrecipients = ['{to}']\n");
        check(&scoped("allow", "a@own.example"), both, "divided partner.example");
        check(&scoped("allow", "b@own.example"), both, "divided partner.example");
        check(&format!("{BLOCK}{}", scoped("allow", "a@own.example")), both, "divided partner.example");
        check(&(scoped("allow", "a@own.example") + &scoped("allow", "b@own.example")), both, "allowed partner.example");
        let mild = format!("{BLOCK}{}verdict = 'tag'\n", scoped("block", "b@own.example"));
        check(&mild, both, "tag partner.example");
        check(&scoped("allow", "c@own.example"), both, "silent");
        check(&scoped("allow", "c@own.example"), &[], "silent");
        check(ALLOW, &[], "allowed partner.example");
    }
}

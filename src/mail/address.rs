//! Mail addresses (RFC 5321 §4.1.2) and named mailboxes (RFC 5322 §3.4).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Domain;

/// Longest local part that is read (RFC 5321 §4.5.3.1.1 asks for 64; real senders of bounces exceed it).
const LOCAL_BYTES_MAX: usize = 256;

/// An addr-spec: the local part as it was written and the domain in A-label form.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    local: String,
    domain: Domain,
}

impl Address {
    /// Reads `local@domain`, with or without angle brackets. `None` for the null sender `<>` and for what is no address.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).unwrap_or(text);
        let (local, domain) = text.rsplit_once('@')?;
        let sound = !local.is_empty()
            && local.len() <= LOCAL_BYTES_MAX
            && !local.contains(|c: char| c.is_control() || (c.is_whitespace() && !local.starts_with('"')));
        if !sound {
            return None;
        }
        Some(Self { local: local.to_owned(), domain: Domain::parse(domain)? })
    }

    /// The part before the `@`, as it was written.
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// The address by which mail of one person is counted: all lower case, since no mailbox provider of note tells
    /// local parts apart by case.
    pub fn key(&self) -> String {
        format!("{}@{}", self.local.to_lowercase(), self.domain)
    }

    /// Whether both name the same mailbox (see [`Address::key`]).
    pub fn is_same_mailbox(&self, other: &Self) -> bool {
        self.domain == other.domain && self.local.to_lowercase() == other.local.to_lowercase()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a mail address; write it like someone@example.org"))
    }
}

/// A mailbox of a header field: who it says it is, and where its mail goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mailbox {
    /// The decoded display name; empty where there is none.
    pub display_name: String,
    /// The address; `None` where the field holds none that can be read.
    pub address: Option<Address>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Option<&str>) {
        assert_eq!(Address::parse(input).map(|a| a.to_string()).as_deref(), expected, "{input}");
    }

    #[test]
    fn addresses_keep_the_local_part() {
        check("<Anna.Muster@Example.ORG>", Some("Anna.Muster@example.org"));
        check("\"two words\"@example.org", Some("\"two words\"@example.org"));
        check("a@b@example.org", Some("a@b@example.org"));
    }

    #[test]
    fn what_is_no_address_is_none() {
        check("<>", None);
        check("@example.org", None);
        check("two words@example.org", None);
        check("a@[192.0.2.1]", None);
    }

    #[test]
    fn the_key_ignores_case() {
        let a = Address::parse("Anna@example.org").expect("valid");
        assert_eq!(a.key(), "anna@example.org");
        assert!(a.is_same_mailbox(&Address::parse("ANNA@EXAMPLE.org").expect("valid")));
    }

    #[test]
    fn local_parts_have_a_limit() {
        check(&format!("{}@example.org", "a".repeat(257)), None);
        assert!(Address::parse(&format!("{}@example.org", "a".repeat(256))).is_some());
    }
}

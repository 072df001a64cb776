//! A domain name as the DNS and the Public Suffix List see it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest name in presentation form (RFC 1035 §2.3.4).
const NAME_BYTES_MAX: usize = 253;
/// Longest label (RFC 1035 §2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// A domain name in lower-case A-label form (RFC 5890 §2.3.2.1), without a trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Domain(String);

impl Domain {
    /// Reads a domain name in A-label or U-label form. `None` when it is no syntactically valid host name, has an empty
    /// label, or is an address literal. Underscores are let through, since mail is sent from such names.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('.');
        if text.is_empty() || text.len() > 4 * NAME_BYTES_MAX {
            return None;
        }
        let ascii = if text.is_ascii() { text.to_ascii_lowercase() } else { idna::domain_to_ascii(text).ok()? };
        let sound = ascii.len() <= NAME_BYTES_MAX
            && ascii.split('.').all(|label| {
                !label.is_empty()
                    && label.len() <= LABEL_BYTES_MAX
                    && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            });
        sound.then_some(Self(ascii))
    }

    /// The name in A-label form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in U-label form, for people to read; the A-label form where a label does not decode.
    pub fn unicode(&self) -> String {
        let (text, result) = idna::domain_to_unicode(&self.0);
        if result.is_ok() { text } else { self.0.clone() }
    }

    /// The registrable domain by the ICANN section of the Public Suffix List (`mail.example.co.uk` gives
    /// `example.co.uk`); the name itself where it is a public suffix or has no known one.
    pub fn registrable(&self) -> Self {
        Self(icann(&self.0).unwrap_or(&self.0).to_owned())
    }

    /// Whether both names have the same registrable domain (relaxed alignment, RFC 7489 §3.1).
    pub fn is_aligned_with(&self, other: &Self) -> bool {
        icann(&self.0).unwrap_or(&self.0) == icann(&other.0).unwrap_or(&other.0)
    }

    /// Whether this name is `parent` or lies below it.
    pub fn is_within(&self, parent: &Self) -> bool {
        self.0.strip_suffix(&parent.0).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// Whether the name lies below a suffix that the ICANN section of the Public Suffix List names: text that looks
    /// like a host is one only then.
    pub fn has_known_suffix(&self) -> bool {
        psl::suffix(self.0.as_bytes()).is_some_and(|suffix| suffix.is_known()) && icann(&self.0).is_some()
    }

    /// The rightmost label.
    pub fn top_level(&self) -> &str {
        self.0.rsplit('.').next().unwrap_or(&self.0)
    }

    /// Whether a label is an internationalised one (`xn--`).
    pub fn is_international(&self) -> bool {
        self.0.split('.').any(|label| label.starts_with("xn--"))
    }
}

/// The registrable part of `name` by ICANN rules alone: a private suffix (such as a hosting provider's) is passed over,
/// so that a customer of the provider does not look like a domain of its own.
fn icann(name: &str) -> Option<&str> {
    let mut suffix = psl::suffix(name.as_bytes())?;
    while suffix.typ() == Some(psl::Type::Private) {
        let shorter = std::str::from_utf8(suffix.as_bytes()).ok()?.split_once('.')?.1;
        suffix = psl::suffix(shorter.as_bytes())?;
    }
    let head = name.len().checked_sub(suffix.as_bytes().len() + 1)?;
    let start = name[..head].rfind('.').map_or(0, |dot| dot + 1);
    (head > 0).then(|| &name[start..])
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Domain> for String {
    fn from(domain: Domain) -> Self {
        domain.0
    }
}

impl TryFrom<String> for Domain {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a domain name; write it like example.org"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Option<&str>) {
        assert_eq!(Domain::parse(input).as_ref().map(Domain::as_str), expected, "{input}");
    }

    #[test]
    fn names_are_lower_case_a_labels() {
        check("Example.ORG.", Some("example.org"));
        check("bücher.example", Some("xn--bcher-kva.example"));
        check("_dmarc.example.org", Some("_dmarc.example.org"));
        check("a..b", None);
        check("[192.0.2.1]", None);
        check("", None);
        check("under score.org", None);
    }

    #[test]
    fn the_longest_label_is_63_bytes() {
        check(&format!("{}.org", "a".repeat(63)), Some(&format!("{}.org", "a".repeat(63))));
        check(&format!("{}.org", "a".repeat(64)), None);
    }

    fn registrable(input: &str, expected: &str) {
        assert_eq!(Domain::parse(input).expect("valid").registrable().as_str(), expected);
    }

    #[test]
    fn registrable_domains_follow_the_icann_section() {
        registrable("mail.example.co.uk", "example.co.uk");
        registrable("someone.github.io", "github.io");
        registrable("shop.blogspot.com", "blogspot.com");
        registrable("co.uk", "co.uk");
        registrable("localhost", "localhost");
    }

    #[test]
    fn known_suffixes_tell_hosts_from_words() {
        for (name, known) in [
            ("example.co.uk", true),
            ("someone.github.io", true),
            ("co.uk", false),
            ("file.txt", false),
            ("localhost", false),
        ] {
            assert_eq!(Domain::parse(name).expect("valid").has_known_suffix(), known, "{name}");
        }
    }

    #[test]
    fn alignment_and_containment() {
        let d = |s| Domain::parse(s).expect("valid");
        assert!(d("a.example.org").is_aligned_with(&d("b.example.org")));
        assert!(!d("example.org").is_aligned_with(&d("example.com")));
        assert!(d("a.example.org").is_within(&d("example.org")));
        assert!(!d("badexample.org").is_within(&d("example.org")));
    }
}

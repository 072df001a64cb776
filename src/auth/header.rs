//! The Authentication-Results field that we add (RFC 8601 §2).

use std::fmt::Write as _;

use super::{AuthResults, DmarcPolicy, Outcome, SpfCheck};
use crate::mail::{Domain, Envelope};

/// Longest selector that is shown; DNS allows 63 bytes a label, and no honest one has more than a few.
const VALUE_CHARS_MAX: usize = 200;

impl AuthResults {
    /// The value of an Authentication-Results field in the name of `authserv_id`: one result a line, lines separated by
    /// LF and begun with a tab. Whatever a sender chose is quoted where it is no token, so it can add nothing to the
    /// field. Of addresses only the domain is shown.
    pub fn header_value(&self, authserv_id: &str, envelope: &Envelope) -> String {
        let mut results = Vec::new();
        if let Some(sender) = &envelope.sender {
            results.extend(spf(&self.spf, "smtp.mailfrom", self.spf.domain.as_ref().or(Some(sender.domain()))));
        }
        results.extend(spf(&self.spf_helo, "smtp.helo", self.spf_helo.domain.as_ref()));
        for signature in &self.dkim {
            let mut result = format!("dkim={}", signature.outcome.name());
            if let Some(domain) = &signature.domain {
                let _ = write!(result, " header.d={domain}");
            }
            if !signature.selector.is_empty() {
                let _ = write!(result, " header.s={}", value(&signature.selector));
            }
            results.push(result);
        }
        if let Some(author) = &self.dmarc.domain {
            let mut result = format!("dmarc={} header.from={author}", self.dmarc.outcome.name());
            if self.dmarc.outcome != Outcome::None {
                let _ = write!(result, " policy.dmarc={}", policy(self.dmarc.policy));
            }
            results.push(result);
        }
        if self.arc.outcome != Outcome::None {
            results.push(format!("arc={}", self.arc.outcome.name()));
        }
        let id = value(authserv_id);
        if results.is_empty() { format!("{id}; none") } else { format!("{id};\n\t{}", results.join(";\n\t")) }
    }
}

/// An SPF result; nothing where nothing was checked.
fn spf(check: &SpfCheck, property: &str, domain: Option<&Domain>) -> Option<String> {
    if check.outcome == Outcome::None && check.domain.is_none() {
        return None;
    }
    let domain = domain.map(|domain| format!(" {property}={domain}")).unwrap_or_default();
    Some(format!("spf={}{domain}", check.outcome.name()))
}

fn policy(policy: DmarcPolicy) -> &'static str {
    match policy {
        DmarcPolicy::None => "none",
        DmarcPolicy::Quarantine => "quarantine",
        DmarcPolicy::Reject => "reject",
    }
}

/// A token (RFC 2045 §5.1) as it is, anything else as a quoted string of printable ASCII.
fn value(text: &str) -> String {
    let is_token = |b: u8| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b);
    if !text.is_empty() && text.len() <= VALUE_CHARS_MAX && text.bytes().all(is_token) {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars().take(VALUE_CHARS_MAX) {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{ArcChain, DkimSignature, DmarcCheck, Source};
    use crate::mail::Address;

    fn domain(text: &str) -> Option<Domain> {
        Domain::parse(text)
    }

    fn check(results: &AuthResults, sender: &str, expected: &str) {
        let envelope = Envelope { sender: Address::parse(sender), ..Envelope::default() };
        assert_eq!(results.header_value("mx.example.net", &envelope), expected);
    }

    #[test]
    fn every_method_has_its_line() {
        let results = AuthResults {
            source: Source::Ourselves,
            spf: SpfCheck { outcome: Outcome::Pass, domain: domain("example.org") },
            spf_helo: SpfCheck { outcome: Outcome::None, domain: domain("mail.example.org") },
            dkim: vec![
                DkimSignature { outcome: Outcome::Pass, domain: domain("example.org"), selector: "s1".to_owned() },
                DkimSignature { outcome: Outcome::PermError, domain: None, selector: String::new() },
            ],
            dmarc: DmarcCheck { outcome: Outcome::Pass, domain: domain("example.org"), policy: DmarcPolicy::Reject },
            arc: ArcChain { outcome: Outcome::Fail, sealers: Vec::new() },
            gaps: Vec::new(),
        };
        let rest = "spf=none smtp.helo=mail.example.org;\n\tdkim=pass header.d=example.org header.s=s1;\n\t\
                    dkim=permerror;\n\tdmarc=pass header.from=example.org policy.dmarc=reject;\n\tarc=fail";
        let first = "mx.example.net;\n\tspf=pass smtp.mailfrom=example.org;\n\t";
        check(&results, "a@example.org", &format!("{first}{rest}"));
        // The null sender is checked by its HELO name alone.
        check(&results, "<>", &format!("mx.example.net;\n\t{rest}"));
    }

    #[test]
    fn nothing_checked_is_none() {
        check(&AuthResults::default(), "a@example.org", "mx.example.net; none");
    }

    #[test]
    fn what_the_sender_chose_adds_nothing() {
        let selector = "a;\r\n\tdmarc=pass (\"x\\".to_owned();
        let signature = DkimSignature { outcome: Outcome::Fail, domain: domain("example.org"), selector };
        let results = AuthResults { dkim: vec![signature], ..AuthResults::default() };
        let quoted = r#""a;???dmarc=pass (\"x\\""#;
        check(&results, "<>", &format!("mx.example.net;\n\tdkim=fail header.d=example.org header.s={quoted}"));
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(value(&"s".repeat(200)).len(), 200);
        assert_eq!(value(&"s".repeat(201)), format!("\"{}\"", "s".repeat(200)));
    }
}

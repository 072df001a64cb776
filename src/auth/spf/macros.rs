//! Macro strings of SPF: their syntax and their expansion (RFC 7208 §7).

use std::net::IpAddr;

/// Longest expanded name; longer ones lose labels on the left (RFC 7208 §7.3).
const NAME_BYTES_MAX: usize = 253;
/// Delimiters that a macro may name (RFC 7208 §7.1).
const DELIMITERS: &[u8] = b".-+,/_=";

/// A string in which macros stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MacroString(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Macro(Macro),
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Macro {
    /// Lower case; one of `slodiphv`.
    letter: u8,
    /// Whether it was upper case: then what is unsafe in a URL is escaped.
    escaped: bool,
    /// Parts kept, from the right; 0 for all.
    parts: usize,
    reversed: bool,
    delimiters: Vec<u8>,
}

/// What the letters stand for.
pub(super) struct Variables<'a> {
    /// `i`, `v`.
    pub(super) client: IpAddr,
    /// `l`: local part of the sender.
    pub(super) local: &'a str,
    /// `o`: domain of the sender.
    pub(super) sender_domain: &'a str,
    /// `d`: the domain whose record is read.
    pub(super) domain: &'a str,
    /// `h`: the HELO name.
    pub(super) helo: &'a str,
    /// `p`: the validated name of the client.
    pub(super) validated: &'a str,
}

impl MacroString {
    /// Reads a macro-string (RFC 7208 §7.1); `None` when its syntax is wrong.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            if first != b'%' {
                if !(0x21..=0x7e).contains(&first) {
                    return None;
                }
                literal.push(char::from(first));
                rest = &rest[1..];
                continue;
            }
            match rest.as_bytes().get(1)? {
                b'%' => literal.push('%'),
                b'_' => literal.push(' '),
                b'-' => literal.push_str("%20"),
                b'{' => {
                    let (body, after) = rest[2..].split_once('}')?;
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    pieces.push(Piece::Macro(Macro::parse(body)?));
                    rest = after;
                    continue;
                }
                _ => return None,
            }
            rest = &rest[2..];
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Some(Self(pieces))
    }

    /// Reads a domain-spec: a macro-string that ends in a macro, or in a label that can be a top-level one.
    pub(super) fn parse_domain(text: &str) -> Option<Self> {
        let string = Self::parse(text)?;
        let sound = text.ends_with('}') && matches!(string.0.last(), Some(Piece::Macro(_)));
        (sound || ends_in_top_label(text)).then_some(string)
    }

    /// Whether the validated name of the client is needed, which costs DNS questions.
    pub(super) fn needs_validated(&self) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Macro(Macro { letter: b'p', .. })))
    }

    /// The domain name that the string stands for, short enough for DNS.
    pub(super) fn expand(&self, variables: &Variables<'_>) -> String {
        let mut name = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => name.push_str(text),
                Piece::Macro(one) => one.expand(variables, &mut name),
            }
        }
        let mut short = name.strip_suffix('.').unwrap_or(&name);
        while short.len() > NAME_BYTES_MAX {
            let Some((_, rest)) = short.split_once('.') else { break };
            short = rest;
        }
        short.to_owned()
    }
}

impl Macro {
    /// Reads what stands between the braces.
    fn parse(body: &str) -> Option<Self> {
        let letter = body.bytes().next()?;
        if !b"slodiphv".contains(&letter.to_ascii_lowercase()) {
            return None;
        }
        let rest = &body[1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let parts = match &rest[..digits] {
            "" => 0,
            // More parts than any name has mean all of them; none at all is an error (RFC 7208 §7.1).
            number => number.parse().map_or(Some(usize::MAX), |n: usize| (n > 0).then_some(n))?,
        };
        let rest = &rest[digits..];
        let (reversed, rest) = match rest.strip_prefix(['r', 'R']) {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let delimiters = rest.as_bytes().to_vec();
        let sound = delimiters.iter().all(|byte| DELIMITERS.contains(byte));
        let escaped = letter.is_ascii_uppercase();
        sound.then_some(Self { letter: letter.to_ascii_lowercase(), escaped, parts, reversed, delimiters })
    }

    fn expand(&self, variables: &Variables<'_>, name: &mut String) {
        let value = match self.letter {
            b's' => format!("{}@{}", variables.local, variables.sender_domain),
            b'l' => variables.local.to_owned(),
            b'o' => variables.sender_domain.to_owned(),
            b'd' => variables.domain.to_owned(),
            b'i' => dotted(variables.client),
            b'p' => variables.validated.to_owned(),
            b'v' => if variables.client.is_ipv4() { "in-addr" } else { "ip6" }.to_owned(),
            _ => variables.helo.to_owned(),
        };
        let value = if self.parts == 0 && !self.reversed && self.delimiters.is_empty() {
            value
        } else {
            self.transform(&value)
        };
        for c in value.chars() {
            // The unreserved characters of RFC 3986 §2.3 stay.
            if !self.escaped || c.is_ascii_alphanumeric() || "-._~".contains(c) {
                name.push(c);
            } else {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    name.push_str(&format!("%{byte:02X}"));
                }
            }
        }
    }

    fn transform(&self, value: &str) -> String {
        let is_delimiter = |c: char| {
            if self.delimiters.is_empty() { c == '.' } else { self.delimiters.iter().any(|d| char::from(*d) == c) }
        };
        let mut parts: Vec<&str> = value.split(is_delimiter).collect();
        if self.reversed {
            parts.reverse();
        }
        let kept = if self.parts == 0 { parts.len() } else { self.parts.min(parts.len()) };
        parts[parts.len() - kept..].join(".")
    }
}

/// The client's address as `i` shows it: IPv6 as dotted nibbles.
pub(super) fn dotted(client: IpAddr) -> String {
    match client {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let digits = format!("{:032x}", v6.to_bits());
            let mut dotted = String::with_capacity(63);
            for digit in digits.chars() {
                if !dotted.is_empty() {
                    dotted.push('.');
                }
                dotted.push(digit);
            }
            dotted
        }
    }
}

/// Whether the text ends in a dot and a toplabel (RFC 7208 §7.1), with or without a final dot.
fn ends_in_top_label(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    text.rsplit_once('.').is_some_and(|(_, label)| {
        !label.is_empty()
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && label.bytes().any(|b| !b.is_ascii_digit())
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str, client: &str) -> Option<String> {
        let variables = Variables {
            client: client.parse().expect("valid"),
            local: "strong-bad",
            sender_domain: "email.example.com",
            domain: "email.example.com",
            helo: "mx.example.org",
            validated: "unknown",
        };
        MacroString::parse(text).map(|string| string.expand(&variables))
    }

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(expand(text, "192.0.2.3").as_deref(), expected, "{text}");
    }

    #[test]
    fn the_examples_of_rfc_7208_section_7_4_hold() {
        check("%{s}", Some("strong-bad@email.example.com"));
        check("%{o}", Some("email.example.com"));
        check("%{d4}", Some("email.example.com"));
        check("%{d2}", Some("example.com"));
        check("%{d1}", Some("com"));
        check("%{dr}", Some("com.example.email"));
        check("%{d2r}", Some("example.email"));
        check("%{l-}", Some("strong.bad"));
        check("%{lr-}", Some("bad.strong"));
        check("%{l1r-}", Some("strong"));
        check("%{ir}.%{v}._spf.%{d2}", Some("3.2.0.192.in-addr._spf.example.com"));
        check("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", Some("bad.strong.lp.3.2.0.192.in-addr._spf.example.com"));
        check("%{d2}.trusted-domains.example.net", Some("example.com.trusted-domains.example.net"));
        let v6 = expand("%{ir}.%{v}._spf.%{d2}", "2001:db8::cb01").expect("sound");
        let nibbles = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2";
        assert_eq!(v6, format!("{nibbles}.ip6._spf.example.com"));
    }

    #[test]
    fn upper_case_letters_escape_and_signs_stand_for_themselves() {
        check("%{S}", Some("strong-bad%40email.example.com"));
        check("a%%b%_c%-d", Some("a%b c%20d"));
    }

    #[test]
    fn wrong_syntax_is_refused() {
        for text in ["%", "%a", "%{", "%{x}", "%{d0}", "%{d2r!}", "%{c}", "a b", "\u{e9}", "%{}"] {
            check(text, None);
        }
    }

    #[test]
    fn a_domain_ends_in_a_macro_or_a_top_level_label() {
        for (text, sound) in [
            ("example.org", true),
            ("example.org.", true),
            ("%{d}", true),
            ("foo%{d}", true),
            ("example", false),
            ("example.123", false),
            ("example.-org", false),
            ("example.org/24", false),
            ("%%{d}", false),
            ("", false),
        ] {
            assert_eq!(MacroString::parse_domain(text).is_some(), sound, "{text}");
        }
    }

    #[test]
    fn names_longer_than_253_bytes_lose_labels_on_the_left() {
        let long = format!("{}.{}.%{{d}}", "a".repeat(200), "b".repeat(100));
        check(&long, Some(&format!("{}.email.example.com", "b".repeat(100))));
    }
}

//! Received fields (RFC 5321 §4.4) as Postfix, Sendmail, Exim, qmail, Exchange and Gmail write them.

use std::net::IpAddr;

use super::{Hop, idents};

/// Bytes of a field that are read; real ones stay below 1,000.
const FIELD_BYTES_MAX: usize = 4_096;

/// The clauses of which a field is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    From,
    By,
    With,
    Other,
}

/// A word or a comment of the field.
enum Token<'a> {
    Word(&'a str),
    Comment(&'a str),
}

/// Reads one Received field. What cannot be read stays `None`.
pub(super) fn read(value: &str) -> Hop {
    let end = value.floor_char_boundary(FIELD_BYTES_MAX);
    let value = &value[..end];
    // A semicolon may also stand in a comment where no date follows.
    let dated = value.rsplit_once(';').and_then(|(path, date)| Some((path, idents::date(date)?)));
    let (path, at) = dated.map_or((value, None), |(path, at)| (path, Some(at)));
    let mut hop = Hop { at, ..Hop::default() };
    let mut clause = Clause::Other;
    let mut word_of_from: Option<&str> = None;
    let mut told = Told::default();
    for token in tokens(path) {
        match token {
            Token::Word(word) => {
                if let Some(next) = keyword(word) {
                    clause = next;
                    continue;
                }
                match clause {
                    Clause::From if word_of_from.is_none() => word_of_from = Some(word),
                    Clause::By if hop.by.is_none() => hop.by = host(word),
                    Clause::With => {
                        let with = hop.with.get_or_insert_default();
                        if !with.is_empty() {
                            with.push(' ');
                        }
                        with.push_str(&word.to_ascii_uppercase());
                    }
                    _ => {}
                }
            }
            Token::Comment(comment) if clause == Clause::From => told.read(comment),
            Token::Comment(_) => {}
        }
    }
    settle(&mut hop, word_of_from, told);
    hop
}

/// What the comments of the `from` clause say.
#[derive(Default)]
struct Told {
    name: Option<String>,
    helo: Option<String>,
    ip: Option<IpAddr>,
}

impl Told {
    /// Reads one comment: `name [ip]`, `ident@name [ip]`, `[ip] helo=x`, `HELO x`, `ip`.
    fn read(&mut self, comment: &str) {
        let mut helo_follows = false;
        for (position, word) in comment.split_whitespace().enumerate() {
            let word = word.trim_end_matches([',', ';']);
            if std::mem::take(&mut helo_follows) {
                self.helo = self.helo.take().or_else(|| host(word));
            } else if word.eq_ignore_ascii_case("HELO") || word.eq_ignore_ascii_case("EHLO") {
                helo_follows = true;
            } else if let Some(helo) = word.strip_prefix("helo=").or_else(|| word.strip_prefix("ehlo=")) {
                self.helo = host(helo);
            } else if let Some(ip) = address(word) {
                self.ip = self.ip.or(Some(ip));
            } else if position == 0 {
                // `user@host` or `IDENT:user@host`: what identd said of the client.
                let name = word.rsplit_once('@').map_or(word, |(_, name)| name);
                match address(name) {
                    Some(ip) => self.ip = self.ip.or(Some(ip)),
                    None if name.contains('.') && !name.contains('=') => {
                        self.name = self.name.take().or_else(|| host(name));
                    }
                    None => {}
                }
            }
        }
    }
}

/// Decides what the word after `from` is: Postfix and Sendmail put the HELO name there, Exim and qmail the reverse
/// name where they tell the HELO name in the comment.
fn settle(hop: &mut Hop, word: Option<&str>, told: Told) {
    hop.from_ip = told.ip;
    hop.from_name = told.name;
    let literal = word.and_then(address);
    if hop.from_ip.is_none() {
        hop.from_ip = literal;
    }
    if told.helo.is_some() {
        hop.from_helo = told.helo;
        if hop.from_name.is_none() && literal.is_none() {
            hop.from_name = word.filter(|w| !w.eq_ignore_ascii_case("unknown")).and_then(host);
        }
    } else {
        hop.from_helo = word.and_then(host);
    }
}

fn keyword(word: &str) -> Option<Clause> {
    Some(match word {
        w if w.eq_ignore_ascii_case("from") => Clause::From,
        w if w.eq_ignore_ascii_case("by") => Clause::By,
        w if w.eq_ignore_ascii_case("with") => Clause::With,
        w if ["id", "for", "via", "tls"].iter().any(|k| w.eq_ignore_ascii_case(k)) => Clause::Other,
        _ => return None,
    })
}

/// A host name without the trailing dot; `None` for the word that says there is none.
fn host(word: &str) -> Option<String> {
    let word = word.trim_matches([',', ';', '<', '>']).trim_end_matches('.');
    (!word.is_empty() && !word.eq_ignore_ascii_case("unknown")).then(|| word.to_owned())
}

/// An address, bare or in brackets, with or without `IPv6:` or a port.
fn address(word: &str) -> Option<IpAddr> {
    let inner = match word.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => word.trim_end_matches(']'),
    };
    let inner = inner.get(..5).filter(|p| p.eq_ignore_ascii_case("IPv6:")).map_or(inner, |_| &inner[5..]);
    // A zone (`fe80::1%eth0`) means nothing outside the host that wrote it.
    let inner = inner.split('%').next()?;
    inner.parse().ok()
}

/// Splits into words and comments; nested comments are part of the outer one.
fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        if rest.is_empty() {
            return None;
        }
        if !rest.starts_with('(') {
            let end = rest.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            rest = after;
            return Some(Token::Word(word));
        }
        let mut depth = 0_usize;
        let end = rest.bytes().position(|b| {
            match b {
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        });
        let end = end.unwrap_or(rest.len());
        let comment = &rest[1..end];
        rest = rest.get(end + 1..).unwrap_or("");
        Some(Token::Comment(comment))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hop as `helo|name|ip|by|with|at`.
    fn check(input: &str, expected: &str) {
        let hop = read(input);
        let text = |t: Option<String>| t.unwrap_or_else(|| "-".into());
        let shown = [
            text(hop.from_helo),
            text(hop.from_name),
            text(hop.from_ip.map(|ip| ip.to_string())),
            text(hop.by),
            text(hop.with),
            text(hop.at.map(crate::mail::Moment::rfc3339)),
        ]
        .join("|");
        assert_eq!(shown, expected, "{input}");
    }

    #[test]
    fn postfix() {
        check(
            "from mail.example.org (mx1.example.org [192.0.2.7]) (using TLSv1.3 with cipher X (256/256 bits)) \
             (No client certificate requested) by mx.example.net (Postfix) with ESMTPS id 4ABC for <a@example.net>; \
             Fri, 21 Nov 2025 09:55:06 +0000 (UTC)",
            "mail.example.org|mx1.example.org|192.0.2.7|mx.example.net|ESMTPS|2025-11-21T09:55:06Z",
        );
        check(
            "from [10.0.0.1] (unknown [IPv6:2001:db8::1]) by mx.example.net (Postfix) with ESMTPSA id 1",
            "[10.0.0.1]|-|2001:db8::1|mx.example.net|ESMTPSA|-",
        );
        check(
            "by mx.example.net (Postfix, from userid 33) id 1; Fri, 21 Nov 2025 09:55:06 +0000",
            "-|-|-|mx.example.net|-|2025-11-21T09:55:06Z",
        );
    }

    #[test]
    fn sendmail() {
        check(
            "from helo.example (IDENT:root@host.example.org [192.0.2.9] (may be forged)) by mx.example.net \
             (8.14.4/8.14.4) with ESMTP id q1",
            "helo.example|host.example.org|192.0.2.9|mx.example.net|ESMTP|-",
        );
        check("from localhost (localhost [[UNIX: localhost]]) by h (8.1) with SMTP", "localhost|-|-|h|SMTP|-");
    }

    #[test]
    fn exim() {
        check(
            "from host.example.org ([192.0.2.3] helo=mail.example.org) by mx.example.net with esmtps (TLS1.3) \
             tls TLS_AES (Exim 4.96) (envelope-from <a@example.org>) id 1q",
            "mail.example.org|host.example.org|192.0.2.3|mx.example.net|ESMTPS|-",
        );
        check(
            "from [192.0.2.3] (port=4711 helo=evil.example) by mx with smtp (Exim)",
            "evil.example|-|192.0.2.3|mx|SMTP|-",
        );
        check("from [192.0.2.3]:4711 (helo=evil.example) by mx with smtp", "evil.example|-|192.0.2.3|mx|SMTP|-");
    }

    #[test]
    fn qmail() {
        check(
            "from unknown (HELO mail.example.org) (192.0.2.4) by mx.example.net with SMTP; 21 Nov 2025 09:55:06 -0000",
            "mail.example.org|-|192.0.2.4|mx.example.net|SMTP|2025-11-21T09:55:06Z",
        );
        check(
            "from host.example.org (HELO mail) (user@192.0.2.4) by mx with SMTP",
            "mail|host.example.org|192.0.2.4|mx|SMTP|-",
        );
        check("(qmail 1234 invoked by uid 0); 21 Nov 2025 09:55:06 -0000", "-|-|-|-|-|2025-11-21T09:55:06Z");
    }

    #[test]
    fn exchange_and_gmail() {
        check(
            "from A.EURP1.PROD.OUTLOOK.COM (2603:10a6:8:1::17) by B.OUTLOOK.COM (2603:10a6::4) with Microsoft SMTP \
             Server (version=TLS1_2, cipher=X) id 15.20; Fri, 21 Nov 2025 09:55:06 +0000",
            "A.EURP1.PROD.OUTLOOK.COM|-|2603:10a6:8:1::17|B.OUTLOOK.COM|MICROSOFT SMTP SERVER|2025-11-21T09:55:06Z",
        );
        check(
            "from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41]) by mx.google.com with SMTPS id d1 \
             for <a@example.org> (Google Transport Security); Fri, 21 Nov 2025 01:55:06 -0800 (PST)",
            "mail-sor-f41.google.com|mail-sor-f41.google.com|209.85.220.41|mx.google.com|SMTPS|2025-11-21T09:55:06Z",
        );
        check("by 2002:a05:6214:519c with SMTP id kl28csp", "-|-|-|2002:a05:6214:519c|SMTP|-");
    }

    #[test]
    fn junk_gives_an_empty_hop() {
        for junk in ["", ";", "(", "((((", ")", "from", "by by by", "from (", "[;", "from \u{e4}(\u{e4}"] {
            let hop = read(junk);
            assert!(hop.from_ip.is_none() && hop.at.is_none(), "{junk}");
        }
    }

    #[test]
    fn fields_have_a_limit() {
        let long = |n: usize| format!("{}by mx", " ".repeat(n));
        assert!(read(&long(FIELD_BYTES_MAX - 5)).by.is_some());
        assert!(read(&long(FIELD_BYTES_MAX + 1)).by.is_none());
    }
}

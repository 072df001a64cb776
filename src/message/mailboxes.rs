//! Address lists of header fields (RFC 5322 §3.4): mailboxes with their names, groups flattened.

use crate::mail::{Address, Mailbox};

use super::words;

/// A list being read, one mailbox at a time.
#[derive(Default)]
struct Reader {
    /// Everything outside angle brackets and comments, as written.
    written: Vec<u8>,
    /// The same with quotation marks and escapes taken away.
    phrase: Vec<u8>,
    /// What stood in angle brackets.
    angle: Option<Vec<u8>>,
    /// What stood in parentheses: the old way to give a name.
    comment: Vec<u8>,
    /// Whether an `@` was written.
    has_at: bool,
    /// Whether a quotation mark without partner was met: no later one has a partner either, and need not be searched.
    unpaired: bool,
    mailboxes: Vec<Mailbox>,
}

/// Reads an address list, at most `most` mailboxes of it. Whatever stands between two commas is a mailbox, even where
/// no address can be read from it. The flag is set where a name could not be decoded.
pub(super) fn read(value: &[u8], most: usize, broken: &mut bool) -> Vec<Mailbox> {
    let mut reader = Reader::default();
    let mut at = 0;
    while at < value.len() && reader.mailboxes.len() < most {
        match value[at] {
            b'"' => at = reader.quoted(value, at),
            b'(' => at = reader.commented(value, at),
            b'<' => at = reader.angled(value, at, broken),
            // A group's name is no mailbox (RFC 5322 §3.4); a colon after an `@` is part of something broken.
            b':' if !reader.has_at && reader.angle.is_none() => {
                reader.written.clear();
                reader.phrase.clear();
                at += 1;
            }
            b',' | b';' => {
                reader.finish(broken);
                at += 1;
            }
            // Line ends of folds; the white space after them stays.
            b'\r' | b'\n' => at += 1,
            byte => {
                reader.has_at |= byte == b'@';
                reader.written.push(byte);
                reader.phrase.push(byte);
                at += 1;
            }
        }
    }
    if reader.mailboxes.len() < most {
        reader.finish(broken);
    }
    reader.mailboxes
}

impl Reader {
    /// Reads a quoted string; the index after it. One that is never closed is taken for a stray mark.
    fn quoted(&mut self, value: &[u8], at: usize) -> usize {
        let end = if self.unpaired { None } else { closing(value, at + 1, b'"') };
        let Some(end) = end else {
            self.unpaired = true;
            return at + 1;
        };
        self.written.extend_from_slice(&value[at..=end]);
        unescape(&value[at + 1..end], &mut self.phrase);
        end + 1
    }

    /// Reads a comment, which may hold others; the index after it.
    fn commented(&mut self, value: &[u8], at: usize) -> usize {
        let mut depth = 0_usize;
        let mut end = at;
        while end < value.len() {
            match value[end] {
                b'\\' => end += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            end += 1;
        }
        let end = end.min(value.len());
        if !self.comment.is_empty() {
            self.comment.push(b' ');
        }
        unescape(&value[at + 1..end], &mut self.comment);
        end + 1
    }

    /// Reads an address in angle brackets; the index after it. A second one starts a mailbox of its own.
    fn angled(&mut self, value: &[u8], at: usize, broken: &mut bool) -> usize {
        if self.angle.is_some() {
            self.finish(broken);
        }
        let rest = &value[at + 1..];
        let end = rest.iter().position(|b| matches!(b, b'>' | b'<')).unwrap_or(rest.len());
        self.angle = Some(rest[..end].to_vec());
        at + 1 + end + usize::from(rest.get(end) == Some(&b'>'))
    }

    /// Ends a mailbox and starts the next.
    fn finish(&mut self, broken: &mut bool) {
        let written = std::mem::take(&mut self.written);
        let phrase = std::mem::take(&mut self.phrase);
        let comment = std::mem::take(&mut self.comment);
        let angle = self.angle.take();
        self.has_at = false;
        if angle.is_none() && written.trim_ascii().is_empty() && comment.trim_ascii().is_empty() {
            return;
        }
        let comment = |broken: &mut bool| words::decode(&comment, broken);
        let mailbox = match angle {
            Some(angle) => {
                let name = words::decode(&phrase, broken);
                let display_name = if name.is_empty() { comment(broken) } else { name };
                Mailbox { display_name, address: address(&words::decode(&angle, broken)) }
            }
            None => match bare(&words::decode(&written, broken)) {
                (Some(address), rest) if rest.is_empty() => {
                    Mailbox { display_name: comment(broken), address: Some(address) }
                }
                (Some(address), rest) => Mailbox { display_name: rest, address: Some(address) },
                (None, _) => {
                    let name = words::decode(&phrase, broken);
                    Mailbox { display_name: if name.is_empty() { comment(broken) } else { name }, address: None }
                }
            },
        };
        self.mailboxes.push(mailbox);
    }
}

/// Reads what stood in angle brackets: a source route (RFC 5322 §4.4) and stray white space are dropped.
pub(super) fn address(text: &str) -> Option<Address> {
    let text = text.trim();
    let text = match text.split_once(':') {
        Some((route, rest)) if route.starts_with('@') => rest,
        _ => text,
    };
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    Address::parse(text).or_else(|| {
        let dense: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
        Address::parse(&dense)
    })
}

/// Reads text without angle brackets: the address in it, and what stands around it.
fn bare(text: &str) -> (Option<Address>, String) {
    let text = text.trim();
    if let Some(address) = Address::parse(text) {
        return (Some(address), String::new());
    }
    for word in text.split_whitespace().filter(|word| word.contains('@')) {
        let trimmed = word.trim_matches(|c: char| matches!(c, '[' | ']' | '\'' | '"' | '.' | ':'));
        if let Some(address) = Address::parse(trimmed) {
            let rest = text.replacen(word, "", 1);
            return (Some(address), rest.trim().trim_matches('"').to_owned());
        }
    }
    // `local @domain`: white space around the sign was once allowed (RFC 5322 §4.4).
    let dense: String = text.split_whitespace().collect();
    let close = text.split('@').count() == 2 && text.split_whitespace().count() <= 3;
    (close.then(|| Address::parse(&dense)).flatten(), String::new())
}

/// The index of the closing mark, where escaped ones do not count.
fn closing(value: &[u8], from: usize, mark: u8) -> Option<usize> {
    let mut at = from;
    while at < value.len() {
        match value[at] {
            b'\\' => at += 1,
            byte if byte == mark => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Appends text with backslash escapes resolved.
fn unescape(text: &[u8], out: &mut Vec<u8>) {
    let mut escaped = false;
    for &byte in text {
        if byte == b'\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            out.push(byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mailboxes as `name|address`.
    fn check(input: &str, expected: &[&str]) {
        let read: Vec<String> = read(input.as_bytes(), 100, &mut false)
            .into_iter()
            .map(|m| format!("{}|{}", m.display_name, m.address.map_or_else(String::new, |a| a.to_string())))
            .collect();
        assert_eq!(read, expected, "{input}");
    }

    #[test]
    fn mailboxes_have_names_and_addresses() {
        check(" Anna Muster <anna@example.org>", &["Anna Muster|anna@example.org"]);
        check(
            "\"Muster, Anna\" <anna@example.org>, b@example.org",
            &["Muster, Anna|anna@example.org", "|b@example.org"],
        );
        check("anna@example.org (Anna Muster)", &["Anna Muster|anna@example.org"]);
        check("<anna@example.org>", &["|anna@example.org"]);
        check("\"\\\"The\\\" Boss\" <boss@example.org>", &["\"The\" Boss|boss@example.org"]);
        check("\"two words\"@example.org", &["|\"two words\"@example.org"]);
        check("", &[]);
        check(" , ,", &[]);
    }

    #[test]
    fn names_are_decoded() {
        check("=?utf-8?Q?M=C3=BCller=2C_Jo?= <jo@example.org>", &["Müller, Jo|jo@example.org"]);
        check("\"=?utf-8?B?SsO8cmc=?=\" <j@example.org>", &["Jürg|j@example.org"]);
        check("=?utf-8?q?bank=40example=2Ecom?= <x@example.net>", &["bank@example.com|x@example.net"]);
        check("j@example.org (=?utf-8?q?J=C3=BCrg?=)", &["Jürg|j@example.org"]);
    }

    #[test]
    fn groups_are_flattened() {
        check(
            "Team: a@example.org, B <b@example.org>;, c@example.org",
            &["|a@example.org", "B|b@example.org", "|c@example.org"],
        );
        check("undisclosed-recipients:;", &[]);
    }

    #[test]
    fn odd_addresses_are_read() {
        check("<@relay.example:anna@example.org>", &["|anna@example.org"]);
        check("anna @ example.org", &["|anna@example.org"]);
        check("Anna anna@example.org", &["Anna|anna@example.org"]);
        check("'anna@example.org'", &["|anna@example.org"]);
        check("anna@b\u{fc}cher.example", &["|anna@xn--bcher-kva.example"]);
        check("Anna <anna@example.org", &["Anna|anna@example.org"]);
        check("\"Anna <anna@example.org>", &["Anna|anna@example.org"]);
    }

    #[test]
    fn a_second_angle_is_a_second_mailbox() {
        check("A <a@example.org> <b@example.net>", &["A|a@example.org", "|b@example.net"]);
        check("\"x@bank.example\" <a@example.org>", &["x@bank.example|a@example.org"]);
    }

    #[test]
    fn what_holds_no_address_keeps_its_name() {
        check("The Boss", &["The Boss|"]);
        check("<>", &["|"]);
        check("root", &["root|"]);
        check("a@[192.0.2.1]", &["a@[192.0.2.1]|"]);
        check("(only (a) comment", &["only (a) comment|"]);
    }

    #[test]
    fn the_number_of_mailboxes_has_a_limit() {
        let list = ["a@example.org"; 5].join(",");
        assert_eq!(read(list.as_bytes(), 5, &mut false).len(), 5);
        assert_eq!(read(list.as_bytes(), 4, &mut false).len(), 4);
    }
}

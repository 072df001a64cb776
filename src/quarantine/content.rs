//! What of a message stays the same between being held and being released, as one digest.

use sha2::{Digest, Sha256};

/// Fields that say who writes and how the body is to be read, in lower case; all `content-` fields count too. Fields
/// that an MTA adds or completes on the way (Received, Date, Message-ID, To) do not: recipients are sealed by envelope.
const IDENTITY: [&[u8]; 4] = [b"from", b"sender", b"reply-to", b"subject"];

/// The header fields of a message as (name, value), byte for byte; folded values keep their line ends.
pub(super) fn fields(raw: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = header(raw);
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let mut end = line_end(rest);
            while rest.get(end).is_some_and(|b| matches!(b, b' ' | b'\t')) {
                end += line_end(&rest[end..]);
            }
            let (field, after) = rest.split_at(end);
            rest = after;
            if let Some(colon) = field.iter().position(|b| *b == b':') {
                return Some((field[..colon].trim_ascii(), &field[colon + 1..]));
            }
        }
        None
    })
}

/// Length of the first line with its line end.
fn line_end(text: &[u8]) -> usize {
    text.iter().position(|b| *b == b'\n').map_or(text.len(), |at| at + 1)
}

/// Everything before the first empty line.
fn header(raw: &[u8]) -> &[u8] {
    let mut end = 0;
    while end < raw.len() && !is_empty(&raw[end..]) {
        end += line_end(&raw[end..]);
    }
    &raw[..end]
}

/// Whether the text begins with an empty line.
fn is_empty(text: &[u8]) -> bool {
    text.starts_with(b"\n") || text.starts_with(b"\r\n")
}

/// SHA-256 of the fields of identity (unfolded, white space runs as one space) and the body (line ends as LF, empty
/// lines at the end dropped), so that line ends and folding, which an MTA may change, do not matter.
pub(super) fn digest(raw: &[u8]) -> [u8; 32] {
    let mut sha = Sha256::new();
    for (name, value) in fields(raw) {
        let name = name.to_ascii_lowercase();
        if IDENTITY.contains(&name.as_slice()) || name.starts_with(b"content-") {
            sha.update(&name);
            sha.update(b":");
            for word in value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty()) {
                sha.update(word);
                sha.update(b" ");
            }
            sha.update(b"\n");
        }
    }
    sha.update(b"\n");
    let mut body = &raw[header(raw).len()..];
    // The empty line that ends the header.
    body = &body[line_end(body)..];
    let mut empty = 0usize;
    while !body.is_empty() {
        let (line, rest) = body.split_at(line_end(body));
        body = rest;
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            sha.update(b"\n");
        }
        sha.update(line);
        sha.update(b"\n");
    }
    sha.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str =
        "From: Anna\r\n <anna@example.org>\r\nSubject: Hello\r\nContent-Type: text/plain\r\n\r\nOne\r\n\r\nTwo\r\n";

    /// Whether a message counts as the same content as [`MAIL`].
    fn check(other: &str, same: bool) {
        assert_eq!(digest(other.as_bytes()) == digest(MAIL.as_bytes()), same, "{other:?}");
    }

    #[test]
    fn what_an_mta_changes_does_not_matter() {
        check(&MAIL.replace("\r\n", "\n"), true);
        check(&MAIL.replace("\r\n <", " <"), true);
        check(&format!("Received: by mx\r\n\tid 7\r\nX-Kith-ID: 1\r\n{MAIL}"), true);
        check(&format!("{MAIL}\r\n\r\n"), true);
        check(MAIL.trim_end(), true);
        check(&MAIL.replace("From", "FROM"), true);
    }

    #[test]
    fn what_a_reader_sees_does() {
        check(&MAIL.replace("Hello", "Help"), false);
        check(&MAIL.replace("anna@", "bert@"), false);
        check(&MAIL.replace("plain", "html"), false);
        check(&MAIL.replace("Two", "Twо"), false);
        check(&MAIL.replace("One\r\n\r\n", "One\r\n"), false);
        check(&MAIL.replace("One", " One"), false);
        check(&format!("Reply-To: x@y.example\r\n{MAIL}"), false);
        check(&format!("From: other@example.org\r\n{MAIL}"), false);
        check(&format!("Content-Disposition: attachment\r\n{MAIL}"), false);
        check("", false);
    }

    #[test]
    fn fields_are_read_until_the_empty_line() {
        let read = |raw: &'static str| {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            fields(raw.as_bytes()).map(|(name, value)| (text(name), text(value))).collect::<Vec<_>>()
        };
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(read("A: 1\r\n 2\r\nB :3\n\nC: 4\n"), [pair("A", " 1\r\n 2\r\n"), pair("B", "3\n")]);
        assert_eq!(read("nonsense\n more\nA: 1"), [pair("A", " 1")]);
        assert_eq!(read("\r\nA: 1"), []);
        assert_eq!(read(""), []);
    }
}

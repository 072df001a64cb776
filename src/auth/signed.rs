//! A message as its signers saw it: header fields byte for byte, the body, and the hashes that signatures speak of.

use std::borrow::Cow;

use mail_auth::AuthenticatedMessage;
use mail_auth::common::crypto::HashAlgorithm;
use mail_auth::common::headers::{Writable, Writer};
use mail_auth::dkim::Canonicalization;

/// Splits a message into its header, every line of which ends in CRLF, and its body. Files often hold bare LF where the
/// signer saw CRLF; simple canonicalisation (RFC 6376 §3.4.1) would take that for a change.
pub(super) fn split(raw: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let mut end = 0;
    let mut body = raw.len();
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        if matches!(line, b"\n" | b"\r\n") {
            body = end + line.len();
            break;
        }
        end += line.len();
    }
    (crlf(&raw[..end]), &raw[body..])
}

fn crlf(head: &[u8]) -> Cow<'_, [u8]> {
    let ends_well = |line: &[u8]| line.ends_with(b"\r\n");
    if head.split_inclusive(|byte| *byte == b'\n').all(ends_well) {
        return Cow::Borrowed(head);
    }
    let mut mended = Vec::with_capacity(head.len() + head.len() / 32);
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        let text = line.strip_suffix(b"\n").unwrap_or(line);
        mended.extend_from_slice(text.strip_suffix(b"\r").unwrap_or(text));
        mended.extend_from_slice(b"\r\n");
    }
    Cow::Owned(mended)
}

/// The message as mail-auth wants it, without signatures; `author` is the domain that DMARC is asked about. The library's
/// own reading is passed by, since it hashes the whole body once for each wish of each signature, however many there are.
pub(super) fn message<'x>(head: &'x [u8], author: Option<&str>) -> AuthenticatedMessage<'x> {
    AuthenticatedMessage {
        headers: fields(head),
        from: author.map(|domain| format!("author@{domain}")).into_iter().collect(),
        ..AuthenticatedMessage::default()
    }
}

/// Name and value of each field, both as they stand: the value begins after the colon and ends with the CRLF. Lines
/// that belong to no field are passed over.
fn fields(head: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut fields = Vec::with_capacity(32);
    let mut rest = head;
    while !rest.is_empty() {
        let mut end = 0;
        for line in rest.split_inclusive(|byte| *byte == b'\n') {
            if end > 0 && !matches!(line.first(), Some(b' ' | b'\t')) {
                break;
            }
            end += line.len();
        }
        let (field, after) = rest.split_at(end);
        rest = after;
        if let Some(colon) = field.iter().position(|byte| *byte == b':') {
            fields.push((&field[..colon], &field[colon + 1..]));
        }
    }
    fields
}

/// Whether `name` is that of a field, in any case and with white space before the colon (RFC 5322 §4.5).
pub(super) fn is_named(field: &[u8], name: &str) -> bool {
    field.trim_ascii_end().eq_ignore_ascii_case(name.as_bytes())
}

/// The hash of a body, and whether it leaves some of the body out.
pub(super) struct BodyHash {
    pub(super) hash: Vec<u8>,
    pub(super) partial: bool,
}

/// Hashes the body as a signature asks (RFC 6376 §3.7); a `length` of 0 is no limit. `None` when the signature covers
/// more than there is, which is an error of the signature (RFC 6376 §3.5, `l=`).
pub(super) fn hash(
    body: &[u8],
    canonicalization: Canonicalization,
    algorithm: HashAlgorithm,
    length: u64,
) -> Option<BodyHash> {
    let body = match canonicalization {
        Canonicalization::Simple => body,
        // mail-auth 0.13 keeps trailing lines that hold only white space, although they are empty after relaxed
        // canonicalisation and go (RFC 6376 §3.4.4). It adds the last CRLF itself.
        Canonicalization::Relaxed => trim_blank_end(body),
    };
    if length == 0 {
        let hash = algorithm.hash(canonicalization.canonical_body(body, 0)).as_ref().to_vec();
        return Some(BodyHash { hash, partial: false });
    }
    // The length counts canonical bytes; mail-auth 0.13 counts those before canonicalisation.
    let mut canonical = Octets(Vec::with_capacity(body.len() + 2));
    canonicalization.canonical_body(body, 0).write(&mut canonical);
    let covered = canonical.0.get(..usize::try_from(length).ok()?)?;
    Some(BodyHash { hash: algorithm.hash(covered).as_ref().to_vec(), partial: covered.len() < canonical.0.len() })
}

fn trim_blank_end(body: &[u8]) -> &[u8] {
    let kept = body.iter().rposition(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).map_or(0, |last| last + 1);
    &body[..kept]
}

/// Bytes, gathered.
struct Octets(Vec<u8>);

impl Writer for Octets {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 6376 §3.4.4, word by word.
    fn relaxed(body: &str) -> Vec<u8> {
        let mut lines: Vec<String> = body
            .replace("\r\n", "\n")
            .split('\n')
            .map(|line| {
                let words: Vec<&str> = line.split([' ', '\t']).collect();
                let mut joined = String::new();
                for (i, word) in words.iter().enumerate() {
                    if i > 0 && !joined.ends_with(' ') {
                        joined.push(' ');
                    }
                    joined.push_str(word);
                }
                joined.trim_end_matches(' ').to_owned()
            })
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.iter().flat_map(|line| [line.as_bytes(), b"\r\n"].concat()).collect()
    }

    /// RFC 6376 §3.4.3.
    fn simple(body: &str) -> Vec<u8> {
        let text = body.trim_end_matches(['\r', '\n']);
        let text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        [text.as_bytes(), b"\r\n"].concat()
    }

    fn check(body: &str, canonicalization: Canonicalization, expected: &[u8]) {
        let hash = hash(body.as_bytes(), canonicalization, HashAlgorithm::Sha256, 0).expect("no limit");
        assert_eq!(hash.hash, HashAlgorithm::Sha256.hash(expected).as_ref(), "{body:?}");
    }

    #[test]
    fn trailing_lines_of_white_space_are_empty_lines_to_relaxed_canonicalisation() {
        for body in
            ["text\r\n \r\n\t \r\n\r\n", "text \t\r\n", "text", "te  xt\r\n \r\n x \r\n  ", " \r\n\t", "", "\r\n\r\n"]
        {
            check(body, Canonicalization::Relaxed, &relaxed(body));
        }
    }

    #[test]
    fn simple_canonicalisation_keeps_them() {
        check("text\r\n \r\n\r\n", Canonicalization::Simple, b"text\r\n \r\n");
        check("", Canonicalization::Simple, b"\r\n");
    }

    proptest! {
        #[test]
        fn bodies_are_hashed_as_the_rfc_says(body in "([ab \t]{0,3}(\r\n)?){0,8}") {
            check(&body, Canonicalization::Relaxed, &relaxed(&body));
            check(&body, Canonicalization::Simple, &simple(&body));
        }
    }

    #[test]
    fn a_length_counts_canonical_bytes() {
        let length = |l| hash(b"a  b \r\nc\r\n \r\n", Canonicalization::Relaxed, HashAlgorithm::Sha256, l);
        let expect = |text: &[u8]| HashAlgorithm::Sha256.hash(text).as_ref().to_vec();
        let whole = length(8).expect("covered");
        assert!(!whole.partial && whole.hash == expect(b"a b\r\nc\r\n"));
        let part = length(4).expect("covered");
        assert!(part.partial && part.hash == expect(b"a b\r"));
        assert!(length(9).is_none());
    }

    #[test]
    fn header_and_body_are_split_at_the_empty_line_and_bare_line_feeds_mended() {
        let (head, body) = split(b"A: 1\r\nB: 2\r\n 3\r\n\r\nbody\r\n\r\nmore");
        assert!(matches!(head, Cow::Borrowed(_)));
        assert_eq!((&*head, body), (&b"A: 1\r\nB: 2\r\n 3\r\n"[..], &b"body\r\n\r\nmore"[..]));
        let (head, body) = split(b"A: 1\nB: 2\r\n\nbody\n");
        assert_eq!((&*head, body), (&b"A: 1\r\nB: 2\r\n"[..], &b"body\n"[..]));
        let (head, body) = split(b"A: 1");
        assert_eq!((&*head, body), (&b"A: 1\r\n"[..], &b""[..]));
        assert_eq!(split(b"").1, b"");
    }

    #[test]
    fn fields_are_kept_byte_for_byte() {
        let head = b"From nobody\r\nA : 1\r\nBroken\r\nB:2\r\n\t3\r\n";
        assert_eq!(fields(head), [(&b"A "[..], &b" 1\r\n"[..]), (b"B", b"2\r\n\t3\r\n")]);
        assert!(is_named(b"dkim-SIGNATURE ", "DKIM-Signature") && !is_named(b"X-DKIM-Signature", "DKIM-Signature"));
    }
}

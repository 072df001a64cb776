//! Transfer encodings (RFC 2045 §6) and character sets, decoded as far as they can be.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;

/// How a part's bytes were encoded for the way (Content-Transfer-Encoding).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Transfer {
    /// As they are: 7bit, 8bit, binary, or nothing said.
    #[default]
    Identity,
    /// Base64.
    Base64,
    /// Quoted-printable.
    QuotedPrintable,
    /// One that is not known; the bytes are taken as they are.
    Unknown,
}

impl Transfer {
    /// Reads the value of a Content-Transfer-Encoding field. A comment or parameter after the word is ignored.
    pub(super) fn read(value: &[u8]) -> Self {
        let word = value.trim_ascii().split(|b| matches!(b, b' ' | b'\t' | b';' | b'(' | b'\r' | b'\n')).next();
        let is = |name: &str| word.is_some_and(|w| w.eq_ignore_ascii_case(name.as_bytes()));
        if is("base64") {
            Self::Base64
        } else if is("quoted-printable") {
            Self::QuotedPrintable
        } else if is("7bit") || is("8bit") || is("binary") || is("") {
            Self::Identity
        } else {
            Self::Unknown
        }
    }

    /// Decodes bytes; the flag is set where they break the encoding.
    pub(super) fn decode<'a>(self, bytes: &'a [u8], broken: &mut bool) -> Cow<'a, [u8]> {
        match self {
            Self::Identity => Cow::Borrowed(bytes),
            Self::Base64 => Cow::Owned(base64(bytes, broken)),
            Self::QuotedPrintable => Cow::Owned(quoted_printable(bytes, broken)),
            Self::Unknown => {
                *broken = true;
                Cow::Borrowed(bytes)
            }
        }
    }
}

/// Decodes base64. Characters outside the alphabet are passed over, as RFC 2045 §6.8 asks and mail programs do.
pub(super) fn base64(bytes: &[u8], broken: &mut bool) -> Vec<u8> {
    if let Some(decoded) = base64_decode(bytes) {
        return decoded;
    }
    *broken = true;
    let alphabet: Vec<u8> =
        bytes.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')).collect();
    base64_decode(&alphabet).unwrap_or_default()
}

/// Decodes quoted-printable (RFC 2045 §6.7). An `=` that starts no code stays as it is.
pub(super) fn quoted_printable(bytes: &[u8], broken: &mut bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let end = match line {
            [.., b'\r', b'\n'] => 2,
            [.., b'\n'] => 1,
            _ => 0,
        };
        let (text, ending) = line.split_at(line.len() - end);
        // White space before a line end was added on the way (rule 3).
        let text = text.trim_ascii_end();
        let (text, soft) = match text.strip_suffix(b"=") {
            Some(text) => (text, true),
            None => (text, false),
        };
        unquote(text, broken, &mut out);
        if !soft {
            out.extend_from_slice(ending);
        }
    }
    out
}

/// Decodes `=XX` codes of one line.
fn unquote(mut text: &[u8], broken: &mut bool, out: &mut Vec<u8>) {
    while let Some(equals) = text.iter().position(|&b| b == b'=') {
        out.extend_from_slice(&text[..equals]);
        let code = text.get(equals + 1).zip(text.get(equals + 2)).and_then(|(h, l)| Some(hex(*h)? << 4 | hex(*l)?));
        match code {
            Some(byte) => {
                out.push(byte);
                text = &text[equals + 3..];
            }
            None => {
                *broken = true;
                out.push(b'=');
                text = &text[equals + 1..];
            }
        }
    }
    out.extend_from_slice(text);
}

/// The value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Bytes as text in a named character set; an empty name stands for none. The flag is set where the set is unknown or
/// the bytes do not fit it; they are then read as UTF-8, or failing that as windows-1252, which always fits.
pub(super) fn text<'a>(bytes: &'a [u8], charset: &str, broken: &mut bool) -> Cow<'a, str> {
    // US-ASCII and UTF-8 are most mail, and need no copy.
    let plain = ["", "utf-8", "utf8", "us-ascii", "ascii"].iter().any(|name| charset.eq_ignore_ascii_case(name));
    if plain {
        return unlabelled(bytes, broken);
    }
    match charset_decoder(charset.as_bytes()) {
        Some(decode) => Cow::Owned(decode(bytes)),
        None => {
            *broken = true;
            unlabelled(bytes, &mut false)
        }
    }
}

/// Bytes as UTF-8, or else as windows-1252, with the flag set.
fn unlabelled<'a>(bytes: &'a [u8], broken: &mut bool) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    *broken = true;
    match charset_decoder(b"windows-1252") {
        Some(decode) => Cow::Owned(decode(bytes)),
        None => String::from_utf8_lossy(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(transfer: Transfer, input: &str, expected: &[u8], broken_expected: bool) {
        let mut broken = false;
        assert_eq!(&*transfer.decode(input.as_bytes(), &mut broken), expected, "{input:?}");
        assert_eq!(broken, broken_expected, "{input:?}");
    }

    #[test]
    fn base64_passes_over_what_is_foreign_to_it() {
        check(Transfer::Base64, "aGVs\r\nbG8=\r\n", b"hello", false);
        check(Transfer::Base64, "aGVsbG8", b"hello", false);
        check(Transfer::Base64, "aGV!sbG8=", b"hello", true);
        check(Transfer::Base64, "", b"", false);
    }

    #[test]
    fn quoted_printable_joins_soft_lines() {
        check(Transfer::QuotedPrintable, "a=3Db=\r\nc  \r\nd", b"a=bc\r\nd", false);
        check(Transfer::QuotedPrintable, "soft= \t\nline", b"softline", false);
        check(Transfer::QuotedPrintable, "1 = 2, =zz", b"1 = 2, =zz", true);
        check(Transfer::QuotedPrintable, "=C3=A4\n", "ä\n".as_bytes(), false);
    }

    #[test]
    fn unknown_encodings_leave_the_bytes() {
        check(Transfer::read(b" x-uuencode"), "x", b"x", true);
        check(Transfer::read(b" 8BIT (really)"), "x=3D", b"x=3D", false);
        assert_eq!(Transfer::read(b" BASE64;"), Transfer::Base64);
        assert_eq!(Transfer::read(b"Quoted-Printable\r\n"), Transfer::QuotedPrintable);
    }

    fn check_text(bytes: &[u8], charset: &str, expected: &str, broken_expected: bool) {
        let mut broken = false;
        assert_eq!(text(bytes, charset, &mut broken), expected, "{charset}");
        assert_eq!(broken, broken_expected, "{charset}");
    }

    #[test]
    fn text_is_always_text() {
        check_text("ä".as_bytes(), "utf-8", "ä", false);
        check_text("ä".as_bytes(), "", "ä", false);
        check_text(b"\xe4", "", "ä", true);
        check_text(b"\xe4", "ISO-8859-1", "ä", false);
        check_text(b"\xe4", "no-such-set", "ä", true);
        check_text(b"\x93\xfa\x96\x7b", "shift_jis", "日本", false);
    }
}

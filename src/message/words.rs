//! Header values as text: unfolded (RFC 5322 §2.2.3) and with encoded words decoded (RFC 2047).

use std::borrow::Cow;

use super::encoding;

/// Longest name of a character set in an encoded word.
const CHARSET_BYTES_MAX: usize = 60;
/// Question marks let pass inside the text of one encoded word: careless programs do not encode them. Together with
/// the search for the next question mark this keeps the work linear.
const STRAY_MARKS_MAX: usize = 4;

/// One encoded word.
struct Word<'a> {
    charset: &'a str,
    bytes: Vec<u8>,
    /// Bytes that the word takes, from `=?` to `?=`.
    len: usize,
}

/// A header value as text: without folds and outer white space, encoded words decoded, control characters made
/// spaces. The flag is set where something could not be decoded.
pub(super) fn decode(value: &[u8], broken: &mut bool) -> String {
    let value = unfold(value.trim_ascii());
    let mut out = String::with_capacity(value.len());
    // Words of one character set that follow each other are decoded together: some programs split inside a character.
    let mut run: Option<(&str, Vec<u8>)> = None;
    let (mut at, mut plain_from) = (0, 0);
    while let Some(found) = find_word_start(&value[at..]) {
        let start = at + found;
        let Some(word) = word(&value[start..], broken) else {
            at = start + 2;
            continue;
        };
        let between = &value[plain_from..start];
        let adjacent = between.iter().all(u8::is_ascii_whitespace);
        match &mut run {
            Some((charset, bytes)) if adjacent && charset.eq_ignore_ascii_case(word.charset) => {
                bytes.extend_from_slice(&word.bytes);
            }
            _ => {
                let follows = run.is_some() && adjacent;
                finish(run.take(), broken, &mut out);
                if !follows {
                    push(&encoding::text(between, "", broken), &mut out);
                }
                run = Some((word.charset, word.bytes));
            }
        }
        at = start + word.len;
        plain_from = at;
    }
    finish(run, broken, &mut out);
    push(&encoding::text(&value[plain_from..], "", broken), &mut out);
    out
}

/// The value without line ends; the white space that follows them stays.
fn unfold(value: &[u8]) -> Cow<'_, [u8]> {
    if value.contains(&b'\n') || value.contains(&b'\r') {
        Cow::Owned(value.iter().copied().filter(|b| !matches!(b, b'\n' | b'\r')).collect())
    } else {
        Cow::Borrowed(value)
    }
}

fn find_word_start(value: &[u8]) -> Option<usize> {
    value.windows(2).position(|pair| pair == b"=?")
}

/// Reads the encoded word at the start of `value`; `None` where it is none.
fn word<'a>(value: &'a [u8], broken: &mut bool) -> Option<Word<'a>> {
    let rest = &value[2..];
    let mark = rest.iter().take(CHARSET_BYTES_MAX + 1).position(|&b| b == b'?')?;
    let charset = std::str::from_utf8(&rest[..mark]).ok()?;
    // A language may follow the name (RFC 2231 §5).
    let charset = charset.split('*').next().filter(|name| !name.is_empty() && !name.contains(' '))?;
    let (method, rest) = match &rest[mark + 1..] {
        [method, b'?', rest @ ..] => (*method, rest),
        _ => return None,
    };
    let mut end = 0;
    let mut found = false;
    for _ in 0..=STRAY_MARKS_MAX {
        end += rest[end..].iter().position(|&b| b == b'?')?;
        if rest.get(end + 1) == Some(&b'=') {
            found = true;
            break;
        }
        end += 1;
    }
    if !found {
        return None;
    }
    let content = &rest[..end];
    let bytes = match method {
        b'b' | b'B' => encoding::base64(content, broken),
        b'q' | b'Q' => {
            let spaced: Vec<u8> = content.iter().map(|&b| if b == b'_' { b' ' } else { b }).collect();
            // A final space is text here, unlike at the end of a quoted-printable line.
            let trailing = spaced.len() - spaced.trim_ascii_end().len();
            let mut bytes = encoding::quoted_printable(&spaced, broken);
            bytes.extend(std::iter::repeat_n(b' ', trailing));
            bytes
        }
        _ => return None,
    };
    Some(Word { charset, bytes, len: value.len() - rest.len() + end + 2 })
}

fn finish(run: Option<(&str, Vec<u8>)>, broken: &mut bool, out: &mut String) {
    if let Some((charset, bytes)) = run {
        push(&encoding::text(&bytes, charset, broken), out);
    }
}

/// Appends text. Control characters become spaces: a line end that an encoded word smuggles in must reach no log line
/// or header of ours.
fn push(text: &str, out: &mut String) {
    if text.bytes().all(|b| b >= b' ' && b != 0x7f) {
        out.push_str(text);
    } else {
        out.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        check_bytes(input.as_bytes(), expected, false);
    }

    fn check_bytes(input: &[u8], expected: &str, broken_expected: bool) {
        let mut broken = false;
        assert_eq!(decode(input, &mut broken), expected, "{}", String::from_utf8_lossy(input));
        assert_eq!(broken, broken_expected, "{}", String::from_utf8_lossy(input));
    }

    #[test]
    fn values_are_unfolded() {
        check(" plain", "plain");
        check(" folded\r\n\tvalue\n  here ", "folded value  here");
        check("", "");
    }

    #[test]
    fn encoded_words_are_decoded() {
        check("=?utf-8?Q?Gr=C3=BC=C3=9Fe_an?= alle", "Grüße an alle");
        check("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße");
        check("=?iso-8859-1*de?q?f=FCr?=", "für");
        check("a =?utf-8?q?b?=\r\n =?utf-8?q?c?= d", "a bc d");
        check("=?utf-8?q?a_?= =?iso-8859-1?q?=E4?=", "a ä");
    }

    #[test]
    fn a_character_may_be_split_between_words() {
        check("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü");
    }

    #[test]
    fn what_is_no_encoded_word_stays() {
        check("=?utf-8?x?y?=", "=?utf-8?x?y?=");
        check("=?utf-8?q?never closed", "=?utf-8?q?never closed");
        check("is 1=?2", "is 1=?2");
        check("=?utf-8?q?Really??=", "Really?");
    }

    #[test]
    fn undecodable_words_are_noted() {
        check_bytes(b"=?no-such-set?q?abc?=", "abc", true);
        check_bytes(b"caf\xe9", "café", true);
        check_bytes(b"=?utf-8?B?!!!?=", "", true);
    }

    #[test]
    fn no_line_end_comes_out_of_a_word() {
        check("=?utf-8?q?a=0D=0AX-Kith-Verdict:_accept?=", "a  X-Kith-Verdict: accept");
    }

    #[test]
    fn names_of_character_sets_have_a_limit() {
        let long = |n| format!("=?{}?q?a?=", "x".repeat(n));
        check(&long(CHARSET_BYTES_MAX + 1), &long(CHARSET_BYTES_MAX + 1));
        check_bytes(long(CHARSET_BYTES_MAX).as_bytes(), "a", true);
    }
}

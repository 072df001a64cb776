//! Base64 and hexadecimal.

use std::fmt::Write as _;

/// Shortest run of the alphabet that is taken for base64: shorter ones are words.
const RUN_BYTES_MIN: usize = 16;
/// Runs of one text that are decoded.
const RUNS_MAX: usize = 1_000;

/// The value of a character, in the usual alphabet or in that for URLs.
fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}

/// The bytes that base64 encodes, with or without padding; `None` where it is none.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    if text.len() % 4 == 1 {
        return None;
    }
    let (mut out, mut bits, mut count) = (Vec::with_capacity(text.len() * 3 / 4), 0_u32, 0);
    for byte in text.bytes() {
        bits = bits << 6 | sextet(byte)?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 0xff) as u8);
        }
    }
    Some(out)
}

/// Bytes as text: UTF-8, or UTF-16 as it is found in scripts; `None` where they are neither.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let wide =
        bytes.len() >= 4 && bytes.len().is_multiple_of(2) && bytes.iter().skip(1).step_by(2).all(|byte| *byte == 0);
    if wide {
        return Some(bytes.iter().step_by(2).map(|byte| char::from(*byte)).collect());
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(|c| c.is_control() && !c.is_whitespace()))
}

/// The text that base64 encodes; `None` where it is none.
pub(super) fn decode(text: &str) -> Option<String> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.is_empty() { None } else { readable(bytes(&compact)?) }
}

/// The texts that stand in a text as base64.
pub(super) fn scan(text: &str) -> Vec<String> {
    let runs = text.split(|c: char| !(c == '=' || c.is_ascii() && sextet(c as u8).is_some()));
    let long = runs.filter(|run| run.len() >= RUN_BYTES_MIN).take(RUNS_MAX);
    long.filter_map(|run| {
        // Padding ends a run; what follows it, as in `key=value`, is another.
        run.split_inclusive('=').filter(|part| part.len() >= RUN_BYTES_MIN).find_map(|part| readable(bytes(part)?))
    })
    .collect()
}

/// Bytes in hexadecimal, lower case.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding() {
        assert_eq!(decode("aGVsbG8=").as_deref(), Some("hello"));
        assert_eq!(decode("aGVs bG8").as_deref(), Some("hello"));
        assert_eq!(decode("a\u{fc}"), None);
        assert_eq!(decode("AAAAA"), None);
        assert_eq!(decode(""), None);
        assert_eq!(decode("/////w"), None);
    }

    #[test]
    fn runs_are_found_in_text() {
        assert_eq!(scan("see https://a.example/#Ym9iQGhhcmJvdXIuZXhhbXBsZQ=="), ["bob@harbour.example"]);
        assert_eq!(scan("u=Ym9iQGhhcmJvdXIuZXhhbXBsZQ"), ["bob@harbour.example"]);
        assert_eq!(scan("nothing encoded here"), [] as [String; 0]);
        assert_eq!(scan("aABlAGwAbABvACEAIQAhAA=="), ["hello!!!"]);
    }

    #[test]
    fn digests_are_shown_in_lower_case() {
        assert_eq!(hexadecimal(&[0, 171]), "00ab");
    }
}

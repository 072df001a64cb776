//! Readable strings in bytes.

use super::bytes::text;

/// Shortest run that counts.
const RUN_CHARS_MIN: usize = 4;
/// Runs that are kept.
const RUNS_MAX: usize = 20_000;
/// Bytes of strings that are kept.
const BYTES_MAX: usize = 4_194_304;

/// Runs of printable ASCII characters, one byte or two bytes each, in their order; those of two bytes last.
pub fn runs(bytes: &[u8]) -> Vec<String> {
    let (mut out, mut left) = (Vec::new(), BYTES_MAX);
    let mut take = |run: &mut String| {
        if run.len() >= RUN_CHARS_MIN && out.len() < RUNS_MAX && run.len() <= left {
            left -= run.len();
            out.push(std::mem::take(run));
        }
        run.clear();
    };
    let mut run = String::new();
    for byte in bytes {
        match byte {
            b'\t' | b' '..=b'~' => run.push(char::from(*byte)),
            _ => take(&mut run),
        }
    }
    take(&mut run);
    let mut at = 0;
    while let Some([low, high]) = bytes.get(at..at + 2) {
        if *high == 0 && matches!(low, b'\t' | b' '..=b'~') {
            run.push(char::from(*low));
            at += 2;
        } else {
            at += if run.is_empty() { 1 } else { 2 };
            take(&mut run);
        }
    }
    take(&mut run);
    out
}

/// The whole content where it is text, else its readable strings, a line each.
pub fn raw(bytes: &[u8]) -> String {
    let binary = bytes.iter().take(BYTES_MAX).any(|byte| *byte < 9);
    if binary { runs(bytes).join("\n") } else { text(&bytes[..bytes.len().min(BYTES_MAX)]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_in_both_widths() {
        assert_eq!(runs(b"\x00abcd\x01abc\x02e\0f\0g\0h\0"), ["abcd", "efgh"]);
        assert_eq!(runs(b"one line\nanother"), ["one line", "another"]);
        assert_eq!(runs(b""), [] as [&str; 0]);
    }

    #[test]
    fn text_is_given_whole_and_bytes_by_their_strings() {
        assert_eq!(raw("f\u{fc}r\nyou".as_bytes()), "f\u{fc}r\nyou");
        assert_eq!(raw(b"\x00abcd\x01wxyz"), "abcd\nwxyz");
    }

    #[test]
    fn there_is_an_end() {
        assert_eq!(runs(&b"abcd\n".repeat(RUNS_MAX + 1)).len(), RUNS_MAX);
    }
}

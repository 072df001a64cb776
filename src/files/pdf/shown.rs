//! The text that a page's content shows (ISO 32000-2 §9.4), where its font has the usual encoding.

use super::super::bytes::text;
use super::objects::{hexadecimal, literal};

/// Adds the strings that the operators of text show; a new line where they move to one.
pub(super) fn push(content: &[u8], out: &mut String, bytes_max: usize) {
    let (mut at, mut within, mut shown) = (0, false, Vec::<u8>::new());
    while let Some(byte) = content.get(at) {
        if out.len() >= bytes_max {
            return;
        }
        match byte {
            b'(' => {
                let (bytes, len) = literal(&content[at..]);
                shown.extend_from_slice(&bytes);
                at += len.max(1);
            }
            b'<' if content.get(at + 1) != Some(&b'<') => {
                let len = content[at..].iter().position(|byte| *byte == b'>').unwrap_or(content.len() - at);
                shown.extend_from_slice(&hexadecimal(&content[at + 1..at + len]));
                at += len + 1;
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'\'' | b'"' => {
                let ends = |byte: &u8| !(byte.is_ascii_alphabetic() || matches!(byte, b'\'' | b'"' | b'*'));
                let len = content[at..].iter().position(ends).unwrap_or(content.len() - at).max(1);
                match &content[at..at + len] {
                    b"BT" => within = true,
                    b"ET" => {
                        within = false;
                        new_line(out);
                    }
                    b"Tj" | b"TJ" if within => show(&shown, out),
                    b"'" | b"\"" if within => {
                        new_line(out);
                        show(&shown, out);
                    }
                    b"Td" | b"TD" | b"T*" | b"Tm" if within => new_line(out),
                    _ => {}
                }
                shown.clear();
                at += len;
            }
            _ => at += 1,
        }
    }
}

/// Shows a string, unless its bytes are numbers of glyphs and no letters.
fn show(bytes: &[u8], out: &mut String) {
    let wide = bytes.len() >= 2 && bytes.len().is_multiple_of(2) && bytes.iter().step_by(2).all(|high| *high == 0);
    let letters: Vec<u8> = if wide { bytes.iter().skip(1).step_by(2).copied().collect() } else { bytes.to_vec() };
    if letters.iter().all(|byte| *byte >= b' ' || matches!(byte, b'\t' | b'\n' | b'\r')) {
        out.push_str(&text(&letters));
    }
}

fn new_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(content: &str, expected: &str) {
        let mut out = String::new();
        push(content.as_bytes(), &mut out, 1_000);
        assert_eq!(out.trim_end(), expected, "{content}");
    }

    #[test]
    fn operators_of_text_show_strings() {
        check("BT (One) Tj T* (two) ' [(th) 3 (ree)] TJ ET (no) Tj", "One\ntwothree");
        check("BT <41 42> Tj <00430044> Tj <0001> Tj ET", "ABCD");
        check("BT (open", "");
    }

    #[test]
    fn there_is_an_end() {
        let mut out = String::new();
        push("BT (aaaaaaaa) Tj ".repeat(100).as_bytes(), &mut out, 100);
        assert!(out.len() < 110);
    }
}

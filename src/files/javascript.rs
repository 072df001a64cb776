//! JavaScript, cut into words and literal strings: nothing is run.

use std::collections::HashSet;

use super::JavaScript;

/// Words and strings of each kind that are kept.
const WORDS_MAX: usize = 10_000;

/// Keywords of ECMAScript.
const KEYWORDS: &[&str] = &[
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "let",
    "new",
    "null",
    "of",
    "return",
    "static",
    "super",
    "switch",
    "this",
    "throw",
    "true",
    "try",
    "typeof",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// The words and strings of a script.
pub(super) fn read(source: &str) -> JavaScript {
    let (mut out, mut seen) = (JavaScript::default(), HashSet::new());
    let bytes = source.as_bytes();
    let (mut at, mut before) = (0, b'\n');
    while let Some(byte) = bytes.get(at) {
        let start = at;
        match byte {
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = line_end(source, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => {
                at = source[at + 2..].find("*/").map_or(bytes.len(), |end| at + end + 4);
            }
            // Behind an operator a slash begins a pattern.
            b'/' if matches!(
                before,
                b'\n' | b'(' | b',' | b'=' | b':' | b'[' | b'!' | b'&' | b'|' | b'?' | b'{' | b';'
            ) =>
            {
                at = pattern_end(bytes, at);
                before = b'/';
            }
            b'"' | b'\'' | b'`' => {
                at = string_end(bytes, at);
                if out.strings.len() < WORDS_MAX {
                    let inner = source.get(start + 1..at.saturating_sub(1).max(start + 1)).unwrap_or_default();
                    out.strings.push(unescaped(inner));
                }
                before = b'"';
            }
            _ if is_word(*byte) => {
                at += bytes[at..].iter().position(|byte| !is_word(*byte)).unwrap_or(bytes.len() - at);
                let word = source.get(start..at).unwrap_or_default();
                before = b'a';
                if !byte.is_ascii_digit() && seen.len() < WORDS_MAX && seen.insert(word) {
                    let kind = if KEYWORDS.contains(&word) { &mut out.keywords } else { &mut out.identifiers };
                    kind.push(word.to_owned());
                }
            }
            _ => {
                at += 1;
                if !byte.is_ascii_whitespace() {
                    before = *byte;
                }
            }
        }
    }
    out
}

/// Whether a byte may stand in a name; those beyond ASCII all may.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

fn line_end(source: &str, at: usize) -> usize {
    source[at..].find('\n').map_or(source.len(), |end| at + end)
}

/// Where a string ends, its closing quote included. One in plain quotes ends with its line at the latest.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return at,
            _ if *byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn pattern_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut within) = (start + 1, false);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => within = true,
            b']' => within = false,
            b'/' if !within => return at + 1,
            b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// A string with its escapes resolved.
fn unescaped(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(c) = rest.chars().next() else { break };
        let coded = match c {
            'x' => rest.get(1..3).map(|digits| (digits, 3)),
            'u' if rest.starts_with("u{") => {
                rest.bytes().take(10).position(|byte| byte == b'}').and_then(|end| Some((rest.get(2..end)?, end + 1)))
            }
            'u' => rest.get(1..5).map(|digits| (digits, 5)),
            _ => None,
        };
        let coded = coded.and_then(|(digits, len)| Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, len)));
        let (shown, len) = coded.unwrap_or((
            match c {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                other => other,
            },
            c.len_utf8(),
        ));
        out.push(shown);
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_strings_are_told_apart() {
        let script = "// no \"comment\"\nvar _0xa = atob('\\x68i'); /* 'n' */ document.write(`t\n${x}`); a = /\"['\\/]/g; 1e5; catch";
        let read = read(script);
        assert_eq!(read.identifiers, ["_0xa", "atob", "document", "write", "a", "g"]);
        assert_eq!(read.keywords, ["var", "catch"]);
        assert_eq!(read.strings, ["hi", "t\n${x}"]);
    }

    #[test]
    fn what_never_ends_ends_with_the_script() {
        assert_eq!(read("'open").strings, ["ope"]);
        assert_eq!(read("a = /open").identifiers, ["a"]);
        assert_eq!(read("/* open 'x'").strings, [] as [&str; 0]);
        assert_eq!(read("'\u{e4}\\").strings.len(), 1);
        assert_eq!(unescaped("\\u{41}\\u0042\\q\\"), "ABq");
    }
}

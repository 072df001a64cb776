//! The form in which phrases are looked for.

/// Lower case, each run of white space or invisible characters one space, typographic quotes and dashes as their ASCII
/// ones: what the eye takes for the same words becomes the same bytes.
pub fn normalise(text: &str) -> String {
    if text.is_ascii() { normalise_ascii(text) } else { normalise_any(text) }
}

/// Most mail is ASCII, for which bytes tell all: several times as fast.
fn normalise_ascii(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut gap = false;
    for byte in text.bytes() {
        if !byte.is_ascii_graphic() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(b' ');
        }
        gap = false;
        out.push(if byte == b'`' { b'\'' } else { byte.to_ascii_lowercase() });
    }
    // ASCII is UTF-8, so nothing is ever lost here.
    String::from_utf8(out).unwrap_or_default()
}

fn normalise_any(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        let c = match c {
            '!'..='~' if c != '`' => c.to_ascii_lowercase(),
            '`' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
            '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
            '\u{2010}'..='\u{2015}' => '-',
            // They split a word for a filter, not for the eye.
            c if is_invisible(c) => continue,
            c if c.is_whitespace() || c.is_control() => {
                gap = true;
                continue;
            }
            c => c,
        };
        if std::mem::take(&mut gap) && !out.is_empty() {
            out.push(' ');
        }
        if c.is_ascii() {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// Whether a character takes no room on the screen: soft hyphen, zero-width and direction marks.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_to_the_eye_is_the_same_to_the_search() {
        assert_eq!(normalise("  Don\u{2019}t\r\n\tPAY\u{200b}MENT \u{2014} now "), "don't payment - now");
        assert_eq!(normalise("\u{c4}RGER `x`\u{a0}\u{130}"), "ärger 'x' i\u{307}");
        assert_eq!(normalise(""), "");
    }

    #[test]
    fn ascii_is_treated_as_any_text() {
        for text in [" A\tb\u{7f}c  `D`\0\n", "x", "   ", "Re: [a] 100%"] {
            assert_eq!(normalise_ascii(text), normalise_any(text), "{text:?}");
        }
    }
}

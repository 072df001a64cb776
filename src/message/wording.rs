//! A text as the eye takes it: the form in which phrases are looked for, and the one in which numbers are.

use std::borrow::Cow;

/// Lower case, each run of white space or invisible characters one space, typographic quotes and dashes as their ASCII
/// ones: what the eye takes for the same words becomes the same bytes.
pub fn normalise(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut gap) = (0, false);
    while at < bytes.len() {
        // Most mail is ASCII, of which whole words are copied at once.
        let run = bytes[at..].iter().take_while(|b| b.is_ascii_graphic() && **b != b'`').count();
        let c = if run > 0 { None } else { text[at..].chars().next() };
        let width = run.max(c.map_or(0, char::len_utf8)).max(1);
        let c = match c {
            // They split a word for a filter, not for the eye.
            Some(c) if is_invisible(c) => {
                at += width;
                continue;
            }
            Some(c) if c.is_whitespace() || c.is_control() => {
                gap = true;
                at += width;
                continue;
            }
            c => c.map(plain),
        };
        if std::mem::take(&mut gap) && !out.is_empty() {
            out.push(' ');
        }
        match c {
            Some(c) => out.extend(c.to_lowercase()),
            None => out.push_str(&text[at..at + run]),
        }
        at += width;
    }
    out.make_ascii_lowercase();
    out
}

/// A text as it is seen, its case and lines kept: without invisible characters, with plain spaces, dashes, digits and
/// letters for those that only look like them.
pub(super) fn seen(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let visible = text.chars().filter(|c| c.is_ascii() || !is_invisible(*c));
    Cow::Owned(visible.map(|c| if !c.is_ascii() && c.is_whitespace() { ' ' } else { plain(c) }).collect())
}

/// The ASCII character that looks the same, for quotes, dashes and letters in disguise; others as they are.
fn plain(c: char) -> char {
    match c {
        '`' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        // Letters of the mathematical and the full-width alphabets, and phonetic ones that pass for Latin.
        '\u{1d400}'..='\u{1d6a3}' => letter((c as u32 - 0x1d400) % 52),
        '\u{1d7ce}'..='\u{1d7ff}' => char::from(b'0' + ((c as u32 - 0x1d7ce) % 10) as u8),
        '\u{ff01}'..='\u{ff5e}' => char::from((c as u32 - 0xfee0) as u8),
        '\u{251}' => 'a',
        '\u{261}' => 'g',
        '\u{26a}' | '\u{269}' => 'i',
        '\u{274}' => 'n',
        '\u{27e}' | '\u{280}' => 'r',
        '\u{29c}' => 'h',
        '\u{29f}' => 'l',
        '\u{28f}' => 'y',
        c => c,
    }
}

/// The letter of this place among 26 capitals and 26 small ones.
fn letter(place: u32) -> char {
    char::from(if place < 26 { b'A' + place as u8 } else { b'a' + (place - 26) as u8 })
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
        assert_eq!(normalise("\u{1d40f}\u{1d41a}\u{1d7d7} \u{ff30}\u{ff41} p\u{251}y"), "pa9 pa pay");
        assert_eq!(seen("De\u{200b}\u{a0}\u{ff11}\u{2011}2\nX"), "De 1-2\nX");
        assert_eq!(normalise("a\u{7f}b\0c \u{3000}D\u{ad}e"), "a b c de");
    }
}

//! Text that strangers wrote, made safe for the eye: nothing invisible, nothing that turns the reading direction.

use std::borrow::Cow;
use std::fmt::Write;

/// The text with each character that cannot be seen, or steers how others are, written out by its number. Escaping for
/// HTML is the templates' business, and happens in any case.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\u{27e8}U+{:04X}\u{27e9}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// As [`visible`], for text of several lines.
pub(super) fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

/// Control characters; marks of direction (UAX #9); characters without width, soft hyphens and tags; and line ends that
/// are none in HTML.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        let check = |text: &str, expected: &str| assert_eq!(visible(text), expected);
        check("Grüße, 世界 <b>", "Grüße, 世界 <b>");
        check("invoice\u{202e}fdp.exe", "invoice⟨U+202E⟩fdp.exe");
        check("a\r\nBcc: x", "a⟨U+000D⟩⟨U+000A⟩Bcc: x");
        check("pay\u{200b}pal\u{feff}\u{1b}[2J", "pay⟨U+200B⟩pal⟨U+FEFF⟩⟨U+001B⟩[2J");
        assert_eq!(visible_lines("a\n\tb\u{2066}"), "a\n⟨U+0009⟩b⟨U+2066⟩");
    }
}

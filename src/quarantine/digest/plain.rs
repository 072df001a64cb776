//! Text of strangers for other people's eyes: no control over the page, no address that a mail program makes a link of.

/// What stands for a character that is not shown.
const HIDDEN: char = '?';

/// Characters that look, or are read by resolvers, as the dot between the labels of a name.
const DOTS: [char; 5] = ['.', '\u{2024}', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// A text in one line of at most so many characters: without control and direction characters and others that are not
/// seen, and with `[.]`, `[at]` and `[:]` where a mail program would find an address to link to.
pub fn plain(text: &str, chars_max: usize) -> String {
    let mut out = String::new();
    let mut chars = text.trim().chars().peekable();
    let mut before = ' ';
    for _ in 0..chars_max {
        let Some(c) = chars.next() else { return out };
        let next = chars.peek().copied().unwrap_or(' ');
        match c {
            '\r' | '\n' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if is_hidden(c) => out.push(HIDDEN),
            c if DOTS.contains(&c) && is_word(next) => out.push_str("[.]"),
            '@' | '\u{ff20}' | '\u{fe6b}' => out.push_str("[at]"),
            ':' | '\u{ff1a}' if before.is_alphabetic() && !next.is_whitespace() => out.push_str("[:]"),
            // \\server\share is a link for some programs.
            '\\' => out.push(HIDDEN),
            c => out.push(c),
        }
        before = c;
    }
    if chars.peek().is_some() {
        out.push('\u{2026}');
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_' || is_hidden(c)
}

/// Whether a character is not seen, or changes how others are.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}')
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(plain(text, 80), expected, "{text:?}");
    }

    #[test]
    fn no_address_is_left_that_a_program_makes_a_link_of() {
        check("Pay at https://evil.example/x now.", "Pay at https[:]//evil[.]example/x now.");
        check("www.evil.example", "www[.]evil[.]example");
        check("eve@evil.example", "eve[at]evil[.]example");
        check("evil\u{3002}example \u{ff20}x", "evil[.]example [at]x");
        check("mailto:x tel:5551234 Re: at 10:30", "mailto[:]x tel[:]5551234 Re: at 10:30");
        check("\\\\server\\share", "??server?share");
        check("evil.\u{200b}example", "evil[.]?example");
    }

    #[test]
    fn nothing_leaves_its_line() {
        check("a\r\nRelease:\thttp", "a  Release: http");
        check("a\u{202e}b\u{0}c\u{2028}d\u{e0041}", "a?b?c d?");
        check("  Ordinary words, 3 of them.  ", "Ordinary words, 3 of them.");
        assert_eq!(plain(&"x".repeat(81), 80), "x".repeat(80) + "\u{2026}");
        assert_eq!(plain(&"x".repeat(80), 80), "x".repeat(80));
    }

    proptest! {
        #[test]
        fn whatever_comes_has_one_line_and_no_link(text in ".{0,200}") {
            let shown = plain(&text, 100);
            let leaves = |c: char| c.is_control() || c == '@' || ('\u{202a}'..='\u{202e}').contains(&c);
            prop_assert!(!shown.chars().any(leaves), "{shown}");
            let scheme = |before: &str| before.ends_with(char::is_alphabetic);
            prop_assert!(!shown.split_once("://").is_some_and(|(before, _)| scheme(before)), "{shown}");
            let dotted = |pair: &[char]| pair[0] == '.' && pair[1].is_alphanumeric();
            prop_assert!(!shown.chars().collect::<Vec<_>>().windows(2).any(dotted), "{shown}");
        }
    }
}

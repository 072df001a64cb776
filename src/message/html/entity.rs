//! Character references of HTML (WHATWG HTML §13.2.5.72).

use std::borrow::Cow;

use mail_parser::decoders::html::add_html_token;

/// Longest name of a reference (`CounterClockwiseContourIntegral`), with room.
const NAME_BYTES_MAX: usize = 32;
/// Longest name that also counts without a semicolon (`Yacute`, `frac12`).
const OPEN_NAME_BYTES_MAX: usize = 6;
/// What browsers show for the numeric references 128 to 159: the characters of windows-1252.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
];

/// Text with its references decoded. Within an attribute a name without semicolon that `=` or a letter follows stays
/// as it is, so that `?a=1&copy=2` keeps its parameters.
pub(super) fn decode(text: &str, in_attribute: bool) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut rest = &text[first..];
    while let Some(after) = rest.strip_prefix('&') {
        let used = reference(after, in_attribute, &mut out);
        if used == 0 {
            out.push('&');
        }
        let after = &after[used..];
        let next = after.find('&').unwrap_or(after.len());
        out.push_str(&after[..next]);
        rest = &after[next..];
    }
    Cow::Owned(out)
}

/// Decodes one reference, given without its `&`; the bytes it took, 0 where it is none.
fn reference(text: &str, in_attribute: bool, out: &mut String) -> usize {
    if let Some(digits) = text.strip_prefix('#') {
        return numeric(digits, out).map_or(0, |used| used + 1);
    }
    let bytes = text.as_bytes();
    let name = bytes.iter().take(NAME_BYTES_MAX + 1).take_while(|b| b.is_ascii_alphanumeric()).count();
    if bytes.get(name) == Some(&b';') && named(&text[..name], out) {
        return name + 1;
    }
    if in_attribute && matches!(bytes.get(name), Some(b'=')) {
        return 0;
    }
    // Old names count without a semicolon, the longest first: `&notit;` is `¬it;`.
    let longest = if in_attribute && name > OPEN_NAME_BYTES_MAX { 0 } else { name.min(OPEN_NAME_BYTES_MAX) };
    let shortest = if in_attribute { longest } else { 2 };
    (shortest.max(2)..=longest).rev().find(|len| open_named(&text[..*len], out)).unwrap_or(0)
}

/// Decodes `123` or `x7B`, with or without its semicolon; the bytes it took.
fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let (prefix, radix) = if text.starts_with(['x', 'X']) { (1, 16) } else { (0, 10) };
    let digits = text[prefix..].bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
    if digits == 0 {
        return None;
    }
    // Zeros alone leave nothing to parse; what overflows is no character either.
    let significant = text[prefix..prefix + digits].trim_start_matches('0');
    let number = if significant.is_empty() { 0 } else { u32::from_str_radix(significant, radix).unwrap_or(u32::MAX) };
    let number = match number {
        0x80..=0x9f => u32::from(WINDOWS_1252[number as usize - 0x80]),
        0 => 0xfffd,
        _ => number,
    };
    out.push(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER));
    let semicolon = usize::from(text.as_bytes().get(prefix + digits) == Some(&b';'));
    Some(prefix + digits + semicolon)
}

/// Decodes a named reference; whether there is one of that name.
fn named(name: &str, out: &mut String) -> bool {
    if name.len() < 2 || name.len() > NAME_BYTES_MAX {
        return false;
    }
    let mut token = [0_u8; NAME_BYTES_MAX + 2];
    token[0] = b'&';
    token[1..=name.len()].copy_from_slice(name.as_bytes());
    token[name.len() + 1] = b';';
    let before = out.len();
    add_html_token(out, &token[..name.len() + 2], false);
    // What it does not know comes out as it went in.
    if out[before..].starts_with('&') && out.len() - before == name.len() + 2 {
        out.truncate(before);
        return false;
    }
    true
}

/// Decodes a name that counts without a semicolon: those of Latin-1 and of the characters of markup.
fn open_named(name: &str, out: &mut String) -> bool {
    let before = out.len();
    if !named(name, out) {
        return false;
    }
    let old = matches!(out[before..].chars().next(), Some('\u{a0}'..='\u{ff}' | '"' | '&' | '<' | '>'));
    if !old {
        out.truncate(before);
    }
    old
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &str) {
        assert_eq!(decode(input, false), expected, "{input}");
    }

    fn check_attribute(input: &str, expected: &str) {
        assert_eq!(decode(input, true), expected, "{input}");
    }

    #[test]
    fn references_are_decoded() {
        check("a &amp; b &lt;c&gt;", "a & b <c>");
        check("&eacute;t&eacute;&nbsp;&hellip;", "été\u{a0}…");
        check("&#65;&#x42;&#X43;&#68", "ABCD");
        check("&#150;&#0;&#x110000;&#99999999999;", "\u{2013}\u{fffd}\u{fffd}\u{fffd}");
        check("&#0000000000000000065;", "A");
    }

    #[test]
    fn old_names_need_no_semicolon() {
        check("caf&eacute au lait &amp more", "café au lait & more");
        check("&notit;", "¬it;");
        check("&hellip more", "&hellip more");
    }

    #[test]
    fn what_is_no_reference_stays() {
        check("AT&T & co", "AT&T & co");
        check("&;&#;&#x;&&unknownname;&", "&;&#;&#x;&&unknownname;&");
        check("", "");
    }

    #[test]
    fn parameters_of_addresses_stay() {
        check_attribute("?a=1&copy=2&amp;lt=3&lt;", "?a=1&copy=2&lt=3<");
        check_attribute("?a=1&copyright=2", "?a=1&copyright=2");
        check_attribute("?a=1&lt", "?a=1<");
    }

    #[test]
    fn names_have_a_limit() {
        let long = format!("&{};", "a".repeat(NAME_BYTES_MAX + 1));
        check(&long, &long);
        check("&CounterClockwiseContourIntegral;", "∳");
    }
}

//! Web addresses in text.

use std::collections::HashSet;

use super::markup::decoded;

/// Addresses that are kept of one file.
const URLS_MAX: usize = 1_000;
/// Longest address that is kept.
const URL_BYTES_MAX: usize = 4_096;

/// Web addresses that stand in a text, each once: what begins with a scheme of the web, up to white space, a quote or a
/// bracket.
pub fn urls(text: &str) -> Vec<String> {
    let (mut seen, mut out) = (HashSet::new(), Vec::new());
    let mut from = 0;
    while out.len() < URLS_MAX
        && let Some(found) = text.get(from..).and_then(|rest| rest.find("://"))
    {
        let (colon, behind) = (from + found, from + found + 3);
        from = behind;
        let scheme = ["https", "http", "ftp"].iter().find(|scheme| {
            let start = colon.checked_sub(scheme.len());
            start.and_then(|start| text.get(start..colon)).is_some_and(|word| word.eq_ignore_ascii_case(scheme))
        });
        let Some(scheme) = scheme else { continue };
        let rest = &text[behind..];
        let end = rest.find(ends).unwrap_or(rest.len()).min(URL_BYTES_MAX);
        let url = &text[colon - scheme.len()..behind + rest.floor_char_boundary(end)];
        let url = decoded(url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\''])).into_owned();
        from = behind + rest.floor_char_boundary(end);
        if url.len() > scheme.len() + 3 && seen.insert(url.clone()) {
            out.push(url);
        }
    }
    out
}

fn ends(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '"' | '<' | '>' | ')' | ']' | '}' | '|' | '\\' | '^' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_once() {
        let text = "<a href=\"https://a.example/x?b=1&amp;c=2\">(HTTP://b.example) see http://c.example/. http:// http://c.example/";
        assert_eq!(urls(text), ["https://a.example/x?b=1&c=2", "HTTP://b.example", "http://c.example/"]);
        assert_eq!(urls("mailto://x ://y"), [] as [&str; 0]);
    }

    #[test]
    fn there_is_an_end() {
        let many: String = (0..URLS_MAX + 1).map(|place| format!("http://a.example/{place} ")).collect();
        assert_eq!(urls(&many).len(), URLS_MAX);
        assert_eq!(urls(&format!("http://{}", "\u{e4}".repeat(URL_BYTES_MAX)))[0].len(), URL_BYTES_MAX + 7);
    }
}

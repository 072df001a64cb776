//! Links that stand in running text, which mail programs make clickable.

use std::ops::Range;

use super::link::{is_file_ending, link, named_host};
use super::{Link, LinkPlace};

/// Finds web addresses in text, at most `most`, and appends them; whether there were more. `taken` are byte ranges, in
/// order, that belong to other links.
///
/// `http://…`, `https://…` and `www.…` count anywhere in a word; a name without either counts only with a path
/// and a known public suffix (`bank.com/login`).
pub(super) fn find(text: &str, taken: &[Range<usize>], most: usize, found: &mut Vec<Link>) -> bool {
    let mut taken = taken.iter().peekable();
    for (at, word) in words(text) {
        while taken.next_if(|range| range.end <= at).is_some() {}
        if taken.peek().is_some_and(|range| range.start < at + word.len()) {
            continue;
        }
        let Some(target) = target(word) else { continue };
        if found.len() >= most {
            return true;
        }
        found.push(link(target, "", LinkPlace::Text, None));
    }
    false
}

/// The words of a text that hold a dot or a colon, with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split(ends_word).filter(|word| word.len() > 3).filter_map(|word| {
        let marked = word.bytes().any(|b| matches!(b, b'.' | b':'));
        marked.then(|| (word.as_ptr() as usize - text.as_ptr() as usize, word))
    })
}

/// Whether a character ends a web address in running text.
fn ends_word(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '<' | '>' | '"' | '\u{ab}' | '\u{bb}' | '\u{201c}' | '\u{201d}' | '\u{3001}' | '\u{3002}')
        || matches!(c, '\u{300c}' | '\u{300d}' | '\u{ff08}' | '\u{ff09}' | '\u{ff0c}')
}

/// The web address in a word, without the punctuation around it.
fn target(word: &str) -> Option<&str> {
    let start = scheme_at(word).or_else(|| www_at(word));
    let target = match start {
        Some(start) => trim_end(&word[start..]),
        None => {
            let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
            let (host, path) = word.split_once('/')?;
            let host = named_host(host)?;
            if path.is_empty() && is_file_ending(host.top_level()) {
                return None;
            }
            trim_end(word)
        }
    };
    // `http://` and `www.` alone lead nowhere.
    let name = target.rsplit_once("//").map_or(target, |(_, name)| name);
    (name.len() > 4 && start.is_none_or(|_| name.contains(|c: char| c.is_alphanumeric()))).then_some(target)
}

/// Where `http://` or `https://` starts.
fn scheme_at(word: &str) -> Option<usize> {
    let bytes = word.as_bytes();
    let mut from = 0;
    while let Some(found) = word[from..].find("://") {
        let colon = from + found;
        for scheme in ["https", "http"] {
            if let Some(start) = colon.checked_sub(scheme.len())
                && bytes[start..colon].eq_ignore_ascii_case(scheme.as_bytes())
            {
                return Some(start);
            }
        }
        from = colon + 3;
    }
    None
}

/// Where `www.` starts, at the start of a word or after punctuation.
fn www_at(word: &str) -> Option<usize> {
    let start = word.find(|c: char| c.is_alphanumeric())?;
    word.get(start..start + 4).filter(|head| head.eq_ignore_ascii_case("www.")).map(|_| start)
}

/// Without the punctuation that closes a sentence or a parenthesis.
fn trim_end(target: &str) -> &str {
    let mut target = target;
    loop {
        let shorter =
            target.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '}', ']', '|', '\u{2026}']);
        // A closing parenthesis belongs to the address where it opens one (`…/Foo_(bar)`).
        let shorter = match shorter.strip_suffix(')') {
            Some(rest) if !rest.contains('(') => rest,
            _ => shorter,
        };
        if shorter.len() == target.len() {
            return target;
        }
        target = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        assert!(!find(text, &[], 100, &mut found), "{text}");
        let targets: Vec<&str> = found.iter().map(|l| l.target.as_str()).collect();
        assert_eq!(targets, expected, "{text}");
    }

    #[test]
    fn web_addresses_are_found_in_text() {
        check("See https://example.org/a, or (http://example.net).", &["https://example.org/a", "http://example.net"]);
        check("Visit www.example.org!", &["www.example.org"]);
        check("<http://example.org/x> \"https://example.com\"", &["http://example.org/x", "https://example.com"]);
        check("url:HTTPS://example.org/?a=b&c=d#e", &["HTTPS://example.org/?a=b&c=d#e"]);
        check("https://en.example.org/Foo_(bar)", &["https://en.example.org/Foo_(bar)"]);
        check("\u{300c}https://example.jp/\u{65e5}\u{300d}", &["https://example.jp/\u{65e5}"]);
        check("go to bank.com/login now", &["bank.com/login"]);
    }

    #[test]
    fn other_words_are_left_alone() {
        check("and/or, e.g. this; file.txt/x 12:30 a.b/c", &[]);
        check("bank.com and mail me@bank.com/x", &[]);
        check("http:// www. ://x", &[]);
        check("", &[]);
    }

    #[test]
    fn words_of_other_links_are_not_taken_twice() {
        let text = "a http://one.example/ b http://two.example/";
        let mut found = Vec::new();
        find(text, std::slice::from_ref(&(2..21)), 10, &mut found);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].target, "http://two.example/");
    }

    #[test]
    fn the_number_of_links_has_a_limit() {
        let text = "http://a.example/ ".repeat(3);
        let (mut exact, mut over) = (Vec::new(), Vec::new());
        assert!(!find(&text, &[], 3, &mut exact) && exact.len() == 3);
        assert!(find(&text, &[], 2, &mut over) && over.len() == 2);
    }
}

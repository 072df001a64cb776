//! Addresses of links made harmless: as text that no program takes for a link, and nobody follows by mistake.

use super::shown::visible;

/// Characters shown of one target: the host and enough of what follows.
const TARGET_CHARS_MAX: usize = 300;
/// Schemes that programs make a link of wherever they stand, and what is shown instead.
const SCHEMES: [(&str, &str); 3] = [("https://", "hxxps://"), ("http://", "hxxp://"), ("ftp://", "fxp://")];

/// The target of a link: another scheme, dots of the host in brackets, nothing invisible, not too long.
pub(super) fn target(text: &str) -> String {
    let text: String = text.trim().chars().take(TARGET_CHARS_MAX).collect();
    let shown = match SCHEMES.into_iter().find(|(scheme, _)| begins(&text, scheme)) {
        Some((scheme, instead)) => {
            let rest = &text[scheme.len()..];
            let (host, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
            format!("{instead}{}{path}", host.replace('.', "[.]"))
        }
        // `javascript:`, `mailto:` and whatever else programs know.
        None => text.replacen(':', "[:]", 1),
    };
    visible(&shown).into_owned()
}

/// Running text in which no address is one that programs make a link of.
pub(super) fn running(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(colon) = rest.find("://") {
        let (before, after) = rest.split_at(colon + 3);
        let found = SCHEMES.into_iter().find(|(scheme, _)| ends(before, scheme));
        match found {
            Some((scheme, instead)) => {
                shown.push_str(&before[..before.len() - scheme.len()]);
                shown.push_str(instead);
            }
            None => shown.push_str(before),
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn begins(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len()).is_some_and(|part| part.eq_ignore_ascii_case(scheme))
}

fn ends(text: &str, scheme: &str) -> bool {
    let at = text.len().checked_sub(scheme.len());
    at.and_then(|at| text.get(at..)).is_some_and(|part| part.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_target_is_a_link_any_more() {
        let check = |text: &str, expected: &str| assert_eq!(target(text), expected);
        check("https://www.evil.example/a.b?c=d.e", "hxxps://www[.]evil[.]example/a.b?c=d.e");
        check(" HTTP://192.0.2.1:80", "hxxp://192[.]0[.]2[.]1:80");
        check("http://user@evil.example\\@bank.example", "hxxp://user@evil[.]example\\@bank.example");
        check("javascript:alert(1)", "javascript[:]alert(1)");
        check("mailto:a@x.example", "mailto[:]a@x.example");
        check("ftp://x.example/\u{202e}gpj", "fxp://x[.]example/⟨U+202E⟩gpj");
        check("/relative", "/relative");
        check("", "");
        assert_eq!(target(&"é".repeat(TARGET_CHARS_MAX + 1)).chars().count(), TARGET_CHARS_MAX);
    }

    #[test]
    fn running_text_keeps_all_but_its_schemes() {
        let check = |text: &str, expected: &str| assert_eq!(running(text), expected);
        check("see HtTpS://x.example, http://y.example/é", "see hxxps://x.example, hxxp://y.example/é");
        check("xhttp://é://ftp://", "xhxxp://é://fxp://");
        check("é://a", "é://a");
        check("://", "://");
        check("no link: at all", "no link: at all");
    }
}

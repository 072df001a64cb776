//! Subjects: what replies, forwards and lists put before them.

use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// What mail programs put before the subject of a reply, in the languages of Europe, lower case.
const REPLIES: [&str; 15] =
    ["re", "aw", "antw", "antwort", "sv", "vs", "ref", "rif", "odp", "r", "res", "yn", "atb", "rv", "\u{56de}\u{590d}"];
/// What they put before that of a forward.
const FORWARDS: [&str; 13] =
    ["fw", "fwd", "wg", "tr", "i", "enc", "doorst", "vl", "videresendt", "vb", "pd", "rv", "\u{8f6c}\u{53d1}"];
/// How the subject of an automatic reply begins, lower case.
const AUTOMATIC: [&str; 10] = [
    "automatic reply",
    "auto:",
    "autoreply",
    "auto-reply",
    "out of office",
    "automatische antwort",
    "abwesen",
    "r\u{e9}ponse automatique",
    "respuesta autom\u{e1}tica",
    "risposta automatica",
];
/// Prefixes of one subject that are taken away.
const PREFIXES_MAX: usize = 20;

/// The word before the first colon, lower case, without a counter as in `Re[2]:`, and what follows.
fn prefix(subject: &str) -> Option<(String, &str)> {
    let (word, rest) = subject.split_once(':')?;
    let word = word.trim().split(['[', '(', '^']).next().unwrap_or_default().trim_end();
    (!word.is_empty() && word.chars().count() <= 12).then(|| (word.to_lowercase(), rest.trim_start()))
}

/// The subject without its prefixes and bracketed tags.
fn base(subject: &str) -> &str {
    let mut rest = subject.trim();
    for _ in 0..PREFIXES_MAX {
        let tag = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')).map(|(_, rest)| rest.trim_start());
        let prefixed = prefix(rest).filter(|(word, _)| is_any(word, &REPLIES) || is_any(word, &FORWARDS));
        match tag.filter(|rest| !rest.is_empty()).or(prefixed.map(|(_, rest)| rest)) {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    rest
}

fn is_any(word: &str, words: &[&str]) -> bool {
    words.contains(&word)
}

/// Whether the first prefix behind tags is one of these.
fn begins_with(subject: &str, words: &[&str]) -> bool {
    let mut rest = subject.trim();
    while let Some((_, behind)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        rest = behind.trim_start();
    }
    prefix(rest).is_some_and(|(word, _)| is_any(&word, words))
}

/// A subject; without one everything of it is absent or false.
pub(super) fn subject<'m>(subject: &str) -> Value<'m> {
    let subject = subject.to_owned();
    object(Object::Subject, move |name| match name {
        "subject" => Value::text_or_absent(&subject),
        "base" => Value::text_or_absent(base(&subject)),
        "is_reply" => Value::Boolean(begins_with(&subject, &REPLIES)),
        "is_forward" => Value::Boolean(begins_with(&subject, &FORWARDS)),
        _ => {
            let lower = subject.trim_start().to_lowercase();
            Value::Boolean(AUTOMATIC.iter().any(|beginning| lower.starts_with(beginning)))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_tags_are_taken_away() {
        assert_eq!(base("Re: AW[2]: [list] Minutes: Tuesday"), "Minutes: Tuesday");
        assert_eq!(base("[EXT] Fwd: Pay"), "Pay");
        assert_eq!(base("Minutes"), "Minutes");
        assert_eq!(base("[urgent]"), "[urgent]");
    }

    #[test]
    fn the_first_prefix_tells_replies_from_forwards() {
        assert!(begins_with("[EXT] Re: a", &REPLIES) && !begins_with("Fwd: Re: a", &REPLIES));
        assert!(begins_with("WG: a", &FORWARDS) && !begins_with("Report: a", &FORWARDS));
    }
}

//! Texts of which one must stand wherever a pattern matches.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::rules::evaluate::folded_char;

/// Alternatives beyond which nothing is required: each is looked for.
const ALTERNATIVES_MAX: usize = 48;
/// Bytes of a text that is long enough to be rare.
const TELLING_BYTES: usize = 3;
/// Bytes beyond which a longer text is no rarer.
const BYTES_MAX: usize = 24;

/// What is known of what a part of a pattern matches, all in folded form and of ASCII: in other letters case is less
/// simple.
struct Known {
    /// All that it can match, where that is little.
    exact: Option<Vec<String>>,
    /// Texts of which each match holds one.
    holds: Option<Vec<String>>,
}

impl Known {
    const NOTHING: Self = Self { exact: None, holds: None };

    fn exactly(texts: Vec<String>) -> Self {
        Self { exact: Some(texts), holds: None }
    }

    /// The texts of which each match holds one, the most telling that are known.
    fn best(self) -> Option<Vec<String>> {
        better(self.exact.filter(|texts| is_telling(texts)), self.holds)
    }
}

fn is_telling(texts: &[String]) -> bool {
    shortest(texts) >= TELLING_BYTES
}

fn shortest(texts: &[String]) -> usize {
    texts.iter().map(String::len).min().unwrap_or(0)
}

fn better(a: Option<Vec<String>>, b: Option<Vec<String>>) -> Option<Vec<String>> {
    match (a, b) {
        (Some(a), Some(b)) => {
            let worth = |texts: &[String]| (shortest(texts).min(8), std::cmp::Reverse(texts.len()));
            Some(if worth(&b) > worth(&a) { b } else { a })
        }
        (a, b) => a.or(b),
    }
}

/// Folded texts of which one stands in every folded text that the regular expression matches; `None` where nothing
/// telling is required. The expression is in the dialect that the compiler takes, case counted or not.
pub(super) fn required(regex: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::Parser::new().parse(regex).ok()?;
    let mut texts = known(&hir).best()?;
    for text in &mut texts {
        text.truncate(BYTES_MAX);
    }
    texts.sort();
    texts.dedup();
    Some(texts)
}

fn known(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::exactly(vec![String::new()]),
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(text) => literal_text(text),
            Err(_) => Known::NOTHING,
        },
        HirKind::Class(Class::Unicode(class)) => {
            let few = class.iter().map(|range| range.len()).sum::<usize>() <= ALTERNATIVES_MAX;
            let letters = class.iter().filter(|_| few).flat_map(|range| range.start()..=range.end());
            let mut folded: Vec<char> = letters.map(folded_char).collect();
            folded.sort_unstable();
            folded.dedup();
            if !few || folded.is_empty() || !folded.iter().all(char::is_ascii) {
                return Known::NOTHING;
            }
            Known::exactly(folded.into_iter().map(String::from).collect())
        }
        HirKind::Class(Class::Bytes(_)) => Known::NOTHING,
        HirKind::Capture(capture) => known(&capture.sub),
        HirKind::Repetition(repetition) => {
            let inner = known(&repetition.sub);
            match (repetition.min, repetition.max) {
                (0, Some(1)) => {
                    let exact = inner.exact.map(|mut texts| {
                        texts.push(String::new());
                        texts
                    });
                    Known { exact, holds: None }
                }
                (0, _) => Known::NOTHING,
                (1, Some(1)) => inner,
                _ => Known { exact: None, holds: inner.best() },
            }
        }
        HirKind::Concat(parts) => concatenated(parts),
        HirKind::Alternation(parts) => alternated(parts),
    }
}

fn literal_text(text: &str) -> Known {
    if text.is_ascii() {
        return Known::exactly(vec![text.to_ascii_lowercase()]);
    }
    let runs = text.split(|c: char| !c.is_ascii()).filter(|run| run.len() >= TELLING_BYTES);
    let longest = runs.max_by_key(|run| run.len());
    Known { exact: None, holds: longest.map(|run| vec![run.to_ascii_lowercase()]) }
}

/// What stands one behind the other: runs of parts that are known exactly are put together, and the most telling of all
/// is kept.
fn concatenated(parts: &[Hir]) -> Known {
    let (mut run, mut all_exact) = (vec![String::new()], true);
    let mut best = None;
    let mut end_run = |run: &mut Vec<String>| {
        let ended = std::mem::replace(run, vec![String::new()]);
        best = better(best.take(), Some(ended).filter(|texts| is_telling(texts)));
    };
    let mut others = None;
    for part in parts {
        let part = known(part);
        match part.exact {
            Some(texts) if run.len() * texts.len() <= ALTERNATIVES_MAX => {
                run = run.iter().flat_map(|head| texts.iter().map(move |tail| format!("{head}{tail}"))).collect();
            }
            Some(texts) => {
                all_exact = false;
                end_run(&mut run);
                if texts.len() <= ALTERNATIVES_MAX {
                    run = texts;
                }
            }
            None => {
                all_exact = false;
                end_run(&mut run);
                others = better(others, part.holds);
            }
        }
    }
    if all_exact {
        return Known::exactly(run);
    }
    end_run(&mut run);
    Known { exact: None, holds: better(best, others) }
}

fn alternated(parts: &[Hir]) -> Known {
    let parts: Vec<Known> = parts.iter().map(known).collect();
    if parts.iter().all(|part| part.exact.is_some()) {
        let texts: Vec<String> = parts.iter().flat_map(|part| part.exact.iter().flatten().cloned()).collect();
        if texts.len() <= ALTERNATIVES_MAX {
            return Known::exactly(texts);
        }
    }
    let mut all = Vec::new();
    for part in parts {
        match part.best() {
            Some(texts) => all.extend(texts),
            None => return Known::NOTHING,
        }
    }
    // More alternatives than may be put together with others can all be looked for, where they stand alone.
    Known { exact: None, holds: Some(all).filter(|all| all.len() <= 8 * ALTERNATIVES_MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(regex: &str, expected: Option<&[&str]>) {
        let found = required(regex);
        let expected = expected.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(found, expected, "{regex}");
    }

    #[test]
    fn the_most_telling_text_is_required() {
        check("a.*payment[0-9]+", Some(&["payment"]));
        check(
            "(?:voice|fax)[ -]?mail",
            Some(&["fax mail", "fax-mail", "faxmail", "voice mail", "voice-mail", "voicemail"]),
        );
        check(r"\bpay(?:ment|roll)\b.{0,20}now", Some(&["payment", "payroll"]));
        check("(?i)PayMent", Some(&["payment"]));
        check("PAY[mM]e", Some(&["payme"]));
        check("(?:abc)+", Some(&["abc"]));
        check("abc|def", Some(&["abc", "def"]));
    }

    #[test]
    fn what_may_be_missing_is_not_required() {
        check("(?:abc)?", None);
        check("(?:abc)*", None);
        check("abc|[0-9]+", None);
        check("[a-z]+", None);
        check("ab", None);
        check("", None);
        check("(?:abc|)x", None);
    }

    #[test]
    fn letters_beyond_ascii_end_a_text() {
        check("\u{fc}berweisung", Some(&["berweisung"]));
        check("a\u{fc}b", None);
    }
}

//! All phrases of all signals, sought in one pass over the wording.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::registry;
use crate::evidence::Evidence;

/// The phrases of the registry as one automaton.
struct Book {
    search: AhoCorasick,
    /// For each pattern of the automaton: whose it is, and whether its last word may go on.
    patterns: Vec<Pattern>,
    /// Where the count of each signal with phrases stands.
    slots: HashMap<&'static str, usize>,
}

struct Pattern {
    slot: usize,
    open: bool,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let (mut texts, mut patterns, mut slots) = (Vec::new(), Vec::new(), HashMap::new());
    for signal in registry().iter().filter(|signal| !signal.phrases.is_empty()) {
        let slot = slots.len();
        slots.insert(signal.name, slot);
        for phrase in signal.phrases {
            let text = phrase.strip_suffix('*').unwrap_or(phrase);
            patterns.push(Pattern { slot, open: text.len() < phrase.len() });
            texts.push(text);
        }
    }
    // Standard semantics report every phrase, also one within another.
    let search = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .build(texts)
        .expect("a few thousand short phrases stay far below the automaton's 2^31 states");
    Book { search, patterns, slots }
});

impl Book {
    /// For each signal with phrases, how many distinct ones of them stand in a text as whole words.
    fn count(&self, text: &str) -> Vec<u8> {
        let mut counts = vec![0_u8; self.slots.len()];
        let mut seen = vec![false; self.patterns.len()];
        for found in self.search.find_overlapping_iter(text) {
            let index = found.pattern().as_usize();
            let pattern = &self.patterns[index];
            if !seen[index] && stands_free(text, found.start(), found.end(), pattern.open) {
                seen[index] = true;
                counts[pattern.slot] = counts[pattern.slot].saturating_add(1);
            }
        }
        counts
    }
}

/// Whether no word goes on beyond either end of a part of a text (beyond its end it may, where that is `open`).
fn stands_free(text: &str, start: usize, end: usize, open: bool) -> bool {
    let (first, last) = (text[start..].chars().next(), text[..end].chars().next_back());
    let joins =
        |a: Option<char>, b: Option<char>| a.zip(b).is_some_and(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric());
    !joins(text[..start].chars().next_back(), first) && (open || !joins(last, text[end..].chars().next()))
}

/// How many distinct phrases of the signal of this name stand in the message; 0 when the signal has none.
pub(super) fn count(evidence: &Evidence<'_>, name: &str) -> f32 {
    let book = &*BOOK;
    let slot = book.slots.get(name).copied();
    debug_assert!(slot.is_some(), "{name} is no signal with phrases");
    let counts = evidence.phrase_counts(|text| book.count(text));
    slot.and_then(|slot| counts.get(slot)).map_or(0.0, |count| f32::from(*count))
}

/// How many distinct phrases of all these signals stand in the message.
pub(super) fn count_all(evidence: &Evidence<'_>, names: &[&str]) -> f32 {
    names.iter().map(|name| count(evidence, name)).sum()
}

/// Stands where a signal with phrases has no function of its own: its value comes from the one search for all.
pub(super) fn unmeasured(_: &Evidence<'_>) -> Option<f32> {
    None
}

/// Whether a phrase stands in a text as whole words; both in the form of [`crate::evidence::normalise`].
pub(super) fn stands_in(text: &str, phrase: &str) -> bool {
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(start, found)| stands_free(text, start, start + found.len(), false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::mail;

    #[test]
    fn phrases_are_whole_words() {
        assert!(stands_in("the loan, please", "loan"));
        assert!(!stands_in("sloan's", "loan") && !stands_in("loans", "loan") && !stands_in("", "loan"));
        assert!(stands_in("für übung", "übung") && !stands_in("prüfung", "fung"));
        assert!(!stands_in("loan", ""));
    }

    #[test]
    fn an_open_phrase_may_go_on() {
        assert!(stands_free("unsubscribed", 0, 9, true));
        assert!(!stands_free("unsubscribed", 0, 9, false));
        assert!(!stands_free("resubscribe", 2, 11, true));
    }

    #[test]
    fn a_phrase_counts_once() {
        let once = mail().text("Wire transfer. wire\ntransfer!");
        let twice = mail().text("A wire transfer of an overdue payment");
        assert_eq!(count(&once.evidence(), "asks_for_payment"), 1.0);
        assert_eq!(count(&twice.evidence(), "asks_for_payment"), 2.0);
        assert_eq!(count_all(&once.evidence(), &["asks_for_payment", "offers_loan"]), 1.0);
    }

    #[test]
    fn the_subject_is_searched_too_and_phrases_do_not_span_it() {
        assert_eq!(count(&mail().subject("Wire transfer").text("-").evidence(), "asks_for_payment"), 1.0);
        assert_eq!(count(&mail().subject("Wire").text("transfer").evidence(), "asks_for_payment"), 0.0);
    }

    #[test]
    fn a_hostile_text_is_counted_to_the_end() {
        let text = "wire transfer ".repeat(10_000);
        assert_eq!(count(&mail().text(&text).evidence(), "asks_for_payment"), 1.0);
    }
}

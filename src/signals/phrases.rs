//! All phrases of all signals, sought in one pass over the wording.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Risk, registry};
use crate::evidence::Evidence;

/// Words and marks of a passage: about a page, which holds a whole letter of almost any attack. In a press review or a
/// report of a hundred pages the phrases of every attack stand somewhere, each for itself.
const PASSAGE_WORDS: usize = 600;

/// No word of any phrase.
const FOREIGN: u32 = u32::MAX;

/// The phrases of the registry as a tree of words. Sought word by word, a text costs a third of what an automaton over
/// bytes takes, since that one's 60,000 states do not fit a processor's cache; and phrases are whole words of themselves.
struct Book {
    words: Words,
    /// The root is node 0.
    nodes: Vec<Node>,
    /// From the root, for each word the node it leads to, or 0.
    first: Vec<u32>,
    /// Single words that may go on, by their first byte.
    open_words: Vec<Vec<Open>>,
    /// Whose each pattern is: where the count of its signal stands.
    slots_of: Vec<usize>,
    /// Whether each pattern speaks of an attack.
    tells: Vec<bool>,
    /// Where the count of each signal with phrases stands.
    slots: HashMap<&'static str, usize>,
}

/// A number for each word and mark of the phrases: an open table, whose hash is computed while a word is read. The words
/// are our own, so nobody can make them collide; a general map takes three times as long.
#[derive(Default)]
struct Words {
    /// Hash and number of each word; a power of two of places, of which at most half are taken.
    places: Vec<(u32, u32)>,
    /// The words by their numbers.
    known: Vec<&'static str>,
}

impl Words {
    /// The number of a word, or [`FOREIGN`].
    fn number(&self, hash: u32, word: &str) -> u32 {
        let mask = self.places.len().wrapping_sub(1);
        let mut at = hash as usize & mask;
        while let Some((found, number)) = self.places.get(at).filter(|place| place.1 != FOREIGN) {
            if *found == hash && self.known[*number as usize] == word {
                return *number;
            }
            at = (at + 1) & mask;
        }
        FOREIGN
    }

    /// The number of a word, which is added where it is new.
    fn add(&mut self, hash: u32, word: &'static str) -> u32 {
        let number = self.number(hash, word);
        if number != FOREIGN {
            return number;
        }
        let number = self.known.len() as u32;
        self.known.push(word);
        if self.places.len() < 2 * self.known.len() {
            let old = std::mem::take(&mut self.places);
            self.places = vec![(0, FOREIGN); (2 * old.len()).max(1024)];
            old.into_iter().filter(|place| place.1 != FOREIGN).for_each(|place| self.put(place));
        }
        self.put((hash, number));
        number
    }

    fn put(&mut self, place: (u32, u32)) {
        let mask = self.places.len() - 1;
        let mut at = place.0 as usize & mask;
        while self.places[at].1 != FOREIGN {
            at = (at + 1) & mask;
        }
        self.places[at] = place;
    }
}

#[derive(Default)]
struct Node {
    /// Next words and where they lead, sorted.
    next: Vec<(u32, u32)>,
    /// Next words that may go on.
    open: Vec<Open>,
    /// Patterns that are complete here.
    ends: Vec<usize>,
}

/// The beginning of a word that completes a pattern.
struct Open {
    begin: &'static str,
    pattern: usize,
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let mut book = Book {
        words: Words::default(),
        nodes: vec![Node::default()],
        first: Vec::new(),
        open_words: (0..=u8::MAX).map(|_| Vec::new()).collect(),
        slots_of: Vec::new(),
        tells: Vec::new(),
        slots: HashMap::new(),
    };
    for signal in registry().iter().filter(|signal| !signal.phrases.is_empty()) {
        let slot = book.slots.len();
        book.slots.insert(signal.name, slot);
        for phrase in signal.phrases {
            book.add(phrase, slot);
            book.tells.push(signal.risk == Risk::Rises);
        }
    }
    for node in &mut book.nodes {
        node.next.sort_unstable();
    }
    book.first = vec![0; book.words.known.len()];
    for (word, node) in std::mem::take(&mut book.nodes[0].next) {
        book.first[word as usize] = node;
    }
    book
});

impl Book {
    /// Adds a phrase; its last word may go on where it ends in `*`.
    fn add(&mut self, phrase: &'static str, slot: usize) {
        let pattern = self.slots_of.len();
        self.slots_of.push(slot);
        let (text, open) = phrase.strip_suffix('*').map_or((phrase, false), |text| (text, true));
        let mut tokens = Vec::new();
        split(text, |token, hash| tokens.push((token, hash)));
        let last = if open { tokens.pop() } else { None };
        let mut node = 0_usize;
        for (token, hash) in tokens {
            let word = self.words.add(hash, token);
            node = match self.nodes[node].next.iter().find(|(w, _)| *w == word) {
                Some((_, next)) => *next as usize,
                None => {
                    let next = self.nodes.len();
                    self.nodes.push(Node::default());
                    self.nodes[node].next.push((word, next as u32));
                    next
                }
            };
        }
        match last {
            Some((begin, _)) if node == 0 => {
                self.open_words[usize::from(begin.as_bytes()[0])].push(Open { begin, pattern })
            }
            Some((begin, _)) => self.nodes[node].open.push(Open { begin, pattern }),
            None => self.nodes[node].ends.push(pattern),
        }
    }

    /// For each signal with phrases, how many distinct ones of them stand in the first line and in the most telling
    /// passage of the rest.
    fn count(&self, text: &str) -> Vec<u8> {
        let mut tokens: Vec<(&str, u32)> = Vec::with_capacity(text.len() / 4);
        split(text, |token, hash| tokens.push((token, self.words.number(hash, token))));
        let hits = self.hits(&tokens);
        let body = tokens.iter().position(|(token, _)| *token == "\n").unwrap_or(0);
        let first = hits.partition_point(|(at, _)| *at < body);
        let passage = self.most_telling(&hits[first..]);
        let mut counts = vec![0_u8; self.slots.len()];
        let mut seen = vec![false; self.slots_of.len()];
        for (_, pattern) in hits[..first].iter().chain(passage) {
            if !std::mem::replace(&mut seen[*pattern], true) {
                let count = &mut counts[self.slots_of[*pattern]];
                *count = count.saturating_add(1);
            }
        }
        counts
    }

    /// Where each pattern stands, in the order of the text.
    fn hits(&self, tokens: &[(&str, u32)]) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        for start in 0..tokens.len() {
            let (token, word) = tokens[start];
            for open in &self.open_words[usize::from(token.as_bytes()[0])] {
                // The second byte tells most of them apart, without a call.
                if token.as_bytes().get(1) == open.begin.as_bytes().get(1) && token.starts_with(open.begin) {
                    hits.push((start, open.pattern));
                }
            }
            let mut node = self.first.get(word as usize).copied().unwrap_or(0) as usize;
            let mut at = start + 1;
            // No longer than the longest phrase: each step goes down the tree.
            while node != 0 {
                let here = &self.nodes[node];
                hits.extend(here.ends.iter().map(|pattern| (start, *pattern)));
                let Some((token, word)) = tokens.get(at) else { break };
                let goes_on = here.open.iter().filter(|open| token.starts_with(open.begin));
                hits.extend(goes_on.map(|open| (start, open.pattern)));
                let next = here.next.binary_search_by_key(word, |(word, _)| *word);
                node = next.map_or(0, |i| here.next[i].1 as usize);
                at += 1;
            }
        }
        hits
    }

    /// The hits of the passage that holds the most distinct patterns of attacks; the first of equals.
    fn most_telling<'a>(&self, hits: &'a [(usize, usize)]) -> &'a [(usize, usize)] {
        let mut inside = vec![0_u32; self.slots_of.len()];
        let (mut begin, mut distinct) = (0, 0_usize);
        let mut best = (0, 0..0);
        for (end, (at, pattern)) in hits.iter().enumerate() {
            while hits[begin].0 + PASSAGE_WORDS <= *at {
                let gone = hits[begin].1;
                inside[gone] -= 1;
                distinct -= usize::from(inside[gone] == 0 && self.tells[gone]);
                begin += 1;
            }
            distinct += usize::from(inside[*pattern] == 0 && self.tells[*pattern]);
            inside[*pattern] += 1;
            // What follows within the same passage belongs to it, even where it tells no more of an attack.
            if distinct > best.0 || best.1.is_empty() || begin == best.1.start {
                best = (distinct, begin..end + 1);
            }
        }
        &hits[best.1]
    }
}

/// Hands over the words of a text and the marks between them, without spaces, each with its hash.
fn split<'a>(text: &'a str, mut each: impl FnMut(&'a str, u32)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(first) = bytes.get(at) {
        if *first == b' ' {
            at += 1;
            continue;
        }
        let start = at;
        let mut hash = 0x811c_9dc5_u32;
        let mut add = |bytes: &[u8]| {
            for byte in bytes {
                // FNV-1a.
                hash = (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
            }
        };
        while let Some(byte) = bytes.get(at) {
            let width = match byte {
                b if b.is_ascii_alphanumeric() => 1,
                b if b.is_ascii() => 0,
                _ => text[at..].chars().next().filter(|c| c.is_alphanumeric()).map_or(0, char::len_utf8),
            };
            if width == 0 {
                break;
            }
            add(&bytes[at..at + width]);
            at += width;
        }
        if at == start {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
            add(&bytes[start..at]);
        }
        each(&text[start..at], hash ^ (hash >> 15));
    }
}

/// Whether no word goes on beyond either end of a part of a text.
pub(super) fn stands_free(text: &str, start: usize, end: usize) -> bool {
    let (first, last) = (text[start..].chars().next(), text[..end].chars().next_back());
    let joins =
        |a: Option<char>, b: Option<char>| a.zip(b).is_some_and(|(a, b)| a.is_alphanumeric() && b.is_alphanumeric());
    !joins(text[..start].chars().next_back(), first) && !joins(last, text[end..].chars().next())
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
    !phrase.is_empty() && text.match_indices(phrase).any(|(start, found)| stands_free(text, start, start + found.len()))
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
        assert_eq!(count(&mail().text("giftcards").evidence(), "asks_for_gift_cards"), 1.0);
        assert_eq!(count(&mail().text("a gift carding").evidence(), "asks_for_gift_cards"), 1.0);
        assert_eq!(count(&mail().text("a giftcar").evidence(), "asks_for_gift_cards"), 0.0);
        assert_eq!(count(&mail().text("wire transfered").evidence(), "asks_for_payment"), 0.0);
    }

    #[test]
    fn marks_are_words_of_their_own() {
        let mut words = Vec::new();
        split("  don't pay 50% \u{fc}bung-x \u{20ac}", |word, _| words.push(word));
        assert_eq!(words, ["don", "'", "t", "pay", "50", "%", "\u{fc}bung", "-", "x", "\u{20ac}"]);
        assert_eq!(count(&mail().text("wire, transfer").evidence(), "asks_for_payment"), 0.0);
    }

    #[test]
    fn no_signal_has_one_phrase_in_two_spellings() {
        for signal in registry() {
            let mut seen = std::collections::HashSet::new();
            for phrase in signal.phrases {
                let mut words = Vec::new();
                split(phrase, |word, _| words.push(word));
                assert!(seen.insert(words), "{}: {phrase:?} would count twice", signal.name);
            }
        }
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
    fn of_a_long_text_the_most_telling_passage_counts() {
        let filler = "the weather of the month was mild and dry ".repeat(200);
        let apart = format!("a loan {filler} wire transfer {filler} overdue payment {filler} gift card");
        let counts = |text: &str| {
            let message = mail().text(text);
            let evidence = message.evidence();
            count_all(&evidence, &["offers_loan", "asks_for_payment", "asks_for_gift_cards"])
        };
        assert_eq!(counts(&apart), 1.0);
        let together = format!("{filler} wire transfer of the overdue payment and a gift card {filler} gift card");
        assert_eq!(counts(&together), 3.0);
        let subject = mail().subject("Wire transfer").text(&format!("{filler} overdue payment"));
        assert_eq!(count(&subject.evidence(), "asks_for_payment"), 2.0);
    }

    #[test]
    fn a_hostile_text_is_counted_to_the_end() {
        let text = "wire transfer ".repeat(10_000);
        assert_eq!(count(&mail().text(&text).evidence(), "asks_for_payment"), 1.0);
    }
}

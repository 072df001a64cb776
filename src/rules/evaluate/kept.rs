//! What is computed once for all rules that run over a message.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use super::{Value, folded};
use crate::mail::Phrases;
use crate::rules::patterns::{Mode, Pattern};

/// Texts from this length on are made lower case once only, where no phrases are looked for.
const LONG_TEXT_BYTES: usize = 64;
/// Longest pattern that a message may bring.
const PATTERN_BYTES_MAX: usize = 1_024;
/// Patterns that one message may bring.
const PATTERNS_MAX: usize = 200;

/// The phrases that the rules of a set want, looked for in each text once.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// The phrases; `None` where there are none.
    pub phrases: Option<Phrases>,
    /// How many they are.
    pub count: usize,
}

/// Long texts in lower case, what shared parts came to, and patterns that the message itself brought.
pub(super) struct Kept<'m> {
    sought: Option<&'m Sought>,
    texts: RefCell<HashMap<usize, Rc<Read>, BuildHasherDefault<Place>>>,
    patterns: RefCell<HashMap<(Arc<str>, Mode), Compiled>>,
    shared: RefCell<Vec<Option<Value<'m>>>>,
}

/// A pattern, if it is one.
type Compiled = Option<Arc<Pattern>>;

/// A text that was read, with the text itself: while that is kept, no other can lie in its place.
pub(super) struct Read {
    _text: Arc<str>,
    /// The text in lower case.
    pub(super) lower: Arc<str>,
    /// One bit for each phrase, set where it stands in the text; empty where none does.
    found: Box<[u64]>,
}

impl Read {
    /// Whether one of these phrases stands in the text.
    pub(super) fn holds_any(&self, phrases: &[u32]) -> bool {
        let holds =
            |phrase: &u32| self.found.get(*phrase as usize / 64).is_some_and(|bits| bits >> (phrase % 64) & 1 == 1);
        !self.found.is_empty() && phrases.iter().any(holds)
    }
}

/// Where a text lies is as good as its hash.
#[derive(Default)]
struct Place(u64);

impl Hasher for Place {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_usize(&mut self, place: usize) {
        // Addresses differ in their middle bits, a table looks at the highest and the lowest.
        let mixed = (place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}

impl<'m> Kept<'m> {
    /// Nothing yet, for so many shared parts.
    pub(super) fn new(sought: Option<&'m Sought>, shared: usize) -> Self {
        Self {
            sought,
            texts: RefCell::default(),
            patterns: RefCell::default(),
            shared: RefCell::new(std::iter::repeat_with(|| None).take(shared).collect()),
        }
    }

    /// A text in lower case.
    pub(super) fn lower(&self, text: &Arc<str>) -> Arc<str> {
        if text.len() < LONG_TEXT_BYTES && self.sought.is_none() {
            return Arc::from(folded(text));
        }
        self.read(text).lower.clone()
    }

    /// A text in lower case, with the phrases that stand in it.
    pub(super) fn read(&self, text: &Arc<str>) -> Rc<Read> {
        let place = text.as_ptr() as usize;
        if let Some(known) = self.texts.borrow().get(&place) {
            return known.clone();
        }
        let lower: Arc<str> = Arc::from(folded(text));
        let found = self.sought.map_or_else(Box::default, |sought| find(sought, &lower));
        let read = Rc::new(Read { _text: text.clone(), lower, found });
        self.texts.borrow_mut().insert(place, read.clone());
        read
    }

    /// What a shared part came to, where it was asked before.
    pub(super) fn shared(&self, number: u32) -> Option<Value<'m>> {
        self.shared.borrow().get(number as usize).cloned().flatten()
    }

    /// Keeps what a shared part came to.
    pub(super) fn share(&self, number: u32, value: &Value<'m>) {
        if let Some(slot) = self.shared.borrow_mut().get_mut(number as usize) {
            *slot = Some(value.clone());
        }
    }

    /// A pattern that the message itself brought; `None` where it is none, or there are more than may be.
    pub(super) fn pattern(&self, source: &str, mode: Mode) -> Option<Arc<Pattern>> {
        let mut patterns = self.patterns.borrow_mut();
        let key = (Arc::from(source), mode);
        if let Some(known) = patterns.get(&key) {
            return known.clone();
        }
        if source.len() > PATTERN_BYTES_MAX || patterns.len() >= PATTERNS_MAX {
            return None;
        }
        let compiled = Pattern::small(source, mode).ok().map(Arc::new);
        patterns.insert(key, compiled.clone());
        compiled
    }
}

/// One bit for each phrase that stands in a text; empty where none does.
fn find(sought: &Sought, lower: &str) -> Box<[u64]> {
    let Some(phrases) = &sought.phrases else { return Box::default() };
    let mut found = Vec::new();
    for occurrence in phrases.find(lower) {
        if found.is_empty() {
            found.resize(sought.count.div_ceil(64), 0);
        }
        found[occurrence.phrase / 64] |= 1 << (occurrence.phrase % 64);
    }
    found.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_made_lower_case_once() {
        let (kept, text) = (Kept::new(None, 0), Arc::from("A".repeat(LONG_TEXT_BYTES)));
        assert!(Arc::ptr_eq(&kept.lower(&text), &kept.lower(&text)));
        assert_eq!(*kept.lower(&Arc::from("AB")), *"ab");
    }

    #[test]
    fn phrases_are_found_in_any_case() {
        let phrases = ["pay", "bank", "ment"];
        let sought = Sought { phrases: Phrases::new(phrases), count: phrases.len() };
        let kept = Kept::new(Some(&sought), 0);
        let read = kept.read(&Arc::from("A PAYMENT"));
        assert!(read.holds_any(&[0]) && read.holds_any(&[1, 2]) && !read.holds_any(&[1]) && !read.holds_any(&[]));
        assert!(!kept.read(&Arc::from("none")).holds_any(&[0, 1, 2]));
    }

    #[test]
    fn patterns_of_a_message_have_limits() {
        let kept = Kept::new(None, 0);
        assert!(kept.pattern(&"a".repeat(PATTERN_BYTES_MAX), Mode::ANYWHERE).is_some());
        assert!(kept.pattern(&"a".repeat(PATTERN_BYTES_MAX + 1), Mode::ANYWHERE).is_none());
        assert!(kept.pattern("(a{100}){100}{100}", Mode::ANYWHERE).is_none());
        let made = (0..PATTERNS_MAX + 10).filter(|n| kept.pattern(&n.to_string(), Mode::ANYWHERE).is_some()).count();
        assert_eq!(made, PATTERNS_MAX - 2);
        assert!(kept.pattern("1", Mode::ANYWHERE).is_some());
    }
}

//! What is computed once for all rules that run over a message.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::folded;
use crate::rules::patterns::{Mode, Pattern};

/// Texts from this length on are made lower case once only.
const LONG_TEXT_BYTES: usize = 64;
/// Longest pattern that a message may bring.
const PATTERN_BYTES_MAX: usize = 1_024;
/// Patterns that one message may bring.
const PATTERNS_MAX: usize = 200;

/// Long texts in lower case, and patterns that the message itself brought.
#[derive(Default)]
pub(super) struct Kept {
    lower: RefCell<HashMap<*const u8, Lower>>,
    patterns: RefCell<HashMap<(Arc<str>, Mode), Compiled>>,
}

/// A pattern, if it is one.
type Compiled = Option<Arc<Pattern>>;

/// A text in lower case, with the text itself: while that is kept, no other can lie in its place.
struct Lower {
    _text: Arc<str>,
    lower: Arc<str>,
}

impl Kept {
    /// A text in lower case.
    pub(super) fn lower(&self, text: &Arc<str>) -> Arc<str> {
        if text.len() < LONG_TEXT_BYTES {
            return Arc::from(folded(text));
        }
        let made = || Lower { _text: text.clone(), lower: Arc::from(folded(text)) };
        self.lower.borrow_mut().entry(text.as_ptr()).or_insert_with(made).lower.clone()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_made_lower_case_once() {
        let (kept, text) = (Kept::default(), Arc::from("A".repeat(LONG_TEXT_BYTES)));
        assert!(Arc::ptr_eq(&kept.lower(&text), &kept.lower(&text)));
        assert_eq!(*kept.lower(&Arc::from("AB")), *"ab");
    }

    #[test]
    fn patterns_of_a_message_have_limits() {
        let kept = Kept::default();
        assert!(kept.pattern(&"a".repeat(PATTERN_BYTES_MAX), Mode::ANYWHERE).is_some());
        assert!(kept.pattern(&"a".repeat(PATTERN_BYTES_MAX + 1), Mode::ANYWHERE).is_none());
        assert!(kept.pattern("(a{100}){100}{100}", Mode::ANYWHERE).is_none());
        let made = (0..PATTERNS_MAX + 10).filter(|n| kept.pattern(&n.to_string(), Mode::ANYWHERE).is_some()).count();
        assert_eq!(made, PATTERNS_MAX - 2);
        assert!(kept.pattern("1", Mode::ANYWHERE).is_some());
    }
}

//! Patterns: regular expressions in RE2's dialect, and globs.

mod glob;
mod re2;
mod required;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use regex::{Regex, RegexBuilder};

/// Bytes of memory that one compiled pattern may take. The largest of the public feed takes a third of it.
const COMPILED_BYTES_MAX: usize = 32 << 20;

/// Bytes of memory that a compiled pattern may take which a message brought.
const SMALL_BYTES_MAX: usize = 256 << 10;

/// How a pattern is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mode {
    /// Whether it must match the whole text.
    pub whole: bool,
    /// Whether case is ignored.
    pub folded: bool,
    /// Whether it is a glob, not a regular expression.
    pub glob: bool,
}

impl Mode {
    /// A regular expression that may match anywhere.
    pub const ANYWHERE: Self = Self { whole: false, folded: false, glob: false };
    /// A regular expression that must match the whole text.
    pub const WHOLE: Self = Self { whole: true, ..Self::ANYWHERE };
    /// A glob, which always is for the whole text.
    pub const GLOB: Self = Self { glob: true, ..Self::WHOLE };

    /// The same, without regard to case.
    pub const fn folded(self) -> Self {
        Self { folded: true, ..self }
    }
}

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: Box<str>,
    regex: Regex,
}

/// What a regular expression found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// All of it.
    pub all: String,
    /// What each group found; empty for one that found nothing.
    pub groups: Vec<String>,
    /// What each named group found.
    pub named: Vec<(String, String)>,
}

/// Patterns by their source and mode, as long as a rule keeps them.
type Shared = HashMap<(Box<str>, Mode), Weak<Pattern>>;

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn new(source: &str, mode: Mode) -> Result<Self, String> {
        Self::compile(source, mode, COMPILED_BYTES_MAX)
    }

    /// The pattern that rules share which use it, compiled once as long as one of them is kept: half of the patterns of
    /// the public feed stand in it more than once.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub fn shared(source: &str, mode: Mode) -> Result<Arc<Self>, String> {
        static SHARED: LazyLock<Mutex<Shared>> = LazyLock::new(Mutex::default);
        // A panic elsewhere leaves the table as sound as it was.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (Box::from(source), mode);
        if let Some(known) = shared.get(&key).and_then(Weak::upgrade) {
            return Ok(known);
        }
        let pattern = Arc::new(Self::new(source, mode)?);
        // What no rule keeps any more, after a reload, makes room.
        if shared.len() == shared.capacity() {
            shared.retain(|_, pattern| pattern.strong_count() > 0);
        }
        shared.insert(key, Arc::downgrade(&pattern));
        Ok(pattern)
    }

    /// Compiles a pattern that a message brought: it may take little memory, and so little time.
    ///
    /// # Errors
    /// Why it is none, or that it takes too much.
    pub fn small(source: &str, mode: Mode) -> Result<Self, String> {
        Self::compile(source, mode, SMALL_BYTES_MAX)
    }

    fn compile(source: &str, mode: Mode, bytes_max: usize) -> Result<Self, String> {
        let translated = if mode.glob { glob::translate(source) } else { re2::translate(source) };
        let translated = if mode.whole && !mode.glob { format!(r"\A(?:{translated})\z") } else { translated };
        let regex = RegexBuilder::new(&translated).case_insensitive(mode.folded).size_limit(bytes_max).build();
        let regex = regex.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => format!("this pattern takes more than {bytes_max} bytes"),
            other => other.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned(),
        })?;
        Ok(Self { source: source.into(), regex })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Texts of which one stands in every text that it matches, both folded; `None` where nothing telling must stand there.
    pub fn required(&self) -> Option<Vec<String>> {
        required::required(self.regex.as_str())
    }

    /// Where it matches first, in bytes.
    pub fn place(&self, text: &str) -> Option<(usize, usize)> {
        self.regex.find(text).map(|found| (found.start(), found.end()))
    }

    /// Whether it matches.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// How often it matches, one match behind the other.
    pub fn count(&self, text: &str) -> usize {
        self.regex.find_iter(text).count()
    }

    /// All that it finds, at most `most` matches.
    pub fn find(&self, text: &str, most: usize) -> Vec<Found> {
        let names: Vec<Option<&str>> = self.regex.capture_names().collect();
        let of = |found: Option<regex::Match<'_>>| found.map_or_else(String::new, |found| found.as_str().to_owned());
        let read = |captures: regex::Captures<'_>| Found {
            all: of(captures.get(0)),
            groups: captures.iter().skip(1).map(of).collect(),
            named: names.iter().flatten().map(|name| ((*name).to_owned(), of(captures.name(name)))).collect(),
        };
        self.regex.captures_iter(text).take(most).map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_share_a_pattern() {
        let first = Pattern::shared("own [a-z]+", Mode::ANYWHERE).expect("sound");
        assert!(Arc::ptr_eq(&first, &Pattern::shared("own [a-z]+", Mode::ANYWHERE).expect("sound")));
        assert!(!Arc::ptr_eq(&first, &Pattern::shared("own [a-z]+", Mode::WHOLE).expect("sound")));
        assert!(Pattern::shared("(", Mode::ANYWHERE).is_err());
    }
}

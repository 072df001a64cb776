//! Patterns: regular expressions in RE2's dialect, and globs.

mod glob;
mod re2;
mod required;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, Weak};

use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;

/// Bytes of memory that one compiled pattern may take. The largest of the public feed takes a third of it.
const COMPILED_BYTES_MAX: usize = 32 << 20;

/// Bytes of memory that a compiled pattern may take which a message brought.
const SMALL_BYTES_MAX: usize = 256 << 10;

/// Bytes of memory in which a pattern may remember what it met, for each thread. A set of rules has thousands of patterns,
/// and texts of mail are short: more than this is seldom used again.
const REMEMBERED_BYTES_MAX: usize = 128 << 10;

/// Longest pattern, in bytes, that is compiled when it is first asked: without counted repetitions it is far smaller than
/// [`COMPILED_BYTES_MAX`].
const SHORT_BYTES_MAX: usize = 200;

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

/// A sound pattern. A short one is compiled when it is first asked: of a set of rules, mail asks a part of them only.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: Box<str>,
    translated: Box<str>,
    folded: bool,
    compiled: OnceLock<Regex>,
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
        let compiled = OnceLock::new();
        if bytes_max == COMPILED_BYTES_MAX && is_short(&translated) {
            let sound = ParserBuilder::new().case_insensitive(mode.folded).build().parse(&translated);
            sound.map_err(|error| last_line(&error))?;
        } else {
            let regex = build(&translated, mode.folded, bytes_max).map_err(|error| match error {
                regex::Error::CompiledTooBig(_) => format!("this pattern takes more than {bytes_max} bytes"),
                other => last_line(&other),
            })?;
            compiled.get_or_init(|| regex);
        }
        Ok(Self { source: source.into(), translated: translated.into(), folded: mode.folded, compiled })
    }

    fn regex(&self) -> &Regex {
        self.compiled.get_or_init(|| {
            build(&self.translated, self.folded, COMPILED_BYTES_MAX).expect("a short and sound pattern is small")
        })
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Texts of which one stands in every text that it matches, both folded; `None` where nothing telling must stand there.
    pub fn required(&self) -> Option<Vec<String>> {
        required::required(&self.translated)
    }

    /// Where it matches first, in bytes.
    pub fn place(&self, text: &str) -> Option<(usize, usize)> {
        self.regex().find(text).map(|found| (found.start(), found.end()))
    }

    /// Whether it matches.
    pub fn matches(&self, text: &str) -> bool {
        self.regex().is_match(text)
    }

    /// How often it matches, one match behind the other.
    pub fn count(&self, text: &str) -> usize {
        self.regex().find_iter(text).count()
    }

    /// All that it finds, at most `most` matches.
    pub fn find(&self, text: &str, most: usize) -> Vec<Found> {
        let names: Vec<Option<&str>> = self.regex().capture_names().collect();
        let of = |found: Option<regex::Match<'_>>| found.map_or_else(String::new, |found| found.as_str().to_owned());
        let read = |captures: regex::Captures<'_>| Found {
            all: of(captures.get(0)),
            groups: captures.iter().skip(1).map(of).collect(),
            named: names.iter().flatten().map(|name| ((*name).to_owned(), of(captures.name(name)))).collect(),
        };
        self.regex().captures_iter(text).take(most).map(read).collect()
    }
}

/// Whether a pattern is so short, and repeats nothing by number, that it compiles to little.
fn is_short(translated: &str) -> bool {
    let counts = translated.as_bytes().windows(2).any(|two| two[0] == b'{' && two[1].is_ascii_digit());
    translated.len() <= SHORT_BYTES_MAX && !counts
}

fn build(translated: &str, folded: bool, bytes_max: usize) -> Result<Regex, regex::Error> {
    RegexBuilder::new(translated)
        .case_insensitive(folded)
        .size_limit(bytes_max)
        .dfa_size_limit(REMEMBERED_BYTES_MAX)
        .build()
}

/// The last line of an error, which says what is wrong.
fn last_line(error: &impl ToString) -> String {
    let error = error.to_string();
    error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
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

    #[test]
    fn what_is_compiled_when_it_is_asked_is_small() {
        let letters = "\u{e9}".repeat(SHORT_BYTES_MAX / 5);
        for widest in [r"\p{L}", r"\P{N}", r"[^1-9]"] {
            let pattern = widest.repeat(SHORT_BYTES_MAX / widest.len());
            assert!(is_short(&pattern));
            let pattern = Pattern::new(&pattern, Mode::ANYWHERE.folded()).expect("sound");
            assert!(pattern.compiled.get().is_none() && pattern.matches(&letters));
        }
        let counted = Pattern::new("a{3}", Mode::ANYWHERE).expect("sound");
        assert!(counted.compiled.get().is_some());
    }
}

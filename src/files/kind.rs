//! A kind of file: how it is told, and how it is read.

use super::budget::Budget;
use super::{Facts, KINDS};

/// What is known of a file before it is read.
pub(super) struct Head<'a> {
    /// Its content.
    pub content: &'a [u8],
    /// The extension of its name, lower case.
    pub extension: &'a str,
}

impl Head<'_> {
    /// Whether the content begins so.
    pub(super) fn begins(&self, mark: &[u8]) -> bool {
        self.content.starts_with(mark)
    }

    /// Whether these bytes stand at a place.
    pub(super) fn has(&self, at: usize, mark: &[u8]) -> bool {
        self.content.get(at..).is_some_and(|rest| rest.starts_with(mark))
    }

    /// Whether the first bytes, white space and a byte order mark aside, are these in any case.
    pub(super) fn opens(&self, word: &str) -> bool {
        let content = self.content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(self.content);
        let content = content.trim_ascii_start();
        content.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether a word stands among the first bytes, in any case.
    pub(super) fn mentions(&self, word: &str) -> bool {
        let first = &self.content[..self.content.len().min(2_048)];
        first.windows(word.len()).any(|bytes| bytes.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether it is text, by its first bytes.
    pub(super) fn is_text(&self) -> bool {
        let first = &self.content[..self.content.len().min(2_048)];
        !first.is_empty()
            && !first.iter().any(|byte| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b))
    }
}

/// A kind of file.
pub struct Kind {
    /// The names by which rules know it.
    pub flavors: &'static [&'static str],
    /// Its media type.
    pub media_type: &'static str,
    /// Whether a file is one.
    pub(super) is: fn(&Head<'_>) -> bool,
    /// Reads it: facts, and the files in it.
    pub(super) read: fn(&[u8], &mut Reading<'_, '_>),
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.media_type)
    }
}

/// The kind of a file; `None` where it is none that is known.
pub(super) fn kind_of(head: &Head<'_>) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| (kind.is)(head)).copied()
}

/// A file within another.
pub(super) struct Member {
    /// Its name.
    pub name: String,
    /// Its content; `None` where it could only be listed.
    pub content: Option<Vec<u8>>,
    /// Its size, as it is stated or was found.
    pub bytes: usize,
}

/// A file under way: what was found so far.
pub(super) struct Reading<'r, 'l> {
    /// What may still be taken.
    pub budget: &'r mut Budget<'l>,
    /// The name of the file.
    pub name: &'r str,
    /// What is known of it.
    pub facts: Facts,
    /// The files in it.
    pub members: Vec<Member>,
}

impl Reading<'_, '_> {
    /// Adds a file within, copying its content as far as there is room.
    pub(super) fn copy(&mut self, name: impl Into<String>, content: &[u8]) {
        let kept = self.budget.copy(content);
        self.add(name, kept);
    }

    /// Adds a file within whose content was unpacked.
    pub(super) fn add(&mut self, name: impl Into<String>, content: Vec<u8>) {
        let bytes = content.len();
        self.member(Member { name: name.into(), content: Some(content), bytes });
    }

    /// Adds a file that can only be listed.
    pub(super) fn list(&mut self, name: impl Into<String>, bytes: usize) {
        self.member(Member { name: name.into(), content: None, bytes });
    }

    fn member(&mut self, member: Member) {
        if self.budget.file() {
            self.members.push(member);
        }
    }
}

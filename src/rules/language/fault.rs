//! What is wrong with a source, where, and what was probably meant.

use std::fmt::Write as _;

/// Bytes of a source line that are shown: one line of a feed may hold a whole list.
const LINE_BYTES_MAX: usize = 160;

/// A stretch of a source, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// From one byte up to another. Sources are shorter than 4 GiB by far: see the parser's limit.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// From the beginning of this one to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// Line and column of a byte, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

impl Place {
    /// Where byte `at` of `source` stands.
    pub fn of(source: &str, at: u32) -> Self {
        let before = &source[..source.floor_char_boundary(at as usize)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }
}

/// Why a source is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: Span,
    /// What to do about it, where something can be guessed.
    pub hint: Option<String>,
}

impl Fault {
    /// A fault without a hint.
    pub fn new(message: impl Into<String>, at: Span) -> Self {
        Self { message: message.into(), at, hint: None }
    }

    /// The same with a hint.
    pub fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The fault for people: the message, then the line of the source with the place underlined. `file` names where the
    /// source stands, `first_line` the line of that file on which it begins (1 where it is the whole file), and `indent`
    /// how far it is indented there.
    pub fn shown(&self, source: &str, file: &str, first_line: usize, indent: usize) -> String {
        let place = Place::of(source, self.at.start);
        let line = source.lines().nth(place.line - 1).unwrap_or_default();
        let (number, column) = (place.line + first_line - 1, place.column + indent);
        let gutter = " ".repeat(number.to_string().len());
        // A long line is shown from a little before the fault.
        let skipped = if line.len() > LINE_BYTES_MAX { (place.column - 1).saturating_sub(40) } else { 0 };
        let shown: String = line.chars().skip(skipped).take(LINE_BYTES_MAX).collect();
        let marked = source[source.floor_char_boundary(self.at.start as usize)..].chars();
        let width = (self.at.end.saturating_sub(self.at.start) as usize).max(1);
        let width = marked.take(width).take_while(|c| *c != '\n').count().clamp(1, LINE_BYTES_MAX);
        let mut out = format!("{file}:{number}:{column}: {}\n", self.message);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{gutter} |\n{number} | {shown}");
        let _ = write!(out, "{gutter} | {}{}", " ".repeat(place.column - 1 - skipped), "^".repeat(width));
        if let Some(hint) = &self.hint {
            let _ = write!(out, " {hint}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters() {
        let source = "a\nüb = 'x'";
        assert_eq!(Place::of(source, 0), Place { line: 1, column: 1 });
        assert_eq!(Place::of(source, 4), Place { line: 2, column: 2 });
        assert_eq!(Place::of(source, 99), Place { line: 2, column: 9 });
    }

    #[test]
    fn a_fault_underlines_its_place() {
        let fault = Fault::new("no field `sendr`", Span::new(8, 13)).hinted("did you mean `sender`?");
        let shown = fault.shown("true\nor sendr.x", "a.yml", 7, 2);
        assert_eq!(shown, "a.yml:8:6: no field `sendr`\n  |\n8 | or sendr.x\n  |    ^^^^^ did you mean `sender`?");
    }

    #[test]
    fn a_long_line_is_shown_around_the_fault() {
        let source = format!("{} !", "x ".repeat(5_000));
        let shown = Fault::new("no operand", Span::new(10_001, 10_002)).shown(&source, "a", 1, 0);
        assert!(shown.len() < 400 && shown.ends_with("x  !\n  | ".trim_end()) || shown.contains('^'), "{shown}");
    }
}

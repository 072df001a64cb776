//! The header section as raw fields (RFC 5322 §2.2), read without decoding anything.

/// One header field as it stands in the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Field name as written, without white space before the colon.
    pub name: &'a [u8],
    /// All bytes after the colon, folds included, without the line end that closes the field.
    pub value: &'a [u8],
}

impl Field<'_> {
    /// Whether this is the field of that name, without regard to case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }
}

/// The fields of a header section, top to bottom; see [`header_fields`].
#[derive(Clone, Debug)]
pub struct Fields<'a> {
    raw: &'a [u8],
    at: usize,
    ended: bool,
    malformed: bool,
}

/// Reads the header fields of a message one by one, at the cost of finding line ends. The section ends at the first
/// empty line, or before the first line that is no field, as Postfix and most mail programs have it. Lines may end in
/// CRLF or LF; an mbox `From ` line is passed over.
pub fn header_fields(raw: &[u8]) -> Fields<'_> {
    Fields { raw, at: 0, ended: false, malformed: false }
}

impl<'a> Fields<'a> {
    /// Where the body starts; meaningful once the iterator has ended.
    pub(super) fn body_at(&self) -> usize {
        self.at
    }

    /// Whether something stood there that is no field.
    pub(super) fn malformed(&self) -> bool {
        self.malformed
    }

    /// The end of the field whose first line ends at `end`: continuation lines start with white space.
    fn fold_end(&self, mut end: usize) -> usize {
        while matches!(self.raw.get(end), Some(b' ' | b'\t')) {
            end = line_end(self.raw, end);
        }
        end
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        while !self.ended && self.at < self.raw.len() {
            let start = self.at;
            let end = line_end(self.raw, start);
            let line = without_line_end(&self.raw[start..end]);
            if line.is_empty() {
                self.at = end;
                self.ended = true;
            } else if matches!(line[0], b' ' | b'\t') || is_mbox_line(line) {
                // A continuation of nothing, or the line with which an mbox file starts each message.
                self.malformed |= line[0] != b'F' || start > 0;
                self.at = end;
            } else if let Some(colon) = colon(line) {
                let end = self.fold_end(end);
                self.at = end;
                let name = line[..colon].trim_ascii_end();
                return Some(Field { name, value: without_line_end(&self.raw[start + colon + 1..end]) });
            } else {
                self.malformed = true;
                self.ended = true;
            }
        }
        None
    }
}

/// The index after the line that starts at `at`.
pub(super) fn line_end(raw: &[u8], at: usize) -> usize {
    raw[at..].iter().position(|&b| b == b'\n').map_or(raw.len(), |newline| at + newline + 1)
}

/// A line or field without its closing CRLF or LF.
pub(super) fn without_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Where the colon stands when the line starts with a field name: printable ASCII, and white space before the colon
/// (RFC 5322 §4.5 lets that pass).
fn colon(line: &[u8]) -> Option<usize> {
    let colon = line.iter().position(|&b| b == b':')?;
    let name = line[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(colon)
}

fn is_mbox_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &[(&str, &str)], body: &str, malformed: bool) {
        let mut fields = header_fields(raw.as_bytes());
        let read: Vec<(String, String)> = fields
            .by_ref()
            .map(|f| (String::from_utf8_lossy(f.name).into_owned(), String::from_utf8_lossy(f.value).into_owned()))
            .collect();
        let expected: Vec<(String, String)> = expected.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect();
        assert_eq!(read, expected, "{raw:?}");
        assert_eq!(&raw[fields.body_at()..], body, "{raw:?}");
        assert_eq!(fields.malformed(), malformed, "{raw:?}");
    }

    #[test]
    fn fields_keep_their_bytes() {
        check("A: b\r\nC:d\r\n\r\nbody", &[("A", " b"), ("C", "d")], "body", false);
        check("A: b\n c\n\td\nE: f\n\nbody\n", &[("A", " b\n c\n\td"), ("E", " f")], "body\n", false);
        check("Subject : x\n\n", &[("Subject", " x")], "", false);
        check("A:\n\n", &[("A", "")], "", false);
        check("A: no end", &[("A", " no end")], "", false);
    }

    #[test]
    fn the_section_ends_before_what_is_no_field() {
        check("A: b\nno field here\nC: d\n\n", &[("A", " b")], "no field here\nC: d\n\n", true);
        check("just text\n", &[], "just text\n", true);
        check("two words: x\n\n", &[], "two words: x\n\n", true);
        check(": x\n\n", &[], ": x\n\n", true);
        check("", &[], "", false);
        check("\nbody", &[], "body", false);
    }

    #[test]
    fn an_mbox_line_is_passed_over() {
        check("From a@b Mon Jan 1\nA: b\n\n", &[("A", " b")], "", false);
        check("A: b\n>From a@b Mon Jan 1\nC: d\n\n", &[("A", " b"), ("C", " d")], "", true);
    }

    #[test]
    fn a_continuation_of_nothing_is_passed_over() {
        check(" lost\nA: b\n\n", &[("A", " b")], "", true);
    }

    #[test]
    fn names_compare_without_case() {
        let field = header_fields(b"X-Kith-ID: 1\n\n").next().expect("one field");
        assert!(field.is("x-kith-id") && !field.is("x-kith"));
    }
}

//! Content-Type and Content-Disposition: a word and its parameters (RFC 2045 §5.1, RFC 2183, RFC 2231).

use mail_parser::HeaderValue;
use mail_parser::parsers::MessageStream;

/// Bytes of a field that are read. Parameters with long encoded file names reach 3,000.
const FIELD_BYTES_MAX: usize = 4_096;
/// Marks of encoded words in one field: the parser looks to the field's end for each, and honest names have few.
const WORD_MARKS_MAX: usize = 32;

/// A media type or disposition with its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Media {
    /// The word, lower case: `text/html`, `attachment`.
    pub word: String,
    /// Parameters, names in lower case, values decoded.
    pub parameters: Vec<(String, String)>,
}

impl Media {
    /// Reads the value of a field; `None` where it says nothing.
    pub(super) fn read(value: &[u8]) -> Option<Self> {
        let value = &value[..value.len().min(FIELD_BYTES_MAX)];
        if value.windows(2).filter(|pair| pair == b"=?").count() > WORD_MARKS_MAX {
            return Self::word_alone(value);
        }
        let mut line = Vec::with_capacity(value.len() + 1);
        line.extend_from_slice(value);
        line.push(b'\n');
        let HeaderValue::ContentType(read) = MessageStream::new(&line).parse_content_type() else {
            return Self::word_alone(value);
        };
        let mut word = read.c_type.trim().to_ascii_lowercase();
        if let Some(sub) = &read.c_subtype {
            word.push('/');
            word.push_str(&sub.trim().to_ascii_lowercase());
        }
        let parameters = read.attributes.unwrap_or_default();
        let parameters =
            parameters.into_iter().map(|a| (a.name.to_ascii_lowercase(), clean(&a.value))).collect::<Vec<_>>();
        (!word.is_empty()).then_some(Self { word, parameters })
    }

    /// The value without its parameters.
    fn word_alone(value: &[u8]) -> Option<Self> {
        let word = value.split(|b| *b == b';').next().unwrap_or_default().trim_ascii();
        let word = String::from_utf8_lossy(word).to_ascii_lowercase();
        (!word.is_empty()).then_some(Self { word, parameters: Vec::new() })
    }

    /// The first parameter of that name, given in lower case.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// Whether the media type is one of a multipart.
    pub(super) fn is_multipart(&self) -> bool {
        self.word.starts_with("multipart/")
    }

    /// Whether the content is a whole message (RFC 2046 §5.2.1, RFC 6532 §3.7).
    pub(super) fn is_message(&self) -> bool {
        matches!(self.word.as_str(), "message/rfc822" | "message/global" | "message/news")
    }
}

/// A parameter without control characters: a line end in a file name must reach no log line.
fn clean(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word and the parameters as `name=value`.
    fn check(input: &str, expected: &[&str]) {
        let read = Media::read(input.as_bytes());
        let shown: Vec<String> = read
            .iter()
            .flat_map(|m| std::iter::once(m.word.clone()).chain(m.parameters.iter().map(|(n, v)| format!("{n}={v}"))))
            .collect();
        assert_eq!(shown, expected, "{input}");
    }

    #[test]
    fn types_have_parameters() {
        check(" Text/HTML; Charset=\"UTF-8\"", &["text/html", "charset=UTF-8"]);
        check("multipart/mixed;\r\n boundary=\"=_a;b\"", &["multipart/mixed", "boundary==_a;b"]);
        check("attachment; filename=a.pdf", &["attachment", "filename=a.pdf"]);
        check("text/plain", &["text/plain"]);
        check("", &[]);
        check(" ; x=y", &[]);
    }

    #[test]
    fn file_names_are_decoded() {
        check("attachment; filename*=utf-8''R%C3%A9sum%C3%A9.doc", &["attachment", "filename=Résumé.doc"]);
        check("attachment; filename*0=long; filename*1=name.doc", &["attachment", "filename=longname.doc"]);
        check("attachment; filename=\"=?utf-8?Q?R=C3=A9sum=C3=A9.doc?=\"", &["attachment", "filename=Résumé.doc"]);
    }

    #[test]
    fn fields_have_limits() {
        let with = |n: usize| format!("text/plain; name={}", "a".repeat(n));
        let room = FIELD_BYTES_MAX - with(0).len();
        let name = |n| Media::read(with(n).as_bytes()).and_then(|m| m.parameter("name").map(str::len));
        assert_eq!(name(room), Some(room));
        assert_eq!(name(room + 1), Some(room));
        let marks = |n: usize| format!("text/plain; name={}", "=?".repeat(n));
        assert!(Media::read(marks(WORD_MARKS_MAX).as_bytes()).is_some_and(|m| m.parameter("name").is_some()));
        check(&marks(WORD_MARKS_MAX + 1), &["text/plain"]);
    }
}

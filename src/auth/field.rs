//! The syntax of Authentication-Results (RFC 8601 §2.2), as strictly as its writers keep to it: not very.

use std::iter::Peekable;
use std::str::Chars;

/// Bytes of a field that are read.
const FIELD_BYTES_MAX: usize = 65_536;
/// Statements of a field that are kept.
const STATEMENTS_MAX: usize = 100;

/// A field: who wrote it, and what it states.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    /// The authserv-id in lower case without version; empty where there is none (Outlook writes none).
    pub(super) id: String,
    /// The statements; none in a field that says `none`.
    pub(super) statements: Vec<Statement>,
    /// Whether it says that nothing was checked.
    pub(super) says_none: bool,
}

/// One result: `method=result (comment) property=value …`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Statement {
    /// In lower case, without version.
    pub(super) method: String,
    /// In lower case.
    pub(super) result: String,
    /// Names in lower case.
    pub(super) properties: Vec<(String, String)>,
    /// What stood in comments, in lower case: some writers put the policy there.
    pub(super) comments: String,
}

impl Statement {
    /// The value of the first property of one of the names.
    pub(super) fn property(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.properties.iter().find(|(known, _)| known == name)).map(|(_, v)| v.as_str())
    }
}

impl Field {
    /// Reads an unfolded or folded value. Never fails: what is not understood is left out.
    pub(super) fn read(value: &str) -> Self {
        let mut lexer = Lexer { rest: cut(value).chars().peekable(), comments: String::new() };
        let mut field = Self::default();
        let mut named = false;
        while let Some(words) = lexer.segment() {
            let mut words = words.into_iter();
            let Some((first, value)) = words.next() else { continue };
            let Some(result) = value else {
                // The first word of all is the authserv-id; "none" may stand where a statement could.
                if !named && field.statements.is_empty() {
                    field.id = plain_id(&first);
                    named = true;
                    field.says_none |= words.any(|(word, value)| value.is_none() && word == "none");
                } else {
                    field.says_none |= first.eq_ignore_ascii_case("none");
                }
                continue;
            };
            if field.statements.len() < STATEMENTS_MAX {
                field.statements.push(Statement {
                    method: first.split('/').next().unwrap_or_default().to_ascii_lowercase(),
                    result: result.to_ascii_lowercase(),
                    properties: words.filter_map(|(name, v)| v.map(|v| (name.to_ascii_lowercase(), v))).collect(),
                    comments: std::mem::take(&mut lexer.comments).to_ascii_lowercase(),
                });
            }
        }
        field
    }
}

/// An authserv-id in the form in which it is compared: without version, final dot and case.
pub(super) fn plain_id(id: &str) -> String {
    let id = id.split('/').next().unwrap_or_default();
    id.strip_suffix('.').unwrap_or(id).to_lowercase()
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(FIELD_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Reads words: `name`, or `name=value`, between semicolons, around comments.
struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    comments: String,
}

impl Lexer<'_> {
    /// The words up to the next semicolon; `None` at the end.
    fn segment(&mut self) -> Option<Vec<(String, Option<String>)>> {
        self.rest.peek()?;
        self.comments.clear();
        let mut words = Vec::new();
        loop {
            self.skip();
            match self.rest.peek() {
                None => return Some(words),
                Some(';') => {
                    self.rest.next();
                    return Some(words);
                }
                Some(_) => {}
            }
            let name = self.word(true);
            self.skip();
            let value = self.rest.next_if_eq(&'=').map(|_| {
                self.skip();
                self.word(false)
            });
            words.push((name, value));
        }
    }

    /// A run of characters and quoted strings; a name ends at an equals sign too.
    fn word(&mut self, is_name: bool) -> String {
        let mut word = String::new();
        while let Some(&c) = self.rest.peek() {
            match c {
                '"' => {
                    self.rest.next();
                    self.quoted(&mut word);
                }
                '=' if is_name => break,
                ';' | '(' => break,
                c if c.is_whitespace() => break,
                c => {
                    word.push(c);
                    self.rest.next();
                }
            }
        }
        word
    }

    fn quoted(&mut self, word: &mut String) {
        while let Some(c) = self.rest.next() {
            match c {
                '"' => return,
                '\\' => word.extend(self.rest.next()),
                c => word.push(c),
            }
        }
    }

    /// Passes over white space and comments (RFC 5322 §3.2.2), which nest.
    fn skip(&mut self) {
        let mut depth = 0usize;
        while let Some(&c) = self.rest.peek() {
            match c {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                '\\' if depth > 0 => drop(self.rest.next()),
                c if depth == 0 && !c.is_whitespace() => return,
                c => self.comments.push(c),
            }
            if matches!(c, '(' | ')') {
                self.comments.push(' ');
            }
            self.rest.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Method, result, properties.
    type Expected<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    fn check(value: &str, id: &str, statements: &[Expected<'_>]) {
        let field = Field::read(value);
        assert_eq!(field.id, id, "{value}");
        let own = |p: &[(&str, &str)]| p.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>();
        let found: Vec<_> = field.statements.into_iter().map(|s| (s.method, s.result, s.properties)).collect();
        let expected: Vec<_> = statements.iter().map(|(m, r, p)| ((*m).to_owned(), (*r).to_owned(), own(p))).collect();
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn statements_are_read_with_their_properties() {
        check(
            "MX.example.net 1;\r\n\tspf=pass smtp.mailfrom=a=b@example.org; dkim=Fail reason=\"bad; \\\"hash\\\"\" header.d = example.org",
            "mx.example.net",
            &[
                ("spf", "pass", &[("smtp.mailfrom", "a=b@example.org")]),
                ("dkim", "fail", &[("reason", "bad; \"hash\""), ("header.d", "example.org")]),
            ],
        );
    }

    #[test]
    fn comments_nest_and_hide_semicolons() {
        check(
            "(x (y) \\) ;z) mx.example.net (1); dmarc=pass(p=REJECT; sp=none) header.from=example.org;",
            "mx.example.net",
            &[("dmarc", "pass", &[("header.from", "example.org")])],
        );
        assert!(Field::read("mx; dmarc=pass(p=REJECT)").statements[0].comments.contains("p=reject"));
    }

    #[test]
    fn a_field_without_id_begins_with_a_statement() {
        check(
            "spf=pass smtp.mailfrom=example.org;dmarc=none",
            "",
            &[("spf", "pass", &[("smtp.mailfrom", "example.org")]), ("dmarc", "none", &[])],
        );
    }

    #[test]
    fn ids_lose_version_and_case() {
        check("MX.Example.NET./1; none", "mx.example.net", &[]);
        check("\"mx.example.net\" ; none", "mx.example.net", &[]);
        assert!(Field::read("mx.example.net; none").says_none && Field::read("mx none").says_none);
        assert!(!Field::read("mx.example.net; spf=none").says_none);
    }

    #[test]
    fn statements_have_a_limit() {
        assert_eq!(Field::read(&format!("mx{}", ";a=b".repeat(100))).statements.len(), 100);
        assert_eq!(Field::read(&format!("mx{}", ";a=b".repeat(101))).statements.len(), 100);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[a=;()\"\\\\ /.é]{0,60}") {
            let _ = Field::read(&text);
        }
    }
}

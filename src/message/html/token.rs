//! Cuts HTML into tags and text as the tokenizer of the WHATWG HTML Standard (§13.2.5) does, each byte once.

/// Attributes kept of one tag; the rest is read over. Honest tags have fewer than 20.
const ATTRIBUTES_MAX: usize = 64;

/// A piece of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text between tags, references not decoded.
    Text(&'a str),
    /// A start tag's name as written; its attributes are in [`Tokens::attributes`].
    Open(&'a str),
    /// An end tag's name as written.
    Close(&'a str),
}

/// The pieces of an HTML text, in order. Comments and declarations are passed over.
pub(super) struct Tokens<'a> {
    html: &'a str,
    at: usize,
    started: usize,
    attributes: Vec<(&'a str, &'a str)>,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning of `html`.
    pub(super) fn new(html: &'a str) -> Self {
        Self { html, at: 0, started: 0, attributes: Vec::with_capacity(8) }
    }

    /// Where the piece just read begins.
    pub(super) fn started(&self) -> usize {
        self.started
    }

    /// Where the piece just read ends, what [`Tokens::raw_until`] read included.
    pub(super) fn reached(&self) -> usize {
        self.at
    }

    /// The attributes kept of the start tag just read, references not decoded.
    pub(super) fn attributes(&self) -> &[(&'a str, &'a str)] {
        &self.attributes
    }

    /// Reads on to the end tag of a raw-text element (`script`, `textarea`) and gives what stands before it: there no
    /// other tag counts. Without an end tag it is the whole rest.
    pub(super) fn raw_until(&mut self, name: &str) -> &'a str {
        let start = self.at;
        let bytes = self.html.as_bytes();
        while let Some(found) = self.html[self.at..].find("</") {
            let tag = self.at + found;
            let end = tag + 2 + name.len();
            let named = bytes.get(tag + 2..end).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()));
            if named && bytes.get(end).is_none_or(|b| ends_name(*b)) {
                self.at = tag;
                return &self.html[start..tag];
            }
            self.at = tag + 2;
        }
        self.at = self.html.len();
        &self.html[start..]
    }

    /// Reads over markup that shows nothing, from `<!`, `<?` or `</` on.
    fn skip_declaration(&mut self) {
        let rest = &self.html[self.at..];
        let end = match rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments.
            Some(body) if body.starts_with('>') => Some(5),
            Some(body) if body.starts_with("->") => Some(6),
            Some(body) => comment_end(body).map(|end| end + 4),
            None => rest.find('>').map(|end| end + 1),
        };
        self.at = end.map_or(self.html.len(), |end| self.at + end);
    }

    /// Reads a tag's name from `from`, and then its attributes; `None` where the text ends within the tag, which then
    /// counts for nothing.
    fn tag(&mut self, from: usize) -> Option<&'a str> {
        let bytes = self.html.as_bytes();
        let len = bytes[from..].iter().position(|b| ends_name(*b));
        self.at = len.map_or(bytes.len(), |len| from + len);
        self.attributes.clear();
        let name = &self.html[from..self.at];
        self.read_attributes().then_some(name)
    }

    /// Reads attributes up to and including the closing `>`; whether there was one.
    fn read_attributes(&mut self) -> bool {
        let bytes = self.html.as_bytes();
        loop {
            while bytes.get(self.at).is_some_and(|b| is_space(*b) || *b == b'/') {
                self.at += 1;
            }
            match bytes.get(self.at) {
                None => return false,
                Some(b'>') => {
                    self.at += 1;
                    return true;
                }
                Some(_) => {}
            }
            let start = self.at;
            // An equals sign at the start is part of the name.
            self.at += 1;
            while bytes.get(self.at).is_some_and(|b| !ends_name(*b) && *b != b'=') {
                self.at += 1;
            }
            let name = start..self.at;
            self.skip_spaces();
            let value = if bytes.get(self.at) == Some(&b'=') { self.read_value() } else { "" };
            if self.attributes.len() < ATTRIBUTES_MAX {
                // A multi-byte character is never cut: names end before ASCII characters only.
                self.attributes.push((self.html.get(name).unwrap_or_default(), value));
            }
        }
    }

    /// Reads an attribute's value, from its `=` on.
    fn read_value(&mut self) -> &'a str {
        self.at += 1;
        self.skip_spaces();
        let rest = &self.html[self.at..];
        match rest.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let end = rest[1..].find(char::from(*quote)).map_or(rest.len(), |end| end + 1);
                self.at += (end + 1).min(rest.len());
                &rest[1..end]
            }
            Some(b'>') | None => "",
            Some(_) => {
                let end = rest.bytes().position(|b| is_space(b) || b == b'>').unwrap_or(rest.len());
                self.at += end;
                &rest[..end]
            }
        }
    }

    fn skip_spaces(&mut self) {
        while self.html.as_bytes().get(self.at).is_some_and(|b| is_space(*b)) {
            self.at += 1;
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.html[self.at..];
            let bytes = rest.as_bytes();
            self.started = self.at;
            match bytes {
                [] => return None,
                [b'<', b'a'..=b'z' | b'A'..=b'Z', ..] => return self.tag(self.at + 1).map(Token::Open),
                [b'<', b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => return self.tag(self.at + 2).map(Token::Close),
                [b'<', b'!' | b'?', ..] | [b'<', b'/', _, ..] => self.skip_declaration(),
                _ => {
                    // A `<` that starts no tag is text.
                    let end = bytes[1..].iter().position(|b| *b == b'<').map_or(rest.len(), |end| end + 1);
                    self.at += end;
                    return Some(Token::Text(&rest[..end]));
                }
            }
        }
    }
}

/// Where a comment's closing `-->` or `--!>` ends.
fn comment_end(body: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = body[from..].find("--") {
        let after = from + found + 2;
        match body.as_bytes().get(after..) {
            Some([b'>', ..]) => return Some(after + 1),
            Some([b'!', b'>', ..]) => return Some(after + 2),
            // A third hyphen may belong to the closing mark.
            _ => from = after - 1,
        }
    }
    None
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r')
}

/// Whether a byte ends the name of a tag or attribute.
fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tokens as `text`, `<name a=b>` and `</name>`, joined by `|`.
    fn check(html: &str, expected: &str) {
        let mut tokens = Tokens::new(html);
        let mut shown = Vec::new();
        while let Some(token) = tokens.next() {
            shown.push(match token {
                Token::Text(text) => text.to_owned(),
                Token::Close(name) => format!("</{name}>"),
                Token::Open(name) => {
                    let attributes = tokens.attributes().iter().map(|(n, v)| format!(" {n}={v}"));
                    format!("<{name}{}>", attributes.collect::<String>())
                }
            });
        }
        assert_eq!(shown.join("|"), expected, "{html}");
    }

    #[test]
    fn tags_and_text() {
        check("a<b>c</b>d", "a|<b>|c|</b>|d");
        check("<A HREF=\"x y\" id='z' c=d e>", "<A HREF=x y id=z c=d e=>");
        check("<br/><img src=a/b>", "<br>|<img src=a/b>");
        check("<a href=\"x\"class=\"y\">", "<a href=x class=y>");
        check("<p\n a = 'b' >\u{e4}", "<p a=b>|\u{e4}");
    }

    #[test]
    fn what_starts_no_tag_is_text() {
        check("1 < 2 <3> x", "1 |< 2 |<3> x");
        check("<", "<");
        check("a<", "a|<");
        check("</>x</ y>z", "x|z");
        check("\u{e4}<b>", "\u{e4}|<b>");
    }

    #[test]
    fn comments_show_nothing() {
        check("a<!-- <b> -->c<!-->d<!--->e", "a|c|d|e");
        check("a<!-- x --!>b<!--- y --->c", "a|b|c");
        check("<!DOCTYPE html><?xml?><![if !mso]>x<![endif]>", "x");
        check("a<!-- never closed <b>", "a");
    }

    #[test]
    fn the_end_of_the_text_ends_a_tag_for_nothing() {
        check("a<b class=\"x", "a");
        check("a<b ", "a");
        check("a</b", "a");
        check("<a =x>", "<a =x=>");
        check("<a x=>", "<a x=>");
    }

    #[test]
    fn raw_text_ends_at_its_own_tag() {
        let mut tokens = Tokens::new("<script>if (a</b) '</scripty>'</SCRIPT >x");
        assert_eq!(tokens.next(), Some(Token::Open("script")));
        assert_eq!(tokens.raw_until("script"), "if (a</b) '</scripty>'");
        assert_eq!(tokens.next(), Some(Token::Close("SCRIPT")));
        assert_eq!(tokens.next(), Some(Token::Text("x")));
        assert_eq!(Tokens::new("never closed").raw_until("style"), "never closed");
    }

    #[test]
    fn attributes_have_a_limit() {
        let tag = |n: usize| (0..n).fold("<a".to_owned(), |tag, i| format!("{tag} a{i}=b")) + ">x";
        for (attributes, kept) in [(ATTRIBUTES_MAX, ATTRIBUTES_MAX), (ATTRIBUTES_MAX + 1, ATTRIBUTES_MAX)] {
            let html = tag(attributes);
            let mut tokens = Tokens::new(&html);
            assert_eq!(tokens.next(), Some(Token::Open("a")));
            assert_eq!(tokens.attributes().len(), kept);
            assert_eq!(tokens.next(), Some(Token::Text("x")));
        }
    }
}

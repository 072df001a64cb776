//! Rust text as the rules see it: code without comments and literals, the part that is not tests, words and functions.

use std::ops::Range;

/// One source file, read once for all rules.
pub struct Source {
    /// Where it stands, from the root of the repository, with `/`.
    pub path: String,
    /// The text as written.
    pub text: String,
    /// The text with comments and literals blanked, byte for byte as long as `text`.
    pub code: String,
    /// `code` with test modules and test functions blanked too.
    pub product: String,
    /// How many lines those take.
    test_lines: usize,
}

impl Source {
    /// Reads one file's text.
    pub fn new(path: &str, text: &str) -> Self {
        let code = without_literals(text);
        let (product, test_lines) = without_tests(&code);
        Self { path: path.to_owned(), text: text.to_owned(), code, product, test_lines }
    }

    /// The line, counted from 1, in which a byte stands.
    pub fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    /// The same file, all of it tests: its module is built only for them.
    pub fn into_tests(mut self) -> Self {
        self.test_lines = self.text.lines().count();
        let mut blanked = self.product.into_bytes();
        blank(&mut blanked);
        self.product = String::from_utf8_lossy(&blanked).into_owned();
        self
    }

    /// Whether the code at a byte belongs to tests.
    pub fn in_tests(&self, at: usize) -> bool {
        self.code.as_bytes().get(at) != self.product.as_bytes().get(at)
    }

    /// How many lines are not tests.
    pub fn product_lines(&self) -> usize {
        self.text.lines().count() - self.test_lines
    }
}

/// A word of code: an identifier or keyword, and the bytes in which it stands.
pub struct Word<'a> {
    pub text: &'a str,
    pub at: Range<usize>,
}

/// All words of a blanked text, in order.
pub fn words(code: &str) -> Vec<Word<'_>> {
    let bytes = code.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        if at == start {
            at += 1;
        } else if !bytes[start].is_ascii_digit() {
            found.push(Word { text: &code[start..at], at: start..at });
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// A named function: its name and the bytes from `fn` to its closing brace.
pub struct Function<'a> {
    pub name: &'a str,
    pub at: Range<usize>,
}

/// All functions with a body.
pub fn functions(code: &str) -> Vec<Function<'_>> {
    let words = words(code);
    let named = words.windows(2).filter(|pair| {
        // `fn(A) -> B` is a type; between `fn` and a name stands only white space.
        pair[0].text == "fn" && code[pair[0].at.end..pair[1].at.start].trim().is_empty()
    });
    named
        .filter_map(|pair| {
            let opening = body_start(code, pair[1].at.end)?;
            Some(Function { name: pair[1].text, at: pair[0].at.start..matching(code, opening)? })
        })
        .collect()
}

/// Where the braces of an item open; `None` where it ends with a semicolon first. `[u8; 4]` is passed over.
fn body_start(code: &str, from: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (offset, byte) in code.bytes().enumerate().skip(from) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth <= 0 => return Some(offset),
            b';' if depth <= 0 => return None,
            _ => {}
        }
    }
    None
}

/// The byte after the brace, bracket or parenthesis that closes the one at `opening`.
pub fn matching(code: &str, opening: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, byte) in code.bytes().enumerate().skip(opening) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(offset + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Blanks every item behind `#[cfg(test)]`, and counts the lines that they take.
fn without_tests(code: &str) -> (String, usize) {
    let mut blanked = code.as_bytes().to_vec();
    let (mut from, mut lines) = (0, 0);
    while let Some(found) = code[from..].find("#[cfg(test)]") {
        let start = from + found;
        let mut end = start + "#[cfg(test)]".len();
        // Further attributes belong to the item.
        while code[end..].trim_start().starts_with("#[") {
            let bracket = end + code[end..].find('[').unwrap_or(0);
            end = matching(code, bracket).unwrap_or(code.len());
        }
        end = match body_start(code, end) {
            Some(opening) => matching(code, opening).unwrap_or(code.len()),
            None => code[end..].find(';').map_or(code.len(), |semicolon| end + semicolon + 1),
        };
        blank(&mut blanked[start..end]);
        lines += code[start..end].lines().count();
        from = end;
    }
    (String::from_utf8_lossy(&blanked).into_owned(), lines)
}

/// Blanks comments and the inside of string and character literals.
fn without_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut blanked = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            at + block_comment(rest)
        } else if let Some(length) = string(rest).filter(|_| at == 0 || !is_word(bytes[at - 1])) {
            at + length
        } else if let Some(length) = character(rest) {
            at + length
        } else {
            at += 1;
            continue;
        };
        blank(&mut blanked[at..end]);
        at = end;
    }
    String::from_utf8_lossy(&blanked).into_owned()
}

fn blank(bytes: &mut [u8]) {
    for byte in bytes.iter_mut().filter(|byte| **byte != b'\n') {
        *byte = b' ';
    }
}

/// The length of a block comment, nested ones included.
fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of a string literal of any kind (`"…"`, `b"…"`, `r#"…"#`), or `None` where none begins here.
fn string(rest: &[u8]) -> Option<usize> {
    let prefix = rest.iter().take_while(|byte| matches!(byte, b'b' | b'c' | b'r')).count();
    if prefix > 2 {
        return None;
    }
    let raw = rest[..prefix].contains(&b'r');
    let hashes = if raw { rest[prefix..].iter().take_while(|byte| **byte == b'#').count() } else { 0 };
    let opening = prefix + hashes;
    if rest.get(opening) != Some(&b'"') {
        return None;
    }
    let mut at = opening + 1;
    while at < rest.len() {
        if rest[at] == b'\\' && !raw {
            at += 2;
        } else if rest[at] == b'"' && rest[at + 1..].iter().take_while(|byte| **byte == b'#').count() >= hashes {
            return Some(at + 1 + hashes);
        } else {
            at += 1;
        }
    }
    Some(rest.len())
}

/// The length of a character literal, or `None` where none begins here: a quote may begin a lifetime.
fn character(rest: &[u8]) -> Option<usize> {
    match (rest.first()?, rest.get(1)?) {
        (b'\'', b'\\') => rest.iter().skip(3).position(|byte| *byte == b'\'').map(|end| end + 4),
        // A literal holds one character, of up to four bytes, and a quote behind it.
        (b'\'', first) => {
            let length = if *first < 0x80 { 1 } else { rest[1..].iter().take(4).take_while(|b| **b >= 0x80).count() };
            (rest.get(1 + length) == Some(&b'\'')).then_some(length + 2)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code_of(text: &str) -> String {
        let squeezed: Vec<_> = Source::new("a.rs", text).product.split_whitespace().map(str::to_owned).collect();
        squeezed.join(" ")
    }

    #[test]
    fn comments_and_literals_are_not_code() {
        for (text, code) in [
            ("a // b\nc", "a c"),
            ("a /* b /* c */ d */ e", "a e"),
            (r##"a("b \" c") + r#"d "e" f"# + b"g""##, "a( ) + +"),
            ("a('\"', 'b', '\\'', '\\u{1}') 'c", "a( , , , ) 'c"),
            ("fn f<'a>(b: &'a str) {}", "fn f<'a>(b: &'a str) {}"),
            ("number(\"x\")", "number( )"),
        ] {
            assert_eq!(code_of(text), code, "{text}");
        }
    }

    #[test]
    fn test_items_are_not_product() {
        assert_eq!(code_of("a();\n#[cfg(test)]\nmod tests { fn f() { g() } }\nb();"), "a(); b();");
        assert_eq!(code_of("#[cfg(test)]\n#[allow(x)]\nuse a::b;\nc();"), "c();");
        assert_eq!(Source::new("a.rs", "a();\n\n#[cfg(test)]\nmod tests {\n    x\n}\n").product_lines(), 2);
    }

    #[test]
    fn functions_are_found_with_their_bodies() {
        let text = "trait T { fn a(); fn b(&self) -> [u8; 4] { [0; 4] } }\nlet c: fn(u8) -> u8 = d;\n";
        let found: Vec<_> =
            functions(text).iter().map(|function| (function.name, &text[function.at.clone()])).collect();
        assert_eq!(found, [("b", "fn b(&self) -> [u8; 4] { [0; 4] }")]);
    }
}

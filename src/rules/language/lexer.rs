//! Text in, tokens out.

use super::{Fault, Span};

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or keyword.
    Word(String),
    /// `$name`
    List(String),
    Integer(i64),
    Float(f64),
    Text {
        value: String,
        raw: bool,
    },
    /// A run of dots, and whether a name touches it.
    Dots {
        count: usize,
        touches: bool,
    },
    /// `in~`
    InFolded,
    /// An operator or bracket.
    Sign(&'static str),
    End,
}

/// Operators and brackets, longer ones before their beginnings.
const SIGNS: [&str; 22] = [
    "==", "!=", "=~", "!~", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", ":", "+", "-", "*", "/", "%", "=", "!", "~",
];

/// Hexadecimal digits of `\u{…}`.
const ESCAPE_DIGITS: std::ops::RangeInclusive<usize> = 2..=8;

/// All tokens of a source with their places; the last is [`Token::End`].
pub(super) fn tokens(source: &str) -> Result<Vec<(Token, Span)>, Fault> {
    let mut lexer = Lexer { source, at: 0 };
    let mut tokens = Vec::with_capacity(source.len() / 4);
    loop {
        lexer.skip_blank();
        let start = lexer.at;
        let token = lexer.token()?;
        let ends = token == Token::End;
        tokens.push((token, Span::new(start, lexer.at)));
        if ends {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.source.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    /// White space and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}']).len();
            if !self.rest().starts_with("//") {
                return;
            }
            self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        }
    }

    fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| !accept(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn token(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        match self.byte(0) {
            0 if self.rest().is_empty() => Ok(Token::End),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => Ok(self.word()),
            b'0'..=b'9' => self.number(),
            b'"' => self.text(),
            b'\'' => self.raw_text(),
            b'.' => {
                let count = self.take_while(|byte| byte == b'.').len();
                let next = self.byte(0);
                Ok(Token::Dots { count, touches: next.is_ascii_alphabetic() || next == b'_' })
            }
            b'$' => {
                self.at += 1;
                let name = self.take_while(is_word);
                if name.is_empty() {
                    return Err(Fault::new("`$` without the name of a list", Span::new(start, self.at)));
                }
                Ok(Token::List(name.to_owned()))
            }
            _ => match SIGNS.iter().find(|sign| self.rest().starts_with(**sign)) {
                Some(sign) => {
                    self.at += sign.len();
                    Ok(Token::Sign(sign))
                }
                None => {
                    let odd = self.rest().chars().next().unwrap_or_default();
                    let at = Span::new(start, start + odd.len_utf8());
                    Err(Fault::new(format!("{odd:?} means nothing here"), at))
                }
            },
        }
    }

    fn word(&mut self) -> Token {
        let word = self.take_while(is_word);
        if word == "in" && self.byte(0) == b'~' {
            self.at += 1;
            return Token::InFolded;
        }
        Token::Word(word.to_owned())
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        self.take_while(|byte| byte.is_ascii_digit());
        let mut whole = true;
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            whole = false;
            self.at += 1;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        let signed = usize::from(matches!(self.byte(1), b'+' | b'-'));
        if matches!(self.byte(0), b'e' | b'E') && self.byte(1 + signed).is_ascii_digit() {
            whole = false;
            self.at += 1 + signed;
            self.take_while(|byte| byte.is_ascii_digit());
        }
        let at = Span::new(start, self.at);
        let text = &self.source[start..self.at];
        let beyond = || Fault::new("this number is too large", at);
        if whole {
            return text.parse().map(Token::Integer).map_err(|_| beyond());
        }
        text.parse().ok().filter(|number: &f64| number.is_finite()).map(Token::Float).ok_or_else(beyond)
    }

    fn unclosed(&self, start: usize) -> Fault {
        Fault::new("this text is never closed", Span::new(start, start + 1))
    }

    /// A text in single quotes: nothing is escaped, and two quotes are one.
    fn raw_text(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        loop {
            let end = self.rest().find('\'').ok_or_else(|| self.unclosed(start))?;
            value.push_str(&self.rest()[..end]);
            self.at += end + 1;
            if self.byte(0) != b'\'' {
                return Ok(Token::Text { value, raw: true });
            }
            value.push('\'');
            self.at += 1;
        }
    }

    fn text(&mut self) -> Result<Token, Fault> {
        let start = self.at;
        self.at += 1;
        let mut value = String::new();
        loop {
            let end = self.rest().find(['"', '\\']).ok_or_else(|| self.unclosed(start))?;
            value.push_str(&self.rest()[..end]);
            self.at += end;
            if self.byte(0) == b'"' {
                self.at += 1;
                return Ok(Token::Text { value, raw: false });
            }
            value.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let start = self.at;
        let plain = match self.byte(1) {
            b'r' => Some('\r'),
            b'n' => Some('\n'),
            b't' => Some('\t'),
            sign @ (b'\'' | b'"' | b'\\') => Some(char::from(sign)),
            _ => None,
        };
        if let Some(plain) = plain {
            self.at += 2;
            return Ok(plain);
        }
        let inner = self.rest().strip_prefix("\\u{").and_then(|rest| rest.split_once('}')).map(|(digits, _)| digits);
        let code = inner.filter(|digits| ESCAPE_DIGITS.contains(&digits.len()));
        let code = code.and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32);
        if let (Some(code), Some(digits)) = (code, inner) {
            self.at += digits.len() + 4;
            return Ok(code);
        }
        let length = self.rest().chars().take(2).map(char::len_utf8).sum::<usize>();
        let fault = Fault::new("this escape is not known", Span::new(start, start + length));
        Err(fault.hinted("known are \\r \\n \\t \\' \\\" \\\\ \\u{…}; in single quotes nothing is escaped"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[Token]) {
        let read: Vec<Token> = tokens(source).expect("sound").into_iter().map(|(token, _)| token).collect();
        assert_eq!(read[..read.len() - 1], *expected, "{source}");
    }

    fn word(text: &str) -> Token {
        Token::Word(text.to_owned())
    }

    fn text(value: &str, raw: bool) -> Token {
        Token::Text { value: value.to_owned(), raw }
    }

    #[test]
    fn dots_know_what_they_touch() {
        check(
            "..a . in~",
            &[
                Token::Dots { count: 2, touches: true },
                word("a"),
                Token::Dots { count: 1, touches: false },
                Token::InFolded,
            ],
        );
    }

    #[test]
    fn texts_are_read() {
        check(r#""a\n\"\u{1F600}//""#, &[text("a\n\"\u{1F600}//", false)]);
        check(r"'\' 'it''s'", &[text("\\", true), text("it's", true)]);
        check("'' \"\"", &[text("", true), text("", false)]);
    }

    #[test]
    fn numbers_are_read() {
        check(
            "12 1.5 2e3 3.x",
            &[
                Token::Integer(12),
                Token::Float(1.5),
                Token::Float(2000.0),
                Token::Integer(3),
                Token::Dots { count: 1, touches: true },
                word("x"),
            ],
        );
    }

    #[test]
    fn comments_end_with_their_line() {
        check("a // b\n//\nc// d", &[word("a"), word("c")]);
    }

    #[test]
    fn what_means_nothing_is_a_fault() {
        for (source, at) in [("a ;", 2), ("\"a", 0), ("'a", 0), (r#""\x""#, 1), ("$", 0), ("99999999999999999999", 0)] {
            assert_eq!(tokens(source).expect_err(source).at.start, at, "{source}");
        }
        assert!(tokens(r#""\u{110000}""#).is_err() && tokens("\"\\\u{fc}\"").is_err() && tokens("\u{fc}").is_err());
    }
}

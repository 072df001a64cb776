//! From RE2's dialect of regular expressions to ours: what both write alike but mean differently is rewritten.

/// A pattern of RE2 as one that means the same here: classes of Perl and word boundaries are of ASCII, `\<` and `\>` are
/// plain characters, and so is a brace that begins no repetition, and what are set operators here within brackets.
pub(super) fn translate(pattern: &str) -> String {
    let mut translator =
        Translator { rest: pattern, out: String::with_capacity(pattern.len() + 16), may_repeat: false };
    while let Some(letter) = translator.next() {
        translator.outside(letter);
    }
    translator.out
}

struct Translator<'a> {
    rest: &'a str,
    out: String,
    /// Whether something stands before that a brace could repeat.
    may_repeat: bool,
}

/// A class of Perl in ASCII, to stand within brackets.
fn ascii_class(letter: char) -> Option<&'static str> {
    match letter {
        'd' => Some("0-9"),
        'w' => Some("0-9A-Za-z_"),
        's' => Some(r"\t\n\f\r "),
        _ => None,
    }
}

/// The contrary of one, to stand within brackets.
fn contrary_class(letter: char) -> Option<&'static str> {
    match letter {
        'D' => Some("[^0-9]"),
        'W' => Some("[^0-9A-Za-z_]"),
        'S' => Some(r"[^\t\n\f\r ]"),
        _ => None,
    }
}

impl Translator<'_> {
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    fn push(&mut self, text: &str) {
        self.out.push_str(text);
        self.may_repeat = true;
    }

    fn outside(&mut self, letter: char) {
        match letter {
            '\\' => self.escape(),
            '[' => self.class(),
            '{' if self.may_repeat && self.repeats() => {
                self.out.push('{');
            }
            '{' => self.push(r"\{"),
            '}' => self.out.push('}'),
            '(' => {
                self.out.push('(');
                self.group();
            }
            '|' => {
                self.out.push('|');
                self.may_repeat = false;
            }
            '^' => self.out.push('^'),
            '*' | '+' | '?' => self.out.push(letter),
            '$' => {
                // Without `m` it is the very end of the text in RE2, as it is here.
                self.push("$");
            }
            other => {
                self.out.push(other);
                self.may_repeat = true;
            }
        }
    }

    /// Flags and names of a group are taken as they are.
    fn group(&mut self) {
        self.may_repeat = false;
        if !self.rest.starts_with('?') {
            return;
        }
        let end = self.rest.find([')', ':', '>']).map_or(self.rest.len(), |end| end + 1);
        let head = &self.rest[..end];
        self.out.push_str(head);
        self.may_repeat = head.ends_with(')');
        self.rest = &self.rest[end..];
    }

    /// Whether what follows the brace is a repetition: `{2}`, `{2,}`, `{2,5}`.
    fn repeats(&self) -> bool {
        let Some((inner, _)) = self.rest.split_once('}') else { return false };
        let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        !low.is_empty() && digits(low) && digits(high)
    }

    fn escape(&mut self) {
        let Some(letter) = self.next() else {
            // A pattern that ends so is refused by the compiler.
            self.out.push('\\');
            return;
        };
        match letter {
            'b' => self.out.push_str(r"(?-u:\b)"),
            'B' => self.out.push_str(r"(?-u:\B)"),
            'A' | 'z' => {
                self.out.push('\\');
                self.out.push(letter);
            }
            'Q' => {
                let (quoted, rest) = self.rest.split_once(r"\E").unwrap_or((self.rest, ""));
                self.push(&regex::escape(quoted));
                self.rest = rest;
            }
            'C' => self.push("(?s:.)"),
            _ => self.escaped(letter, false),
        }
    }

    /// An escape that may stand within brackets too.
    fn escaped(&mut self, letter: char, inside: bool) {
        if let Some(class) = ascii_class(letter) {
            let class = if inside { class.to_owned() } else { format!("[{class}]") };
            return self.push(&class);
        }
        if let Some(class) = contrary_class(letter) {
            return self.push(class);
        }
        match letter {
            // Octal escapes; `\0` is one too.
            '0'..='7' if letter == '0' || self.rest.starts_with(|c: char| c.is_digit(8)) => self.octal(letter),
            'p' | 'P' | 'x' => self.braced(letter),
            'a' | 'f' | 't' | 'n' | 'r' | 'v' => self.push(&format!("\\{letter}")),
            'E' if !inside => {}
            _ if letter.is_ascii_alphanumeric() => self.push(&format!("\\{letter}")),
            _ => self.push(&escaped_literal(letter)),
        }
    }

    fn octal(&mut self, first: char) {
        let mut digits = first.to_string();
        while digits.len() < 3 && self.rest.starts_with(|c: char| c.is_digit(8)) {
            digits.extend(self.next());
        }
        let code = u32::from_str_radix(&digits, 8).unwrap_or_default();
        self.push(&format!("\\x{{{code:x}}}"));
    }

    /// `\p{…}`, `\pL`, `\x{…}`, `\xff`: braces belong to it.
    fn braced(&mut self, letter: char) {
        self.push(&format!("\\{letter}"));
        if self.rest.starts_with('{') {
            let end = self.rest.find('}').map_or(self.rest.len(), |end| end + 1);
            let inner = &self.rest[..end];
            self.out.push_str(inner);
            self.rest = &self.rest[end..];
        }
    }

    fn class(&mut self) {
        self.push("[");
        if self.rest.starts_with('^') {
            self.rest = &self.rest[1..];
            self.out.push('^');
        }
        let mut first = true;
        while let Some(letter) = self.next() {
            match letter {
                ']' if !first => {
                    self.out.push(']');
                    return;
                }
                '\\' => match self.next() {
                    Some(letter) => self.escaped(letter, true),
                    None => self.out.push('\\'),
                },
                '[' if self.rest.starts_with(':') && self.rest.contains(":]") => {
                    let end = self.rest.find(":]").map_or(0, |end| end + 2);
                    let name = &self.rest[..end];
                    self.out.push('[');
                    self.out.push_str(name);
                    self.rest = &self.rest[end..];
                }
                '-' => self.dash(first),
                ']' | '[' | '&' | '~' => self.out.push_str(&format!("\\{letter}")),
                other => self.out.push(other),
            }
            first = false;
        }
    }

    /// A dash makes a range only between two characters; behind a class, first or last, it stands for itself.
    fn dash(&mut self, first: bool) {
        let last = self.rest.starts_with(']');
        if !first && self.rest.starts_with('-') {
            // A range that ends with a dash.
            self.rest = &self.rest[1..];
            self.out.push_str(r"-\-");
            return;
        }
        let behind_class = self.out.ends_with("0-9") || self.out.ends_with("A-Za-z_") || self.out.ends_with("\\r ");
        let behind_class = behind_class || self.out.ends_with(']') && !self.out.ends_with("\\]");
        self.out.push_str(if first || last || behind_class { r"\-" } else { "-" });
    }
}

/// A character that stands for itself.
fn escaped_literal(letter: char) -> String {
    if letter.is_ascii_punctuation() && !matches!(letter, '<' | '>') {
        format!("\\{letter}")
    } else {
        letter.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Pattern};

    /// Whether a pattern of RE2 is found in a text.
    fn check(pattern: &str, text: &str, expected: bool) {
        let compiled = Pattern::new(pattern, Mode::ANYWHERE).unwrap_or_else(|why| panic!("{pattern}: {why}"));
        assert_eq!(compiled.matches(text), expected, "{pattern} on {text:?}");
    }

    #[test]
    fn angles_are_plain_characters() {
        check(r"\<a\>", "<a>", true);
        check(r"\<a\>", "a", false);
        check(r"[\<\>]", ">", true);
    }

    #[test]
    fn a_brace_that_repeats_nothing_is_plain() {
        check(r"{domain}", "x{domain}", true);
        check(r"\({.*}\)", "({a})", true);
        check(r"^a{2,3}$", "aaa", true);
        check(r"^a{2,3}$", "a", false);
        check(r"a{,3}", "a{,3}", true);
        check(r"({2})", "{2}", true);
        check(r"a{x", "a{x", true);
    }

    #[test]
    fn classes_are_of_ascii() {
        check(r"^\d$", "\u{0663}", false);
        check(r"^\w$", "\u{fc}", false);
        check(r"^[\w.-]+$", "a_1.-", true);
        check(r"^\W$", "\u{fc}", true);
        check(r"^\s$", "\u{a0}", false);
        check(r"^[^\s]$", "\u{a0}", true);
        check(r"\bpay\b", "\u{fc}pay", true);
        check(r"[\D]", "1", false);
        check(r"[\d-x]+$", "1-x", true);
        check(r"\p{Cyrillic}", "\u{436}", true);
        check(r"[\x{1F300}-\x{1F5FF}]", "\u{1F310}", true);
    }

    #[test]
    fn set_operators_are_plain_within_brackets() {
        check(r"^[a[b&&c~~d]+$", "[&~abcd", true);
        check(r"^[--/]+$", "-./", true);
        check(r"^[]a]+$", "]a", true);
        check(r"^[^]a]$", "b", true);
        check(r"^[[:alpha:]]+$", "ab", true);
        check(r"^[+--]+$", "+,-", true);
    }

    #[test]
    fn groups_keep_their_names_and_flags() {
        check(r"(?i)PAY", "pay", true);
        check(r"(?P<n>a)(?:b)(?<m>c)", "abc", true);
        check(r"\Qa.b\E+", "a.b", true);
        check(r"a\.b\-c\/d\_e", "a.b-c/d_e", true);
        check(r"^.$", "\n", false);
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        assert!(Pattern::new("(", Mode::ANYWHERE).expect_err("unclosed").contains("unclosed group"));
        assert!(Pattern::new(r"(?=a)", Mode::ANYWHERE).is_err());
    }

    #[test]
    fn a_whole_match_leaves_nothing_out() {
        let whole = Pattern::new("a|bc", Mode::WHOLE.folded()).expect("sound");
        assert!(whole.matches("BC") && !whole.matches("abc"));
    }
}

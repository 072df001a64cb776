//! Globs: `*` stands for any run of characters, `?` for one; nothing is escaped.

/// The glob as a regular expression for the whole text.
pub(super) fn translate(glob: &str) -> String {
    let mut out = String::from(r"(?s)\A");
    let mut literal = String::new();
    for letter in glob.chars() {
        let wild = match letter {
            '*' => ".*",
            '?' => ".",
            other => {
                literal.push(other);
                continue;
            }
        };
        out.push_str(&regex::escape(&std::mem::take(&mut literal)));
        out.push_str(wild);
    }
    out.push_str(&regex::escape(&literal));
    out.push_str(r"\z");
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Pattern};

    fn check(glob: &str, text: &str, expected: bool) {
        let pattern = Pattern::new(glob, Mode::GLOB).expect("every text is a glob");
        assert_eq!(pattern.matches(text), expected, "{glob} on {text:?}");
    }

    #[test]
    fn globs_stand_for_the_whole_text() {
        check("*pay*", "please pay\nnow", true);
        check("pay", "please pay", false);
        check("a?c", "aüc", true);
        check("a?c", "ac", false);
        check("a.c[1]", "a.c[1]", true);
        check("a.c", "abc", false);
        check("", "", true);
        check(r"\*", r"\x", true);
    }

    #[test]
    fn case_counts_unless_it_is_ignored() {
        check("PAY*", "payroll", false);
        let pattern = Pattern::new("PAY*", Mode::GLOB.folded()).expect("sound");
        assert!(pattern.matches("payroll"));
    }
}

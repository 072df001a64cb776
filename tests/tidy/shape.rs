//! How a file is to look: its head sentence, its length and that of its functions, its names, and words it may not hold.

use crate::source::{self, Source};
use crate::{Finding, finding};

/// The longest file, tests aside: what one can hold in mind.
pub const FILE_LINES_MAX: usize = 400;

/// The longest function, tests aside: what one can see at once.
pub const FUNCTION_LINES_MAX: usize = 70;

/// Panics allowed per 1,000 lines: room for a few invariants, not for a habit.
pub const PANICS_PER_1000_LINES_MAX: usize = 2;

/// Names that say nothing of what lives there.
const EMPTY_NAMES: [&str; 8] = ["util", "utils", "common", "core", "types", "helper", "helpers", "misc"];

/// The first line says what lives in the file.
pub fn check_head(source: &Source) -> Vec<Finding> {
    let first = source.text.lines().next().unwrap_or_default();
    let says = first.strip_prefix("//! ").is_some_and(|sentence| sentence.trim().len() > 3);
    let mend = "does not begin with a head sentence: write `//! ` and what lives here";
    if says { Vec::new() } else { vec![finding(&source.path, 1, mend)] }
}

/// File and functions are short enough.
pub fn check_lengths(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    let lines = source.product_lines();
    if lines > FILE_LINES_MAX {
        let message = format!("has {lines} lines, tests aside; at most {FILE_LINES_MAX}: split it by what it knows");
        found.push(finding(&source.path, 1, &message));
    }
    for function in source::functions(&source.product) {
        let lines = function_lines(source, &function);
        if lines > FUNCTION_LINES_MAX {
            let message = format!(
                "`{}` has {lines} lines; at most {FUNCTION_LINES_MAX}: give a part of it a name of its own",
                function.name
            );
            found.push(finding(&source.path, source.line(function.at.start), &message));
        }
    }
    found
}

/// Lines of a function from `fn` to its closing brace.
pub fn function_lines(source: &Source, function: &source::Function<'_>) -> usize {
    source.line(function.at.end - 1) - source.line(function.at.start) + 1
}

/// No file, folder or module has a name that says nothing.
pub fn check_names(source: &Source) -> Vec<Finding> {
    let mend = |name: &str| format!("is named `{name}`, which says nothing: name it after what lives there");
    let parts = source.path.split('/').map(|part| part.trim_end_matches(".rs"));
    let mut found: Vec<_> =
        parts.filter(|part| EMPTY_NAMES.contains(part)).map(|part| finding(&source.path, 1, &mend(part))).collect();
    let words = source::words(&source.code);
    let modules = words.windows(2).filter(|pair| pair[0].text == "mod" && EMPTY_NAMES.contains(&pair[1].text));
    found.extend(modules.map(|pair| finding(&source.path, source.line(pair[1].at.start), &mend(pair[1].text))));
    found
}

/// No unfinished work, in code, comment or page.
pub fn check_unfinished(path: &str, text: &str) -> Vec<Finding> {
    // In two halves, so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["to", "do!("], ["unimple", "mented!("]].map(|halves| halves.concat());
    let lines = text.lines().enumerate();
    lines
        .filter_map(|(index, line)| {
            let mark = marks.iter().find(|mark| line.contains(mark.as_str()))?;
            let message = format!("holds {mark}: finish it, leave it out, or file an issue");
            Some(finding(path, index + 1, &message))
        })
        .collect()
}

/// No unsafe code.
pub fn check_unsafe(source: &Source) -> Vec<Finding> {
    let words = source::words(&source.code);
    let found = words.iter().filter(|word| word.text == "unsafe");
    found.map(|word| finding(&source.path, source.line(word.at.start), "is unsafe: find a safe way")).collect()
}

/// Where a file can panic on purpose: the lines, tests aside.
pub fn panics(source: &Source) -> Vec<usize> {
    let words = source::words(&source.product);
    let panicking = words.iter().filter(|word| {
        let behind = &source.product[word.at.end..];
        let method = source.product[..word.at.start].trim_end().ends_with('.');
        match word.text {
            "unwrap" | "unwrap_err" => method && behind.starts_with("()"),
            // A parser's own `expect` takes no reason.
            "expect" | "expect_err" => method && source.text[word.at.end..].starts_with("(\""),
            "panic" | "unreachable" | "assert" | "assert_eq" | "assert_ne" => behind.starts_with('!'),
            _ => false,
        }
    });
    panicking.map(|word| source.line(word.at.start)).collect()
}

/// All files together keep the budget of panics, and none is a bare `unwrap`.
pub fn check_panics(sources: &[Source]) -> Vec<Finding> {
    let mut places = Vec::new();
    for source in sources {
        places.extend(panics(source).into_iter().map(|line| (source, line)));
    }
    let lines: usize = sources.iter().map(Source::product_lines).sum();
    let allowed = lines * PANICS_PER_1000_LINES_MAX / 1000;
    if places.len() <= allowed {
        return Vec::new();
    }
    let message = format!(
        "can panic: {} places in {lines} lines, {allowed} allowed: return an error, or a value that says what is missing",
        places.len()
    );
    places.into_iter().map(|(source, line)| finding(&source.path, line, &message)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assert_findings;

    fn source(text: &str) -> Source {
        Source::new("src/mail/name.rs", text)
    }

    #[test]
    fn a_file_begins_with_its_head_sentence() {
        assert_findings(&check_head(&source("//! The words.\n")), &[]);
        for text in ["use a;\n//! The words.\n", "", "//!\n", "// The words.\n", "\n//! The words."] {
            assert_findings(&check_head(&source(text)), &["src/mail/name.rs:1: does not begin with a head sentence"]);
        }
    }

    #[test]
    fn a_file_is_at_most_400_lines_tests_aside() {
        let tests = "#[cfg(test)]\nmod tests {\n    // long\n    fn f() {}\n}\n";
        let lines = |count: usize| "//! x\n".repeat(count);
        assert_findings(&check_lengths(&source(&format!("{}{tests}", lines(FILE_LINES_MAX)))), &[]);
        let found = check_lengths(&source(&format!("{}{tests}", lines(FILE_LINES_MAX + 1))));
        assert_findings(&found, &["src/mail/name.rs:1: has 401 lines"]);
    }

    #[test]
    fn a_function_is_at_most_70_lines_tests_aside() {
        let function = |lines: usize| format!("\nfn long() {{\n{}}}\n", "    a();\n".repeat(lines - 2));
        assert_findings(&check_lengths(&source(&function(FUNCTION_LINES_MAX))), &[]);
        let found = check_lengths(&source(&function(FUNCTION_LINES_MAX + 1)));
        assert_findings(&found, &["src/mail/name.rs:2: `long` has 71 lines"]);
        let test = format!("#[cfg(test)]\nmod tests {{{}}}", function(FUNCTION_LINES_MAX + 1));
        assert_findings(&check_lengths(&source(&test)), &[]);
    }

    #[test]
    fn names_say_something() {
        assert_findings(&check_names(&source("mod words {}")), &[]);
        assert_findings(&check_names(&source("\nmod helpers;")), &["src/mail/name.rs:2: is named `helpers`"]);
        assert_findings(&check_names(&Source::new("src/util/a.rs", "")), &["src/util/a.rs:1: is named `util`"]);
        assert_findings(&check_names(&Source::new("src/mail/core.rs", "")), &["src/mail/core.rs:1: is named `core`"]);
    }

    #[test]
    fn nothing_is_unfinished() {
        assert_findings(&check_unfinished("a.md", "all to do is done"), &[]);
        for word in [["// TO", "DO: x"], ["// FIX", "ME"], ["to", "do!()"], ["unimple", "mented!()"]] {
            assert_findings(&check_unfinished("a.rs", &format!("\n{}", word.concat())), &["a.rs:2: holds"]);
        }
    }

    #[test]
    fn code_is_safe() {
        assert_findings(&check_unsafe(&source("#![forbid(unsafe_code)] // unsafe\n\"unsafe\"")), &[]);
        assert_findings(&check_unsafe(&source("\nunsafe { f() }")), &["src/mail/name.rs:2: is unsafe"]);
    }

    #[test]
    fn panics_are_two_in_a_thousand_lines() {
        let kinds = "a.unwrap();\nb\n    .expect(\"why\");\npanic!();\nunreachable!();\nassert!(c);\n";
        assert_eq!(panics(&source(kinds)), [1, 3, 4, 5, 6]);
        let tame =
            "a.unwrap_or(1);\nb.expect(b'x');\ndebug_assert!(c);\n#[cfg(test)]\nmod t { fn f() { a.unwrap() } }\n";
        assert_eq!(panics(&source(tame)), [] as [usize; 0]);

        let long = |panics: usize| [source(&format!("{}{}", "x;\n".repeat(1000), "a.unwrap();\n".repeat(panics)))];
        assert_findings(&check_panics(&long(2)), &[]);
        assert_eq!(check_panics(&long(3)).len(), 3);
    }
}

//! Any text is an expression or a fault with its place, and what is printed of one parses to the same: of a text as it
//! is, and of a tree that the bytes build.

#![no_main]

use kith::rules::check::check;
use kith::rules::language::{parse, print};
use libfuzzer_sys::fuzz_target;

/// Values without parts.
const LEAVES: [&str; 12] =
    ["null", "true", "7", "2.5", "'a'", "\"\\n\"", "$own", "body.links", ".", "..", ".href_url", "f(a=1)"];
/// What makes a value of the two on top; `a` and `b` stand for them.
const FORMS: [&str; 18] = [
    "not (a)", "-(a)", "(a) is null", "(a).field", "(a)[b]", "(a)[b:]", "(a) and (b)", "(a) or (b)", "(a) == (b)",
    "(a) =~ (b)", "(a) + (b)", "(a) - (b)", "(a) * (b)", "(a) < (b) <= (a)", "(a) in (a, b)", "(a) not in~ [b]",
    "any(a, b)", "2 of (a, b)",
];
/// Longest source: doubling parts grow fast.
const SOURCE_BYTES_MAX: usize = 4_096;

/// The source of a tree: each byte puts a value on a stack, or makes one of those on top.
fn tree(bytes: &[u8]) -> String {
    let mut stack: Vec<String> = Vec::new();
    for byte in bytes {
        let number = usize::from(byte & 0x7f);
        if byte & 0x80 == 0 || stack.is_empty() {
            stack.push(LEAVES[number % LEAVES.len()].to_owned());
            continue;
        }
        let b = stack.pop().unwrap_or_default();
        let a = stack.pop().unwrap_or_else(|| b.clone());
        let form = FORMS[number % FORMS.len()];
        let made: String = form.split_inclusive(|c: char| !c.is_alphanumeric()).map(|word| part(word, &a, &b)).collect();
        stack.push(if made.len() > SOURCE_BYTES_MAX { "0".to_owned() } else { made });
    }
    stack.pop().unwrap_or_default()
}

/// A word of a form with its letters replaced.
fn part(word: &str, a: &str, b: &str) -> String {
    let end = word.char_indices().find(|(_, c)| !c.is_alphanumeric()).map_or(word.len(), |(at, _)| at);
    match word.split_at(end) {
        ("a", sign) => format!("{a}{sign}"),
        ("b", sign) => format!("{b}{sign}"),
        (other, sign) => format!("{other}{sign}"),
    }
}

fn try_source(source: &str) {
    match parse(source) {
        Ok(node) => {
            let printed = print(&node);
            assert_eq!(parse(&printed).as_ref(), Ok(&node), "{printed}");
            let _ = check(&node, None);
        }
        Err(fault) => {
            assert!(fault.at.start as usize <= source.len());
            let _ = fault.shown(source, "fuzz", 1, 0);
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    if let Ok(source) = std::str::from_utf8(bytes) {
        try_source(source);
    }
    try_source(&tree(bytes));
});

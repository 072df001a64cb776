//! The first names of all paths in a file: which rooms and which foreign crates its code speaks of.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::source::{self, Source};

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Into a room: `crate::auth`.
    Room(String),
    /// Into another crate, or a name of this file: `tokio::time`.
    Outside(String),
}

/// Where code speaks of something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    pub line: usize,
    pub target: Target,
    pub in_tests: bool,
}

/// All paths of a file, each target once a line.
pub fn paths(source: &Source) -> Vec<Mention> {
    let (imports, rest) = imports(source);
    let own = own_names(source, &imports);
    let modules = inline_modules(&source.code);
    let mut found = BTreeSet::new();
    let imported = imports.into_iter().map(|import| (import.at, import.path));
    for (at, path) in imported.chain(plain_paths(&rest)) {
        let inline = modules.iter().filter(|module| module.contains(&at)).count();
        match target(&path, &source.path, inline) {
            // Where a name of this file comes from, its `use` or `mod` has told.
            Some(Target::Outside(name)) if own.contains(&name) && !path[0].is_empty() => {}
            Some(target) => {
                let (line, in_tests) = (source.line(at), source.in_tests(at));
                found.insert(Mention { line, target, in_tests });
            }
            None => {}
        }
    }
    found.into_iter().collect()
}

struct Import {
    at: usize,
    path: Vec<String>,
    alias: String,
}

/// Every `use` with its tree expanded, and the code without them.
fn imports(source: &Source) -> (Vec<Import>, String) {
    let (mut found, mut rest) = (Vec::new(), source.code.clone());
    for word in source::words(&source.code).iter().filter(|word| word.text == "use") {
        let end = source.code[word.at.end..].find(';').map_or(source.code.len(), |semicolon| word.at.end + semicolon);
        // `impl Trait + use<'a>` is no import.
        if source.code[word.at.end..].trim_start().starts_with('<') {
            continue;
        }
        let mut trees = Vec::new();
        expand(source.code[word.at.end..end].trim(), &[], &mut trees);
        found.extend(trees.into_iter().map(|(path, alias)| Import { at: word.at.start, path, alias }));
        rest.replace_range(word.at.start..end, &" ".repeat(end - word.at.start));
    }
    (found, rest)
}

/// Expands `a::{b, c::d as e}` to its paths with the names under which they are known here.
fn expand(tree: &str, before: &[String], into: &mut Vec<(Vec<String>, String)>) {
    let tree = tree.trim();
    if let Some(opening) = tree.find('{') {
        let mut path = before.to_vec();
        path.extend(segments(&tree[..opening]));
        let inside = tree[opening + 1..].trim_end().trim_end_matches('}');
        split_top(inside).into_iter().for_each(|part| expand(part, &path, into));
        return;
    }
    let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
    let mut full = before.to_vec();
    // A leading `::` says "from outside", whatever this file declares; keep it.
    if before.is_empty() && path.starts_with("::") {
        full.push(String::new());
    }
    full.extend(segments(path).into_iter().filter(|segment| segment != "self" || before.is_empty()));
    if full.is_empty() {
        return;
    }
    let alias = alias.map_or_else(|| full.last().cloned().unwrap_or_default(), |alias| alias.trim().to_owned());
    into.push((full, alias));
}

/// Splits at the commas outside braces. Braces that close more than was opened are left to the caller.
fn split_top(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

fn segments(path: &str) -> Vec<String> {
    path.split("::").map(|segment| segment.trim().to_owned()).filter(|segment| !segment.is_empty()).collect()
}

/// Paths outside of `use`: a word with `::` behind it and no path before it.
fn plain_paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let words = source::words(code);
    let mut found = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let before = code[..word.at.start].trim_end();
        if !code[word.at.end..].starts_with("::") || (before.ends_with("::") && !is_global(before)) {
            continue;
        }
        let mut path = if is_global(before) { vec![String::new()] } else { Vec::new() };
        path.push(word.text.to_owned());
        let mut end = word.at.end;
        for next in &words[index + 1..] {
            if next.at.start != end + 2 || &code[end..next.at.start] != "::" {
                break;
            }
            path.push(next.text.to_owned());
            end = next.at.end;
        }
        found.push((word.at.start, path));
    }
    found
}

/// Whether the `::` at the end of a text begins a path, as in `(::time::now())`.
fn is_global(before: &str) -> bool {
    before
        .strip_suffix("::")
        .is_some_and(|rest| !rest.ends_with(|last: char| last.is_alphanumeric() || "_>)]}".contains(last)))
}

fn target(path: &[String], file: &str, inline: usize) -> Option<Target> {
    let first = path.first()?;
    let climbs = path.iter().take_while(|segment| *segment == "super").count();
    match first.as_str() {
        "crate" | "kith" => Some(Target::Room(path.get(1)?.clone())),
        // So many steps up that the path starts at the crate's root, as `crate::` would.
        "super" if climbs >= file_depth(file) + inline => Some(Target::Room(path.get(climbs)?.clone())),
        "super" | "self" | "Self" | "std" | "alloc" => None,
        "" => Some(Target::Outside(path.get(1)?.clone())),
        name => Some(Target::Outside(name.to_owned())),
    }
}

/// How deep below the crate's root the module of a file lies.
fn file_depth(path: &str) -> usize {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs");
    match inner {
        "lib" | "main" => 0,
        _ => inner.trim_end_matches("/mod").split('/').count(),
    }
}

/// The bytes of every `mod name { … }` of a file.
fn inline_modules(code: &str) -> Vec<Range<usize>> {
    let words = source::words(code);
    let modules = words.iter().filter(|word| word.text == "mod").filter_map(|word| {
        let opening = word.at.end + code[word.at.end..].find(['{', ';'])?;
        let end = source::matching(code, opening).filter(|_| code.as_bytes()[opening] == b'{')?;
        Some(opening..end)
    });
    modules.collect()
}

/// Names that this file declares as modules, or brought in by a `use` of more than the crate itself.
fn own_names(source: &Source, imports: &[Import]) -> BTreeSet<String> {
    let longer = imports.iter().filter(|import| import.path.len() > 1 && import.path[0] != import.alias);
    let words = source::words(&source.code);
    let modules = words.windows(2).filter(|pair| pair[0].text == "mod").map(|pair| pair[1].text.to_owned());
    longer.map(|import| import.alias.clone()).chain(modules).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, text: &str, expected: &[&str]) {
        let shown: Vec<_> = paths(&Source::new(file, text))
            .into_iter()
            .map(|mention| match mention.target {
                Target::Room(name) => format!("{} room {name}", mention.line),
                Target::Outside(name) => format!("{} {name}", mention.line),
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn use_trees_are_followed_to_their_first_names() {
        check("src/a/b.rs", "use crate::{auth::X, mail::{self, Y}};", &["1 room auth", "1 room mail"]);
        check("src/a/b.rs", "use std::{time::Duration, fs};\ntime::x();", &["2 time"]);
        check("src/a/b.rs", "use tokio::{time, net::TcpStream as S};\ntime::sleep(); S::new();", &["1 tokio"]);
        check("src/a/b.rs", "use clap::Parser;", &["1 clap"]);
        check("src/a/b.rs", "fn f() -> impl Iterator + use<'_> {}", &[]);
    }

    #[test]
    fn plain_paths_count_and_their_inner_names_do_not() {
        check("src/a/b.rs", "std::time::now(); crate::auth::f(); $crate::mail::X", &["1 room auth", "1 room mail"]);
        check("src/a/b.rs", "#[derive(clap::Parser)]\nstruct S;", &["1 clap"]);
        check("src/a/b.rs", "f(::time::now())", &["1 time"]);
        check("src/a/b.rs", "// crate::auth::f()\n\"crate::auth::f()\"", &[]);
        check("src/a/mod.rs", "mod model; pub use model::X;", &[]);
    }

    #[test]
    fn climbing_out_of_a_room_is_seen() {
        check("src/a/b.rs", "use super::super::auth::X;", &["1 room auth"]);
        check("src/a/b.rs", "use super::c::X;", &[]);
        check("src/a/b.rs", "mod tests { use super::super::c; }", &[]);
        check("src/a/mod.rs", "mod tests { use super::super::auth::X; }", &["1 room auth"]);
    }
}

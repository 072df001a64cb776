//! What must be listed somewhere: modules in their folder, signals in their level, entries at the top.

use std::collections::BTreeSet;

use crate::source::{self, Source};
use crate::{Finding, finding};

/// Everything at the top of the repository; a folder ends with `/`.
pub const TOP: [&str; 17] = [
    ".cargo/",
    ".ci/",
    ".clippy.toml",
    ".deny.toml",
    ".gitignore",
    ".rustfmt.toml",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "conf/",
    "models/",
    "packaging/",
    "rust-toolchain.toml",
    "src/",
    "tests/",
];

/// What may be missing at the top: settings of tools.
const TOP_OPTIONAL: [&str; 3] = [".cargo/", ".deny.toml", "rust-toolchain.toml"];

/// The longest README: one screen for newcomers, one for administrators; the rest are links.
pub const README_LINES_MAX: usize = 100;

/// The top level holds what the house knows, no more and no less.
pub fn check_top(entries: &[String]) -> Vec<Finding> {
    let unknown = entries.iter().filter(|entry| !TOP.contains(&entry.as_str()));
    let mut found: Vec<_> = unknown
        .map(|entry| finding(entry, 1, "is not at home at the top level: put it into the folder where it belongs"))
        .collect();
    let missing = TOP.iter().filter(|name| !TOP_OPTIONAL.contains(name) && !entries.iter().any(|e| e == *name));
    found.extend(missing.map(|name| finding(name, 1, "is missing at the top level")));
    found
}

/// README stays short.
pub fn check_readme(text: &str) -> Vec<Finding> {
    let lines = text.lines().count();
    let message = format!("has {lines} lines; at most {README_LINES_MAX}: link to what is longer");
    if lines > README_LINES_MAX { vec![finding("README.md", README_LINES_MAX + 1, &message)] } else { Vec::new() }
}

/// Every file of `src/` is named by the file of the module above it, so that none lies there unbuilt.
pub fn check_orphans(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    for source in sources {
        let Some((parents, name)) = module_of(&source.path) else { continue };
        // A file beside it may name it by `#[path = "…"]`.
        let (folder, file) = source.path.rsplit_once('/').unwrap_or_default();
        let path = format!("#[path = \"{file}\"]");
        let built = sources.iter().any(|other| {
            parents.contains(&other.path) && names(&other.code, name)
                || other.path.starts_with(folder) && other.text.contains(&path)
        });
        if !built {
            let message = format!("is not built: name `{name}` in {}", parents.join(" or "));
            found.push(finding(&source.path, 1, &message));
        }
    }
    found
}

/// Takes the files for tests whose modules are built only for them: declared behind `#[cfg(test)]`, or called tests.
pub fn tests_apart(sources: Vec<Source>) -> Vec<Source> {
    let of_tests = |source: &Source| {
        let Some((parents, name)) = module_of(&source.path) else { return false };
        let above: Vec<_> = sources.iter().filter(|other| parents.contains(&other.path)).collect();
        let declared = above.iter().any(|other| names(&other.code, name));
        name.ends_with("tests") || declared && !above.iter().any(|other| names(&other.product, name))
    };
    let marks: Vec<_> = sources.iter().map(of_tests).collect();
    let marked = sources.into_iter().zip(marks);
    marked.map(|(source, tests)| if tests { source.into_tests() } else { source }).collect()
}

fn names(code: &str, name: &str) -> bool {
    source::words(code).iter().any(|word| word.text == name)
}

/// The files that may declare the module of a file, and its name. `None` for the crate's roots.
fn module_of(path: &str) -> Option<(Vec<String>, &str)> {
    let module = path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs"))?;
    let (folder, name) = module.rsplit_once('/')?;
    if path == "src/lib.rs" || path == "src/main.rs" {
        return None;
    }
    let parents = match folder {
        "src" => vec!["src/lib.rs".to_owned(), "src/main.rs".to_owned()],
        _ => vec![format!("{folder}/mod.rs"), format!("{folder}.rs")],
    };
    Some((parents, name))
}

/// Every signal stands in its level's list `signals! { … }`, has tests, and every name of the list has its file.
pub fn check_signals(sources: &[Source]) -> Vec<Finding> {
    let mut found = Vec::new();
    let in_level = |path: &str| path.strip_prefix("src/signals/").is_some_and(|rest| rest.contains('/'));
    for list in sources.iter().filter(|source| in_level(&source.path) && source.path.ends_with("/mod.rs")) {
        let folder = list.path.trim_end_matches("mod.rs");
        let names = listed(list, "signals");
        let files: Vec<_> = sources.iter().filter(|s| s.path.starts_with(folder) && s.path != list.path).collect();
        let mut stems = BTreeSet::new();
        for file in files {
            let stem = file.path[folder.len()..].trim_end_matches(".rs");
            stems.insert(stem.to_owned());
            if !names.contains(stem) {
                let message = format!("is in no list: add `{stem}` to `signals! {{ … }}` of {}", list.path);
                found.push(finding(&file.path, 1, &message));
            }
            if !file.code.contains("#[cfg(test)]") {
                found.push(finding(&file.path, 1, "is a signal without a test: show where it speaks and where not"));
            }
        }
        let gone = names.iter().filter(|name| !stems.contains(*name));
        found.extend(gone.map(|name| finding(&list.path, 1, &format!("lists `{name}`, which has no file {name}.rs"))));
    }
    found
}

/// Every subcommand stands in the room's list, so that `kith --help` knows it.
pub fn check_subcommands(sources: &[Source]) -> Vec<Finding> {
    let Some(list) = sources.iter().find(|source| source.path == "src/cli/mod.rs") else { return Vec::new() };
    let files = sources.iter().filter(|source| source.path.starts_with("src/cli/") && source.path != list.path);
    let unlisted = files.filter_map(|file| {
        let stem = file.path.trim_start_matches("src/cli/").trim_end_matches("/mod.rs").trim_end_matches(".rs");
        // What lies in a subcommand's own folder is that subcommand's business.
        let own = !stem.contains('/') && !names(&list.product, stem);
        own.then(|| finding(&file.path, 1, &format!("is no subcommand: name `{stem}` in src/cli/mod.rs")))
    });
    unlisted.collect()
}

/// The names in `list! { a, b }` or `list! { Kind { a, b } }` of a file; empty where it has none.
fn listed(source: &Source, list: &str) -> BTreeSet<String> {
    let code = &source.product;
    let words = source::words(code);
    let opening = words.iter().find_map(|word| {
        let behind = code[word.at.end..].strip_prefix('!')?;
        let bracket = word.at.end + 1 + (behind.len() - behind.trim_start().len());
        (word.text == list && code[bracket..].starts_with(['{', '(', '['])).then_some(bracket)
    });
    let range = opening.and_then(|opening| Some(opening..source::matching(code, opening)?)).unwrap_or_default();
    let names = words.iter().filter(|word| range.contains(&word.at.start));
    let names = names.filter(|word| !code[word.at.end..].trim_start().starts_with('{'));
    names.map(|word| word.text.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assert_findings;

    #[test]
    fn the_top_level_is_known() {
        let top: Vec<String> = TOP.iter().map(|name| (*name).to_owned()).collect();
        assert_findings(&check_top(&top), &[]);
        let more = [&top[..], &["docs/".to_owned()]].concat();
        assert_findings(&check_top(&more), &["docs/:1: is not at home"]);
        let less: Vec<String> =
            top.iter().filter(|name| *name != "models/" && *name != ".deny.toml").cloned().collect();
        assert_findings(&check_top(&less), &["models/:1: is missing"]);
    }

    #[test]
    fn readme_is_at_most_100_lines() {
        assert_findings(&check_readme(&"x\n".repeat(README_LINES_MAX)), &[]);
        assert_findings(&check_readme(&"x\n".repeat(README_LINES_MAX + 1)), &["README.md:101: has 101 lines"]);
    }

    #[test]
    fn every_file_is_built() {
        let sources = [
            Source::new("src/lib.rs", "pub mod auth; // pub mod mail;"),
            Source::new("src/auth/mod.rs", "mod spf;"),
            Source::new("src/auth/spf.rs", "mod macros;"),
            Source::new("src/auth/spf/macros.rs", ""),
            Source::new("src/auth/spf_tests.rs", ""),
            Source::new("src/auth/dkim.rs", "#[cfg(test)]\n#[path = \"spf_tests.rs\"]\nmod tests;"),
            Source::new("src/mail/mod.rs", ""),
        ];
        let expected = ["src/auth/dkim.rs:1: is not built: name `dkim`", "src/mail/mod.rs:1: is not built"];
        assert_findings(&check_orphans(&sources), &expected);
    }

    #[test]
    fn files_of_test_modules_are_tests() {
        let sources = tests_apart(vec![
            Source::new("src/auth/mod.rs", "mod spf;\n#[cfg(test)]\nmod zone;"),
            Source::new("src/auth/spf.rs", "a();"),
            Source::new("src/auth/spf_tests.rs", "b();"),
            Source::new("src/auth/zone.rs", "c();"),
        ]);
        let lines: Vec<_> = sources.iter().map(|source| (source.product_lines(), source.product.trim())).collect();
        assert_eq!(lines, [(1, "mod spf;"), (1, "a();"), (0, ""), (0, "")]);
    }

    #[test]
    fn signals_and_their_lists_agree() {
        let signal = "fn measure() {}\n#[cfg(test)]\nmod tests {}\n";
        let sources = [
            Source::new("src/signals/mod.rs", "mod link;"),
            Source::new("src/signals/registry.rs", "macro_rules! signals {}"),
            Source::new(
                "src/signals/link/mod.rs",
                "use super::signals;\nsignals! {\n    Link {\n        label_differs,\n        gone,\n    }\n}\n",
            ),
            Source::new("src/signals/link/label_differs.rs", signal),
            Source::new("src/signals/link/unlisted.rs", signal),
        ];
        let expected = [
            "src/signals/link/unlisted.rs:1: is in no list",
            "src/signals/link/mod.rs:1: lists `gone`, which has no file",
        ];
        assert_findings(&check_signals(&sources), &expected);
        let untested = [
            Source::new("src/signals/link/mod.rs", "signals![a];"),
            Source::new("src/signals/link/a.rs", "fn measure() {}"),
        ];
        assert_findings(&check_signals(&untested), &["src/signals/link/a.rs:1: is a signal without a test"]);
    }

    #[test]
    fn subcommands_are_listed() {
        let sources = [
            Source::new("src/cli/mod.rs", "subcommands! { scan }\n#[cfg(test)]\nmod tests { fn f() { serve() } }"),
            Source::new("src/cli/scan.rs", ""),
            Source::new("src/cli/scan/table.rs", ""),
            Source::new("src/cli/serve.rs", ""),
        ];
        assert_findings(&check_subcommands(&sources), &["src/cli/serve.rs:1: is no subcommand"]);
    }
}

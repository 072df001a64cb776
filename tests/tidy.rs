//! The rules of the house, run against the tree: each finding names file, line and the mend.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "tidy/lists.rs"]
mod lists;
#[path = "tidy/paths.rs"]
mod paths;
#[path = "tidy/rooms.rs"]
mod rooms;
#[path = "tidy/shape.rs"]
mod shape;
#[path = "tidy/source.rs"]
mod source;

use source::Source;

/// A breach of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    path: String,
    line: usize,
    message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// A breach of a rule at a place.
pub fn finding(path: &str, line: usize, message: &str) -> Finding {
    Finding { path: path.to_owned(), line, message: message.to_owned() }
}

/// Findings are as expected, each given by how it begins.
#[track_caller]
pub fn assert_findings(found: &[Finding], expected: &[&str]) {
    let shown: Vec<_> = found.iter().map(Finding::to_string).collect();
    let agree = shown.len() == expected.len() && shown.iter().zip(expected).all(|(is, begins)| is.starts_with(begins));
    assert!(agree, "found {shown:#?}\nexpected {expected:#?}");
}

#[track_caller]
fn assert_tidy(found: impl IntoIterator<Item = Finding>) {
    let found: Vec<_> = found.into_iter().map(|finding| format!("  {finding}\n")).collect();
    assert!(found.is_empty(), "{} to mend:\n{}", found.len(), found.concat());
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below a folder of the repository whose names end so, as paths from the root, in order.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let (mut folders, mut found) = (vec![root().join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(path) = path.strip_prefix(root()) {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.retain(|path| path.ends_with(ending));
    found.sort();
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} cannot be read: {error}"))
}

fn sources(folder: &str) -> Vec<Source> {
    lists::tests_apart(files(folder, ".rs").iter().map(|path| Source::new(path, &read(path))).collect())
}

fn rust() -> Vec<Source> {
    sources("src").into_iter().chain(sources("tests")).collect()
}

#[test]
fn the_table_of_rooms_points_only_up() {
    assert_tidy(rooms::check_table(&rooms::table(&read(rooms::TABLE)), &read("Cargo.toml")));
}

#[test]
fn every_room_has_a_row_and_every_row_a_room() {
    let sources = sources("src");
    let mut names: Vec<_> = sources.iter().filter_map(|s| rooms::room_of(&s.path)).map(str::to_owned).collect();
    names.dedup();
    assert_tidy(rooms::check_rooms(&rooms::table(&read(rooms::TABLE)), &names));
}

#[test]
fn rooms_use_what_their_rows_list() {
    let table = rooms::table(&read(rooms::TABLE));
    assert_tidy(sources("src").iter().flat_map(|source| rooms::check_paths(&table, source)));
}

#[test]
fn pure_rooms_stay_pure() {
    assert_tidy(sources("src").iter().flat_map(rooms::check_purity));
}

#[test]
fn every_file_begins_with_its_head_sentence() {
    assert_tidy(rust().iter().flat_map(shape::check_head));
}

#[test]
fn files_and_functions_are_short() {
    assert_tidy(sources("src").iter().flat_map(shape::check_lengths));
}

#[test]
fn names_say_what_lives_there() {
    assert_tidy(rust().iter().flat_map(shape::check_names));
}

#[test]
fn nothing_is_unfinished() {
    let mut pages = files("packaging", "");
    for (folder, ending) in
        [("src", ""), ("conf", ""), (".ci", ""), ("tests", ".rs"), ("tests", ".sh"), ("tests", ".md")]
    {
        pages.extend(files(folder, ending));
    }
    pages.push("README.md".to_owned());
    assert_tidy(pages.iter().flat_map(|path| shape::check_unfinished(path, &read(path))));
}

#[test]
fn nothing_is_unsafe() {
    assert_tidy(rust().iter().flat_map(shape::check_unsafe));
}

#[test]
fn panics_keep_their_budget() {
    assert_tidy(shape::check_panics(&sources("src")));
}

#[test]
fn every_source_file_is_built() {
    assert_tidy(lists::check_orphans(&sources("src")));
}

#[test]
fn signals_are_listed_and_tested() {
    assert_tidy(lists::check_signals(&sources("src")));
}

#[test]
fn subcommands_are_listed() {
    assert_tidy(lists::check_subcommands(&sources("src")));
}

#[test]
fn readme_is_short() {
    assert_tidy(lists::check_readme(&read("README.md")));
}

#[test]
fn the_top_level_is_the_house_page_s() {
    // What git ignores is nobody's concern.
    let ignored = [".git", ".cache", "target"];
    let named = entries(root()).into_iter().filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let shown = if path.is_dir() { format!("{name}/") } else { name.clone() };
        (!ignored.contains(&name.as_str())).then_some(shown)
    });
    assert_tidy(lists::check_top(&named.collect::<Vec<_>>()));
}

/// Prints how the tree stands to the aims of the house; run with `--nocapture`.
#[test]
fn the_measures_of_the_tree_can_be_taken() {
    let (product, tests) = (sources("src"), sources("tests"));
    let mut files: Vec<_> = product.iter().map(Source::product_lines).collect();
    let mut functions: Vec<_> = product
        .iter()
        .flat_map(|s| {
            source::functions(&s.product).into_iter().map(|f| shape::function_lines(s, &f)).collect::<Vec<_>>()
        })
        .collect();
    let lines: usize = files.iter().sum();
    let unit: usize = product.iter().map(|s| s.text.lines().count()).sum::<usize>() - lines;
    let suite: usize = tests.iter().map(|s| s.text.lines().count()).sum();
    let comments = product.iter().flat_map(|s| s.text.lines().zip(s.product.lines()));
    let comments =
        comments.filter(|(text, code)| text.trim_start().starts_with("//") && code.trim().is_empty()).count();
    let panics: usize = product.iter().map(|s| shape::panics(s).len()).sum();
    println!("files {} lines {lines} unit tests {unit} other tests {suite}", product.len());
    println!("file lines: median {} p90 {} max {}", part(&mut files, 50), part(&mut files, 90), part(&mut files, 100));
    println!("function lines: p90 {} max {}", part(&mut functions, 90), part(&mut functions, 100));
    println!("comments {} in 100 lines, panics {panics}", comments * 100 / lines.max(1));
    assert!(lines > 0);
}

fn part(sorted: &mut [usize], hundredths: usize) -> usize {
    sorted.sort_unstable();
    sorted.get((sorted.len().saturating_sub(1)) * hundredths / 100).copied().unwrap_or_default()
}

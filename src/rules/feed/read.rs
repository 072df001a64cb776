//! Reading a feed from disk: once, before any message.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Entity, Problem, Report};
use crate::rules::check::{Checked, check, check_condition};
use crate::rules::language::{Node, SOURCE_BYTES_MAX, parse};
use crate::rules::lists::Lists;

/// Files of one feed that are read. The public one has 1,587.
const FILES_MAX: usize = 100_000;
/// Depth of folders.
const DEPTH_MAX: usize = 16;

/// A rule that can be run.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The file it stands in.
    pub path: PathBuf,
    /// What it says of itself.
    pub entity: Entity,
    /// Its source as a tree.
    pub node: Node,
    /// Its source, checked.
    pub checked: Checked,
}

/// Why a feed cannot be read.
#[derive(Debug)]
pub struct ReadError {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub cause: io::Error,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} cannot be read: {}", self.path.display(), self.cause)
    }
}

impl std::error::Error for ReadError {}

/// Reads a file, or each `.yml` and `.yaml` file below a folder, in the order of their paths. A rule with a fault is
/// refused alone and stands in the report.
///
/// # Errors
/// The path cannot be read. A file below it that cannot be read is a problem of the report.
pub fn read(path: &Path, lists: Option<&Lists>) -> Result<(Vec<Rule>, Report), ReadError> {
    let mut files = Vec::new();
    if path.is_dir() {
        walk(path, 0, &mut files)?;
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    let (mut rules, mut report) = (Vec::new(), Report::default());
    for file in files {
        let yaml = fs::metadata(&file).and_then(|meta| match meta.len() > SOURCE_BYTES_MAX as u64 {
            true => Err(io::Error::other(format!("it has more than {SOURCE_BYTES_MAX} bytes"))),
            false => fs::read_to_string(&file),
        });
        let yaml = match yaml {
            Ok(yaml) => yaml,
            Err(cause) if file == path => return Err(ReadError { path: file, cause }),
            Err(cause) => {
                report.files += 1;
                report.errors.push(Problem::of_file(&file, 1, format!("this file cannot be read: {cause}")));
                continue;
            }
        };
        report.files += 1;
        match read_rule(&file, &yaml, lists, &mut report) {
            Ok(rule) => rules.push(rule),
            Err(problem) => report.errors.push(problem),
        }
    }
    Ok((rules, report))
}

/// Reads one rule, and counts how far it came.
///
/// # Errors
/// What is wrong with it.
pub fn read_rule(path: &Path, yaml: &str, lists: Option<&Lists>, report: &mut Report) -> Result<Rule, Problem> {
    let entity = Entity::read(yaml).map_err(|(message, place)| Problem::of_file(path, place.line, message))?;
    report.entities += 1;
    let refused = |fault| Problem::of_source(path, &entity, fault);
    let node = parse(&entity.source).map_err(refused)?;
    report.parsed += 1;
    let checked = if entity.kind.is_condition() { check_condition(&node, lists) } else { check(&node, lists) };
    let checked = checked.map_err(refused)?;
    report.count(&checked);
    Ok(Rule { path: path.to_owned(), entity, node, checked })
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), ReadError> {
    let refused = |cause| ReadError { path: folder.to_owned(), cause };
    for entry in fs::read_dir(folder).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(refused)?);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden && depth < DEPTH_MAX {
            walk(&path, depth + 1, files)?;
        } else if path.extension().is_some_and(|kind| kind == "yml" || kind == "yaml") && files.len() < FILES_MAX {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(source: &str) -> String {
        format!("name: own\ntype: rule\nsource: |\n  {source}\n")
    }

    #[test]
    fn a_rule_with_a_fault_is_refused_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        fs::create_dir(folder.path().join("more")).expect("made");
        write("a.yml", &rule("type.inbound and length(body.links) > 2"));
        write("b.yaml", &rule("type.inbond"));
        write("more/c.yml", &rule("beta.ocr(attachments[0]).success and 'a' in $own"));
        write("d.yml", &rule("type.inbound and"));
        write("readme.md", "no rule");
        let (rules, report) = read(folder.path(), None).expect("readable");
        assert_eq!(rules.len(), 2);
        assert_eq!((report.files, report.entities, report.parsed, report.typed, report.evaluable), (4, 4, 3, 2, 1));
        assert_eq!(report.missing.keys().collect::<Vec<_>>(), ["$own", "beta.ocr()"]);
        assert_eq!((report.errors[0].line, report.errors[0].column), (4, 8));
        assert_eq!(report.errors[0].hint.as_deref(), Some("did you mean `inbound`?"));
        assert_eq!((report.errors[1].line, report.errors[1].message.as_str()), (5, "expected a value, found the end"));
    }

    #[test]
    fn a_path_that_is_not_there_is_an_error() {
        let error = read(Path::new("/no/such/folder"), None).expect_err("not there");
        assert!(error.to_string().starts_with("/no/such/folder cannot be read"), "{error}");
    }
}

//! The files that rules and lists come from, and whether they have changed.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::States;
use crate::files::Signatures;
use crate::mail::Organisation;
use crate::rules::feed::{self, EntityKind, Problem, ReadError, Rule};
use crate::rules::lists::Lists;
use crate::rules::settings::Settings;

/// Files that are looked at for changes: as many as a feed may have.
const FILES_MAX: usize = 50_000;
/// Folders within folders that are looked at.
const DEPTH_MAX: usize = 16;

/// What was read.
pub(super) struct Read {
    pub(super) rules: Vec<Rule>,
    pub(super) lists: Lists,
    pub(super) signatures: Signatures,
    pub(super) files: usize,
    pub(super) refused: Vec<Problem>,
}

/// Reads the rules that are run while mail passes, and the lists that they name. A rule with a fault is refused alone.
///
/// # Errors
/// A folder that the settings name cannot be read.
pub(super) fn read(settings: &Settings, organisation: &Organisation) -> Result<Read, ReadError> {
    let mut lists = Lists::of(organisation);
    for folder in &settings.lists {
        lists.read_folder(folder).map_err(|cause| ReadError { path: folder.clone(), cause })?;
    }
    let (signatures, unread) = feed::signatures(settings.paths.iter().map(PathBuf::as_path));
    let refused = unread.into_iter().map(|(file, why)| Problem::of_file(Path::new(&file), 1, why)).collect();
    let mut read = Read { rules: Vec::new(), lists, signatures, files: 0, refused };
    for path in &settings.paths {
        let (rules, report) = feed::read(path, Some(&read.lists))?;
        read.files += report.files;
        read.refused.extend(report.errors);
        let runs =
            |rule: &Rule| rule.entity.active && !matches!(rule.entity.kind, EntityKind::Query | EntityKind::TriageRule);
        read.rules.extend(rules.into_iter().filter(runs));
    }
    Ok(read)
}

/// A number that is another one as soon as a file of the rules, lists or promotions has changed.
pub(super) fn fingerprint(settings: &Settings, state: Option<&Path>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut left = FILES_MAX;
    let promotions = state.map(States::path);
    let paths: Vec<&PathBuf> = settings.paths.iter().chain(&settings.lists).chain(promotions.as_ref()).collect();
    for path in paths {
        note(path, 0, &mut left, &mut hasher);
    }
    hasher.finish()
}

fn note(path: &Path, depth: usize, left: &mut usize, hasher: &mut DefaultHasher) {
    let Ok(about) = fs::metadata(path) else { return };
    if *left == 0 {
        return;
    }
    *left -= 1;
    if about.is_dir() {
        let Ok(entries) = fs::read_dir(path) else { return };
        let mut inner: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        inner.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
        inner.sort();
        if depth < DEPTH_MAX {
            inner.iter().for_each(|path| note(path, depth + 1, left, hasher));
        }
        return;
    }
    path.hash(hasher);
    about.len().hash(hasher);
    if let Ok(modified) = about.modified() {
        modified.hash(hasher);
    }
}

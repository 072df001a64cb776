//! The YARA rules that lie beside the rules of a feed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files::Signatures;

/// Files that are read.
const FILES_MAX: usize = 2_000;
/// How deep folders are gone into.
const DEPTH_MAX: usize = 8;

/// Compiles the YARA rules below folders, and says for each file that was left out why.
pub fn signatures<'a>(folders: impl IntoIterator<Item = &'a Path>) -> (Signatures, Vec<(String, String)>) {
    let mut files = Vec::new();
    folders.into_iter().for_each(|folder| walk(folder, 0, &mut files));
    files.sort();
    let mut unread = Vec::new();
    let sources: Vec<(String, String)> = files
        .into_iter()
        .filter_map(|file| {
            let name = file.display().to_string();
            match fs::read_to_string(&file) {
                Ok(source) => Some((name, source)),
                Err(error) => {
                    unread.push((name, error.to_string()));
                    None
                }
            }
        })
        .collect();
    let (signatures, refused) =
        Signatures::compile(sources.iter().map(|(name, source)| (name.as_str(), source.as_str())));
    unread.extend(refused);
    (signatures, unread)
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let kind = path.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if path.is_dir() && depth < DEPTH_MAX {
            walk(&path, depth + 1, files);
        } else if matches!(kind, "yar" | "yara") && files.len() < FILES_MAX {
            files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_found_below_the_folder_and_bad_ones_named() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("yara")).expect("made");
        fs::write(folder.path().join("yara/a.yar"), "rule a { condition: filesize > 2 }").expect("written");
        fs::write(folder.path().join("b.yara"), "rule b {").expect("written");
        let (signatures, refused) = signatures([folder.path()]);
        assert_eq!((signatures.count(), refused.len()), (1, 1));
        assert!(refused[0].0.ends_with("b.yara"), "{refused:?}");
        assert_eq!(super::signatures([Path::new("/no/such/folder")]).0.count(), 0);
    }
}

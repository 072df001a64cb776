//! Which files a table has.

use std::fs;
use std::io;
use std::path::Path;

use super::partition::{Part, Partition};

/// The files of a table below the folder of tables, by day, hour and number. Drafts and files of others are not among them.
pub(super) fn parts(root: &Path, table: &str) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    for date_folder in names(&root.join(table))? {
        let Some(date) = date_folder.strip_prefix("date=") else { continue };
        for hour_folder in names(&root.join(table).join(&date_folder))? {
            let Some(hour) = hour_folder.strip_prefix("hour=") else { continue };
            for file in names(&root.join(table).join(&date_folder).join(&hour_folder))? {
                let Some(sequence) = file.strip_suffix(".parquet").and_then(|number| number.parse().ok()) else {
                    continue;
                };
                let partition = Partition { date: date.to_owned(), hour: hour.to_owned() };
                let name = format!("{table}/{date_folder}/{hour_folder}/{file}");
                parts.push(Part { partition: Some(partition), name, sequence });
            }
        }
    }
    parts.sort_unstable();
    Ok(parts)
}

/// Drafts below the folder of tables, whole or not.
pub(super) fn drafts(root: &Path, table: &str) -> io::Result<Vec<String>> {
    let mut drafts = Vec::new();
    for date in names(&root.join(table))? {
        for hour in names(&root.join(table).join(&date))? {
            let folder = format!("{table}/{date}/{hour}");
            let is_draft = |name: &String| name.starts_with('.') && name.ends_with(".draft");
            let found = names(&root.join(&folder))?.into_iter().filter(is_draft);
            drafts.extend(found.map(|name| format!("{folder}/{name}")));
        }
    }
    Ok(drafts)
}

/// The names in a folder; none where there is no such folder.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let listing = match fs::read_dir(folder) {
        Err(error) if [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory].contains(&error.kind()) => {
            return Ok(Vec::new());
        }
        listing => listing?,
    };
    let mut names = Vec::new();
    for file in listing {
        names.extend(file?.file_name().into_string());
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finished_files_are_listed() {
        let root = tempfile::tempdir().expect("a directory");
        let folder = root.path().join("decisions/date=2026-11-25/hour=07");
        fs::create_dir_all(&folder).expect("made");
        for name in ["00000002.parquet", "00000001.parquet", ".00000003.draft", "notes.txt", "other.parquet"] {
            fs::write(folder.join(name), "").expect("written");
        }
        fs::write(root.path().join("decisions/README"), "").expect("written");
        let parts = parts(root.path(), "decisions").expect("listed");
        assert_eq!(parts.iter().map(|part| part.sequence).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(parts[0].name, "decisions/date=2026-11-25/hour=07/00000001.parquet");
    }
}

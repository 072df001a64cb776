//! Taking a set of rules from elsewhere: verified beside the old one, which it then replaces and which is kept.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::feed::{self, ReadError};

/// Files of one set that are copied.
const FILES_MAX: usize = 50_000;
/// Bytes of one set: feeds of thousands of rules have some ten million.
const BYTES_MAX: u64 = 512 << 20;
/// Folders within folders.
const DEPTH_MAX: usize = 16;

/// What was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Files that are rules.
    pub files: usize,
    /// Those that are refused.
    pub refused: usize,
    /// Where the set that stood there before is kept, where there was one.
    pub previous: Option<PathBuf>,
}

/// Why a set of rules was not taken. The one that stood there before still does.
#[derive(Debug)]
pub enum FetchError {
    /// The system's git could not fetch it: what it says.
    Git(String),
    /// A file or folder cannot be read or written.
    Io(PathBuf, io::Error),
    /// It cannot be read as rules.
    Read(ReadError),
    /// It has more files or bytes than a set may have.
    TooLarge,
    /// It holds no rule.
    Empty,
    /// More of its rules are refused than may be: how many of how many.
    Broken(usize, usize),
    /// There is no set before this one.
    NoPrevious(PathBuf),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Git(words) => write!(f, "git could not fetch it: {words}"),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Read(error) => error.fmt(f),
            Self::TooLarge => write!(f, "it has more than {FILES_MAX} files or {} MiB", BYTES_MAX >> 20),
            Self::Empty => f.write_str("it holds no rule; the old rules stay"),
            Self::Broken(refused, all) => write!(f, "{refused} of its {all} rules are refused; the old rules stay"),
            Self::NoPrevious(path) => write!(f, "there is no earlier set in {}", path.display()),
        }
    }
}

impl std::error::Error for FetchError {}

/// The place of the set that stood in a folder before.
fn previous(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".previous");
    folder.with_file_name(name)
}

/// Takes a set of rules from a git URL or a folder into a folder, if no greater share of its rules is refused than may
/// be. The set that stood there is kept beside it.
///
/// # Errors
/// Why it was not taken.
pub fn fetch(source: &str, folder: &Path, refused_share_max: f64) -> Result<Fetched, FetchError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |error| FetchError::Io(path, error)
    };
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(at(parent))?;
    // In the same folder: only there is a rename one step.
    let fresh = tempfile::Builder::new().prefix(".rules-").tempdir_in(parent).map_err(at(parent))?;
    let inner = fresh.path().join("set");
    if Path::new(source).is_dir() {
        copy(Path::new(source), &inner, 0, &mut Left { files: FILES_MAX, bytes: BYTES_MAX })?;
    } else {
        clone(source, &inner)?;
    }
    let (files, refused) = verify(&inner, refused_share_max)?;
    let old = previous(folder);
    let had = folder.exists();
    if had {
        remove(&old)?;
        fs::rename(folder, &old).map_err(at(folder))?;
    }
    if let Err(error) = fs::rename(&inner, folder) {
        if had {
            // Nothing stands in its place: what was moved away is moved back.
            fs::rename(&old, folder).map_err(at(folder))?;
        }
        return Err(FetchError::Io(folder.to_owned(), error));
    }
    Ok(Fetched { files, refused, previous: had.then_some(old) })
}

/// Puts the set that stood in a folder before in its place again; another call undoes it.
///
/// # Errors
/// There is none, or it cannot be moved.
pub fn roll_back(folder: &Path) -> Result<(), FetchError> {
    let old = previous(folder);
    if !old.is_dir() {
        return Err(FetchError::NoPrevious(old));
    }
    let mut aside = folder.file_name().unwrap_or_default().to_owned();
    aside.push(".aside");
    let aside = folder.with_file_name(aside);
    remove(&aside)?;
    for (from, to) in [(folder, &aside), (&old, &folder.to_owned()), (aside.as_path(), &old)] {
        if from.exists() {
            fs::rename(from, to).map_err(|error| FetchError::Io(from.to_owned(), error))?;
        }
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), FetchError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(FetchError::Io(folder.to_owned(), error)),
        _ => Ok(()),
    }
}

/// Reads and checks every rule: how many there are, and how many are refused.
fn verify(folder: &Path, refused_share_max: f64) -> Result<(usize, usize), FetchError> {
    let (rules, report) = feed::read(folder, None).map_err(FetchError::Read)?;
    let refused = report.errors.len();
    if rules.is_empty() {
        return Err(FetchError::Empty);
    }
    if refused as f64 > refused_share_max * report.files as f64 {
        return Err(FetchError::Broken(refused, report.files));
    }
    Ok((report.files, refused))
}

/// Clones the newest state of a repository by the system's git.
fn clone(url: &str, to: &Path) -> Result<(), FetchError> {
    if url.starts_with('-') {
        return Err(FetchError::Git(format!("{url:?} is no address")));
    }
    let output = Command::new("git")
        .args(["clone", "--quiet", "--depth", "1", "--single-branch", "--no-recurse-submodules", "--"])
        .arg(url)
        .arg(to)
        // A question would wait for an answer that never comes.
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .map_err(|error| FetchError::Git(error.to_string()))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(FetchError::Git(words.trim().lines().last().unwrap_or("it said nothing").to_owned()));
    }
    Ok(())
}

/// What may still be copied.
struct Left {
    files: usize,
    bytes: u64,
}

/// Copies plain files; links lead elsewhere and are left out.
fn copy(from: &Path, to: &Path, depth: usize, left: &mut Left) -> Result<(), FetchError> {
    let at = |error| FetchError::Io(from.to_owned(), error);
    if depth > DEPTH_MAX {
        return Err(FetchError::TooLarge);
    }
    fs::create_dir_all(to).map_err(at)?;
    for entry in fs::read_dir(from).map_err(at)? {
        let entry = entry.map_err(at)?;
        let (kind, target) = (entry.file_type().map_err(at)?, to.join(entry.file_name()));
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            copy(&entry.path(), &target, depth + 1, left)?;
        } else if kind.is_file() {
            let bytes = entry.metadata().map_err(at)?.len();
            left.files = left.files.checked_sub(1).ok_or(FetchError::TooLarge)?;
            left.bytes = left.bytes.checked_sub(bytes).ok_or(FetchError::TooLarge)?;
            let content = fs::read(entry.path()).map_err(at)?;
            // Written anew: the rights of the source are not those of the copy.
            fs::write(&target, content).map_err(|error| FetchError::Io(target.clone(), error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, source: &str) {
        fs::create_dir_all(folder).expect("made");
        let rule = format!("name: {name}\ntype: rule\nsource: {source}\n");
        fs::write(folder.join(name).with_extension("yml"), rule).expect("written");
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("readable").flatten();
        let mut names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_set_replaces_the_old_one_which_is_kept_and_can_come_back() {
        let place = tempfile::tempdir().expect("a folder");
        let (source, rules) = (place.path().join("source"), place.path().join("state/rules"));
        write(&source, "one", "type.inbound");
        let fetched = fetch(&source.display().to_string(), &rules, 0.0).expect("taken");
        assert_eq!(fetched, Fetched { files: 1, refused: 0, previous: None });
        write(&source, "two", "type.outbound");
        let fetched = fetch(&source.display().to_string(), &rules, 0.0).expect("taken");
        assert_eq!(fetched.previous.as_deref(), Some(previous(&rules).as_path()));
        assert_eq!(names(&rules), ["one.yml", "two.yml"]);
        roll_back(&rules).expect("there is an old one");
        assert_eq!((names(&rules).len(), names(&previous(&rules)).len()), (1, 2));
        assert_eq!(names(&place.path().join("state")), ["rules", "rules.previous"]);
    }

    #[test]
    fn a_broken_set_is_not_taken() {
        let place = tempfile::tempdir().expect("a folder");
        let (source, rules) = (place.path().join("source"), place.path().join("rules"));
        write(&rules, "old", "true");
        fs::create_dir_all(&source).expect("made");
        let from = source.display().to_string();
        assert!(matches!(fetch(&from, &rules, 0.0), Err(FetchError::Empty)));
        write(&source, "one", "type.inbound");
        write(&source, "wrong", "type.inbond");
        assert!(matches!(fetch(&from, &rules, 0.4), Err(FetchError::Broken(1, 2))));
        assert_eq!(names(&rules), ["old.yml"]);
        assert!(matches!(fetch("-x", &rules, 0.4), Err(FetchError::Git(_))));
        assert_eq!(fetch(&from, &rules, 0.5).expect("taken").refused, 1);
        assert!(matches!(roll_back(&source), Err(FetchError::NoPrevious(_))));
    }
}

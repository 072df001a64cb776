//! Which messages of a watched folder were looked at, on disk, so that none is looked at twice whatever ends the daemon.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::decision::DecisionId;

/// Where the daemon keeps what it needs for feedback, within the state directory.
pub(super) const FOLDER: &str = "feedback";

/// What is remembered of a message that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Looked {
    /// The decision that it is of, where one was found.
    pub id: Option<DecisionId>,
    /// Its Message-ID, by which it is found when it was moved.
    pub message_id: Option<String>,
}

/// The messages of one folder that were looked at.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Which folder.
    folder: PathBuf,
    /// By their names in the Maildir, without flags.
    pub names: BTreeMap<String, Looked>,
    /// Whether the folder was never looked at before.
    #[serde(skip)]
    pub is_new: bool,
}

impl Seen {
    /// What is known of a folder.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn load(state: &Path, folder: &Path) -> io::Result<Self> {
        match fs::read(path(state, folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Ok(Self { folder: folder.to_owned(), is_new: true, ..Self::default() })
            }
            text => serde_json::from_slice(&text?).map_err(io::Error::from),
        }
    }

    /// Writes it down as a whole.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn store(&self, state: &Path) -> io::Result<()> {
        write_whole(state, &path(state, &self.folder), &serde_json::to_vec(self)?)
    }
}

fn path(state: &Path, folder: &Path) -> PathBuf {
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let name: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    state.join(FOLDER).join(format!("{name}.json"))
}

/// Writes a file of the feedback's folder that is there whole or not at all.
pub(super) fn write_whole(state: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = state.join(FOLDER);
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let mut file = tempfile::NamedTempFile::new_in(&folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    File::open(&folder)?.sync_all()
}

/// The messages of a Maildir, by their names without flags, in order.
pub(super) fn messages(maildir: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    for folder in ["new", "cur"] {
        for entry in fs::read_dir(maildir.join(folder))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if !name.starts_with('.') {
                found.insert(name.split(':').next().unwrap_or_default().to_owned(), path);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_known_again() {
        let state = tempfile::tempdir().expect("a directory");
        let mut seen = Seen::load(state.path(), Path::new("/m/a")).expect("none");
        assert!(seen.is_new && seen.names.is_empty());
        let looked = Looked { id: None, message_id: Some("1@x".to_owned()) };
        seen.names.insert("1".to_owned(), looked.clone());
        seen.store(state.path()).expect("room");
        let again = Seen::load(state.path(), Path::new("/m/a")).expect("readable");
        assert_eq!((again.is_new, again.names.get("1")), (false, Some(&looked)));
        assert!(Seen::load(state.path(), Path::new("/m/b")).expect("none").is_new);
    }

    #[test]
    fn a_message_keeps_its_name_whatever_its_flags() {
        let maildir = tempfile::tempdir().expect("a directory");
        assert!(messages(maildir.path()).is_err(), "no Maildir");
        for folder in ["new", "cur"] {
            fs::create_dir(maildir.path().join(folder)).expect("room");
        }
        for name in ["new/2.h", "cur/1.h:2,S", "cur/.hidden"] {
            fs::write(maildir.path().join(name), "").expect("room");
        }
        let names: Vec<_> = messages(maildir.path()).expect("readable").into_keys().collect();
        assert_eq!(names, ["1.h", "2.h"]);
    }
}

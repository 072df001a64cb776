//! The secret with which seals are made, in one file of the state directory.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use hmac::{Hmac, KeyInit};
use sha2::Sha256;

/// Name of the file.
const FILE: &str = "seal.key";
/// As many bytes as SHA-256 gives (RFC 2104 §3).
const KEY_BYTES: usize = 32;

/// The secret with which seals are made. Whoever can read it can make mail pass the filter.
#[derive(Clone, PartialEq, Eq)]
pub struct SealKey(pub(super) [u8; KEY_BYTES]);

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(secret)")
    }
}

/// Why there is no key.
#[derive(Debug)]
pub enum KeyFault {
    /// The file or its directory cannot be read or written.
    Unusable(PathBuf, io::Error),
    /// Others than the owner may read it (its mode is given).
    Exposed(PathBuf, u32),
    /// It does not hold a key.
    Malformed(PathBuf, usize),
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unusable(path, error) => {
                write!(
                    f,
                    "the seal key {} cannot be used: {error}; check owner and mode of its directory",
                    path.display()
                )
            }
            Self::Exposed(path, mode) => {
                let path = path.display();
                write!(
                    f,
                    "the seal key {path} has mode {mode:04o}, so that others may know it; remove it for a new one"
                )
            }
            Self::Malformed(path, bytes) => {
                let path = path.display();
                write!(f, "the seal key {path} has {bytes} bytes and not {KEY_BYTES}; remove it for a new one")
            }
        }
    }
}

impl std::error::Error for KeyFault {}

impl SealKey {
    /// Reads the key of a state directory, and makes one where there is none: written to a file of its own, synced,
    /// and linked to its name, so that it is there wholly or not at all, and two processes agree on one.
    pub fn open(directory: &Path) -> Result<Self, KeyFault> {
        let path = directory.join(FILE);
        let unusable = |error| KeyFault::Unusable(path.clone(), error);
        if !path.try_exists().map_err(unusable)? {
            Self::create(directory, &path).map_err(unusable)?;
        }
        // Asked before it is opened: opening a pipe would wait for ever.
        if !fs::metadata(&path).map_err(unusable)?.is_file() {
            return Err(unusable(io::Error::other("it is no file")));
        }
        let mut file = File::open(&path).map_err(unusable)?;
        let mode = file.metadata().map_err(unusable)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFault::Exposed(path, mode));
        }
        let mut bytes = Vec::with_capacity(KEY_BYTES + 1);
        Read::by_ref(&mut file).take(KEY_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unusable)?;
        let key = bytes.as_slice().try_into().map_err(|_| KeyFault::Malformed(path.clone(), bytes.len()))?;
        Ok(Self(key))
    }

    /// An HMAC with this key, to be fed.
    pub(super) fn mac(&self) -> Hmac<Sha256> {
        // A key shorter than a block of the hash is filled up with zeros (RFC 2104 §2).
        let mut block = [0; 64];
        block[..self.0.len()].copy_from_slice(&self.0);
        Hmac::<Sha256>::new(&block.into())
    }

    fn create(directory: &Path, path: &Path) -> io::Result<()> {
        let key = random::<KEY_BYTES>()?;
        let draft = directory.join(format!("{FILE}.{}", std::process::id()));
        // A draft of this name is left from a process that died while it wrote it.
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(&key)?;
        file.sync_all()?;
        // Unlike a rename a link never replaces the key of a process that was quicker.
        let linked = match fs::hard_link(&draft, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        };
        fs::remove_file(&draft)?;
        File::open(directory)?.sync_all()?;
        linked
    }
}

/// Bytes that nobody can guess.
pub(super) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn check(bytes: usize, mode: u32, expected: &str) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(FILE);
        fs::write(&path, vec![7; bytes]).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
        let said = SealKey::open(directory.path()).map_or_else(|fault| fault.to_string(), |key| format!("{key:?}"));
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn a_key_is_made_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let first = SealKey::open(directory.path()).expect("made");
        assert_eq!(SealKey::open(directory.path()).expect("read"), first);
        assert_ne!(first.0, [0; KEY_BYTES]);
        let mode = fs::metadata(directory.path().join(FILE)).expect("there").mode() & 0o777;
        assert_eq!(mode, 0o600);
        assert_eq!(fs::read_dir(directory.path()).expect("listed").count(), 1);
        let other = tempfile::tempdir().expect("a directory");
        assert_ne!(SealKey::open(other.path()).expect("made"), first);
    }

    #[test]
    fn a_draft_left_behind_does_not_matter() {
        let directory = tempfile::tempdir().expect("a directory");
        let draft = directory.path().join(format!("{FILE}.{}", std::process::id()));
        fs::write(&draft, b"half").expect("written");
        SealKey::open(directory.path()).expect("made");
        assert!(!draft.exists());
    }

    #[test]
    fn keys_are_whole_and_secret() {
        check(32, 0o600, "SealKey(secret)");
        check(32, 0o400, "SealKey(secret)");
        check(31, 0o600, "has 31 bytes");
        check(33, 0o600, "has 33 bytes");
        check(32, 0o640, "mode 0640");
        check(32, 0o604, "mode 0604");
    }

    #[test]
    fn what_is_no_file_is_no_key() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(FILE);
        let check = |expected: &str| {
            let fault = SealKey::open(directory.path()).expect_err("no key");
            assert!(matches!(fault, KeyFault::Unusable(..)) && fault.to_string().contains(expected), "{fault}");
        };
        fs::create_dir(&path).expect("made");
        check("it is no file");
        fs::remove_dir(&path).expect("there");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().expect("coreutils").success());
        check("it is no file");
        fs::remove_file(&path).expect("there");
        std::os::unix::fs::symlink("nowhere", &path).expect("made");
        check("No such file");
    }

    #[test]
    fn a_missing_directory_is_named() {
        let fault = SealKey::open(Path::new("/nonexistent/kith")).expect_err("none");
        assert!(fault.to_string().contains("/nonexistent/kith/seal.key"), "{fault}");
    }
}

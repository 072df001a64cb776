//! The folder of the store: made whole or not at all, mended where the log is torn, set aside where it is corrupt.

use std::fmt;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};

use super::chronicle::{Chronicle, VERSION};
use super::key::STORE_KEY;
use super::overlay::Bytes;
use super::settings::Settings;
use super::store::{Store, Trouble};
use crate::mail::Moment;

/// Groups at the end of the log that are given up for a torn one: more than were ever under way at once.
const TORN_GROUPS_MAX: usize = 8;
/// How each group of the log ends: a tag, eight bytes of checksum, these four.
const GROUP_END: [u8; 4] = *b"FJL\x03";
const GROUP_END_TAG: u8 = 3;
const GROUP_END_BYTES: usize = 13;

/// Why a store could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// The files of the store are damaged, or of a version this program does not know.
    Corrupt {
        /// The folder.
        dir: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// Another process has the store open.
    Locked {
        /// The folder.
        dir: PathBuf,
    },
    /// The system refused: rights, room, the disk.
    System {
        /// The folder.
        dir: PathBuf,
        /// The system's words.
        why: String,
    },
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corrupt { dir, why } => write!(
                f,
                "the baseline store {} is corrupt ({why}); restore it from a backup, or move it away to start anew",
                dir.display()
            ),
            Self::Locked { dir } => write!(
                f,
                "the baseline store {} is in use by another process; stop it, or name another state folder",
                dir.display()
            ),
            Self::System { dir, why } => write!(
                f,
                "the baseline store {} cannot be opened ({why}); see to the folder's rights and to room on its disk",
                dir.display()
            ),
        }
    }
}

impl std::error::Error for OpenError {}

/// A corrupt store that was moved away for an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// Where it is now.
    pub moved_to: PathBuf,
    /// What was wrong with it.
    pub why: String,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the baseline store was corrupt ({}) and was moved to {}; baselines start anew",
            self.why,
            self.moved_to.display()
        )
    }
}

/// Opens the store, makes it where the folder is missing or empty, and gives up the end of a torn log.
pub(super) fn open(dir: &Path, settings: &Settings, secret: [u8; 16]) -> Result<(Store, Chronicle), OpenError> {
    let system = |error: io::Error| OpenError::System { dir: dir.to_owned(), why: error.to_string() };
    // Held while another process exchanges the folders.
    let _not_exchanged = match File::open(parent(dir)) {
        Ok(folder) => folder.lock_shared().map(|()| Some(folder)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
    .map_err(system)?;
    finish_swap(dir).map_err(system)?;
    if is_vacant(dir).map_err(system)? {
        create(dir, settings, secret)?;
    } else if !dir.join("version").exists() {
        let why = "it holds other files; name a folder of its own, or an empty one".to_owned();
        let damaged = dir.join("keyspaces").exists();
        return Err(if damaged {
            OpenError::Corrupt { dir: dir.to_owned(), why: "its version file is missing".to_owned() }
        } else {
            OpenError::System { dir: dir.to_owned(), why }
        });
    }
    let store = match Store::open(dir, settings) {
        Err(Trouble::Torn(why)) => mend(dir, settings, why),
        other => other,
    };
    let store = store.map_err(|trouble| explain(dir, trouble))?;
    let corrupt = |why: &str| OpenError::Corrupt { dir: dir.to_owned(), why: why.to_owned() };
    let own = store.get(&STORE_KEY).map_err(|why| corrupt(&why))?;
    let own = own.ok_or_else(|| corrupt("its own record is missing"))?;
    let chronicle = Chronicle::decode(&own).ok_or_else(|| {
        let found = own.first().copied().unwrap_or_default();
        corrupt(&format!(
            "its records are of version {found}, this program's of {VERSION}; start anew, and import past mail again"
        ))
    })?;
    Ok((store, chronicle))
}

/// Moves a corrupt store out of the way.
pub(super) fn set_aside(dir: &Path, why: String, now: Moment) -> Result<SetAside, OpenError> {
    let time: String = now.rfc3339().chars().take(19).filter(|c| *c != '-' && *c != ':').collect();
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut moved_to = dir.with_file_name(format!("{name}.corrupt-{time}"));
    for n in 1..100 {
        if !moved_to.exists() {
            break;
        }
        moved_to = dir.with_file_name(format!("{name}.corrupt-{time}-{n}"));
    }
    fs::rename(dir, &moved_to).map_err(|error| OpenError::System { dir: dir.to_owned(), why: error.to_string() })?;
    Ok(SetAside { moved_to, why })
}

/// Removes a store that was cut short while it was made, or while it was begun.
pub(super) fn clear(dir: &Path) -> io::Result<()> {
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let begun = beginning(&name);
    for entry in fs::read_dir(parent(dir))? {
        let entry = entry?;
        let found = entry.file_name().to_string_lossy().into_owned();
        if found == name || found.starts_with(&begun) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// How the folder is named in which a store of this name is begun; the number of the process follows.
fn beginning(name: &str) -> String {
    format!("{name}.new-")
}

/// Puts a store in the place of another, which `close` closes and whose files are removed. Cut short, it is finished or
/// undone at the next opening: one of the two is always whole. Nobody opens either meanwhile.
pub(super) fn swap(dir: &Path, new: &Path, close: impl FnOnce()) -> io::Result<()> {
    let old = replaced(dir);
    if old.exists() {
        fs::remove_dir_all(&old)?;
    }
    give_to_owner_of(dir, new)?;
    let parent = File::open(parent(dir))?;
    parent.lock()?;
    close();
    fs::rename(dir, &old)?;
    fs::rename(new, dir)?;
    parent.sync_all()?;
    fs::remove_dir_all(&old)
}

/// Has all files below a folder belong to whom another folder belongs to: what root made anew, the daemon must read.
fn give_to_owner_of(dir: &Path, new: &Path) -> io::Result<()> {
    let (owner, own) = (fs::metadata(dir)?, fs::metadata(new)?);
    fs::set_permissions(new, owner.permissions())?;
    if (owner.uid(), owner.gid()) == (own.uid(), own.gid()) {
        return Ok(());
    }
    let mut ahead = vec![new.to_owned()];
    while let Some(path) = ahead.pop() {
        chown(&path, Some(owner.uid()), Some(owner.gid()))?;
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                ahead.push(entry?.path());
            }
        }
    }
    Ok(())
}

fn parent(dir: &Path) -> &Path {
    dir.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Ends a swap that was cut short.
fn finish_swap(dir: &Path) -> io::Result<()> {
    let old = replaced(dir);
    match (old.exists(), dir.exists()) {
        (true, false) => fs::rename(&old, dir),
        (true, true) => fs::remove_dir_all(&old),
        (false, _) => return Ok(()),
    }
    // Another process may have been quicker.
    .or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

fn replaced(dir: &Path) -> PathBuf {
    dir.with_file_name(format!("{}.replaced", dir.file_name().unwrap_or_default().to_string_lossy()))
}

fn explain(dir: &Path, trouble: Trouble) -> OpenError {
    let dir = dir.to_owned();
    match trouble {
        Trouble::Torn(why) | Trouble::Corrupt(why) => OpenError::Corrupt { dir, why },
        Trouble::Locked => OpenError::Locked { dir },
        Trouble::System(why) => OpenError::System { dir, why },
    }
}

fn is_vacant(dir: &Path) -> io::Result<bool> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Makes the store beside its place and moves it there, since one killed half made could not be opened again.
fn create(dir: &Path, settings: &Settings, secret: [u8; 16]) -> Result<(), OpenError> {
    let system = |error: io::Error| OpenError::System { dir: dir.to_owned(), why: error.to_string() };
    let parent = parent(dir);
    fs::create_dir_all(parent).map_err(system)?;
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let staging = parent.join(format!("{}{}", beginning(&name), std::process::id()));
    if staging.exists() {
        fs::remove_dir_all(&staging).map_err(system)?;
    }
    if let Err(error) = fill(dir, &staging, settings, secret) {
        // It failed for want of room most likely: what is half made goes.
        let _there_or_not = fs::remove_dir_all(&staging);
        return Err(error);
    }
    match fs::rename(&staging, dir) {
        // Another process made it meanwhile: its store counts.
        Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => fs::remove_dir_all(&staging).map_err(system),
        Err(error) => Err(system(error)),
        Ok(()) => File::open(parent).and_then(|folder| folder.sync_all()).map_err(system),
    }
}

/// Makes an empty store in `staging` that is to lie in `dir`.
fn fill(dir: &Path, staging: &Path, settings: &Settings, secret: [u8; 16]) -> Result<(), OpenError> {
    let store = Store::open(staging, settings).map_err(|trouble| explain(dir, trouble))?;
    let own = Bytes::from(Chronicle::new(secret).encode());
    store.write([(&STORE_KEY, &own)].into_iter()).map_err(|why| OpenError::System { dir: dir.to_owned(), why })
}

/// Opens a store whose newest log ends in groups that do not fit their checksum, as a power failure leaves them: gives
/// up the last groups, one more at each try. Where that does not help, the log is left as it was.
fn mend(dir: &Path, settings: &Settings, why: String) -> Result<Store, Trouble> {
    let system = |error: io::Error| Trouble::System(error.to_string());
    let Some(log) = newest_log(dir).map_err(system)? else {
        return Err(Trouble::Torn(why));
    };
    let kept = log.with_extension("torn");
    fs::copy(&log, &kept).map_err(system)?;
    let bytes = fs::read(&log).map_err(system)?;
    let length = bytes.len() as u64;
    for cut in group_ends(&bytes).into_iter().filter(|cut| *cut < length).take(TORN_GROUPS_MAX) {
        File::options().write(true).open(&log).and_then(|file| file.set_len(cut)).map_err(system)?;
        match Store::open(dir, settings) {
            Err(Trouble::Torn(_)) => {}
            Ok(store) => {
                log::warn!("baseline store {}: the log was torn at byte {cut}; its rest is given up", dir.display());
                fs::remove_file(&kept).map_err(system)?;
                return Ok(store);
            }
            Err(other) => {
                fs::rename(&kept, &log).map_err(system)?;
                return Err(other);
            }
        }
    }
    fs::rename(&kept, &log).map_err(system)?;
    Err(Trouble::Torn(why))
}

/// The log that was written last: it has the greatest number.
fn newest_log(dir: &Path) -> io::Result<Option<PathBuf>> {
    let mut newest: Option<(u64, PathBuf)> = None;
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
        if let Some(number) = number
            && path.extension().is_some_and(|e| e == "jnl")
            && newest.as_ref().is_none_or(|(greatest, _)| number > *greatest)
        {
            newest = Some((number, path));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

/// Where groups end in a log, last first.
fn group_ends(bytes: &[u8]) -> Vec<u64> {
    let ends = |window: &[u8]| window[0] == GROUP_END_TAG && window[9..] == GROUP_END;
    let starts = bytes.windows(GROUP_END_BYTES).enumerate().filter(|(_, window)| ends(window));
    let mut cuts: Vec<u64> = starts.map(|(at, _)| (at + GROUP_END_BYTES) as u64).collect();
    cuts.reverse();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_ends_are_found_from_the_last() {
        let end = [&[GROUP_END_TAG], [9; 8].as_slice(), &GROUP_END].concat();
        let log = [b"ab".as_slice(), &end, b"cdef", &end, b"FJL\x03", &[0; 40]].concat();
        assert_eq!(group_ends(&log), [32, 15]);
        assert!(group_ends(&end[1..]).is_empty());
        assert!(group_ends(b"").is_empty());
    }

    #[test]
    fn the_newest_log_has_the_greatest_number() {
        let dir = tempfile::tempdir().expect("writable");
        assert_eq!(newest_log(dir.path()).expect("readable"), None);
        for name in ["2.jnl", "10.jnl", "9.jnl", "11.torn", "x.jnl"] {
            fs::write(dir.path().join(name), "").expect("writable");
        }
        assert_eq!(newest_log(dir.path()).expect("readable"), Some(dir.path().join("10.jnl")));
    }

    #[test]
    fn stores_set_aside_keep_apart() {
        let parent = tempfile::tempdir().expect("writable");
        let dir = parent.path().join("baseline");
        for expected in ["baseline.corrupt-20231114T221320", "baseline.corrupt-20231114T221320-1"] {
            fs::create_dir(&dir).expect("writable");
            let aside = set_aside(&dir, "why".to_owned(), Moment::from_secs(1_700_000_000)).expect("moved");
            assert_eq!(aside.moved_to, parent.path().join(expected));
            assert!(!dir.exists());
        }
    }

    #[test]
    fn a_store_of_another_version_is_not_read() {
        let dir = tempfile::tempdir().expect("writable");
        let dir = dir.path().join("baseline");
        let (store, chronicle) = open(&dir, &Settings::default(), [1; 16]).expect("made");
        let mut own = chronicle.encode();
        own[0] = 3;
        store.write([(&STORE_KEY, &Bytes::from(own))].into_iter()).expect("room");
        drop(store);
        let Err(OpenError::Corrupt { why, .. }) = open(&dir, &Settings::default(), [1; 16]).map(|_| ()) else {
            panic!("it is read")
        };
        assert!(why.contains("version 3") && why.contains("import"), "{why}");
    }

    #[test]
    fn a_folder_of_other_files_is_left_alone() {
        let dir = tempfile::tempdir().expect("writable");
        fs::write(dir.path().join("mail.eml"), "x").expect("writable");
        let opened = open(dir.path(), &Settings::default(), [1; 16]).map(|_| ());
        assert!(matches!(opened, Err(OpenError::System { .. })), "{opened:?}");
    }

    #[test]
    fn a_second_opening_is_refused_by_name() {
        let dir = tempfile::tempdir().expect("writable");
        let dir = dir.path().join("state").join("baseline");
        let first = open(&dir, &Settings::default(), [1; 16]).expect("made");
        assert_eq!(open(&dir, &Settings::default(), [1; 16]).map(|_| ()), Err(OpenError::Locked { dir: dir.clone() }));
        drop(first);
        assert!(open(&dir, &Settings::default(), [1; 16]).is_ok());
    }
}

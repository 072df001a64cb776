//! Junk folders of recipients: what is moved in is an attack to its owner, and what is moved out again is safe.
//!
//! What Kith itself marked may have been filed there by a rule that reads the mark: that is no attack to anybody, but safe
//! when it is moved out. What lay there when the folder was first looked at was moved nobody knows when: it is let be.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::Settings;
use super::clerk::{Clerk, Noted};
use super::reports::{found, is_recipient};
use super::rows::{Found, find};
use super::seen::{Looked, Seen, messages};
use crate::labels::{How, Opinion, Report, Subject};
use crate::mail::{Address, Category, Moment, Organisation};
use crate::message;

/// Bytes read of a message: its header.
const HEAD_BYTES_MAX: u64 = 65_536;
/// Messages of one folder in a look, so that one of its owners cannot keep the others waiting.
const OF_ONE_MAX: usize = 50;
/// Owners whose folders are watched.
const OWNERS_MAX: usize = 10_000;
/// Seconds before a message was seen to be gone, within which it appeared where it is now.
const MOVED_WITHIN: i64 = 3_600;

/// A folder with what is new in it.
struct Changed {
    folder: PathBuf,
    owner: Address,
    seen: Seen,
    /// By name, with by what it is found.
    fresh: BTreeMap<String, Option<Subject>>,
    /// What is not there any more.
    gone: Vec<Looked>,
    is_changed: bool,
}

/// Looks into the Junk folders, and labels what was moved in or out since the last look; at most so many messages as the
/// settings say. How many labels were given.
///
/// # Errors
/// Something cannot be read or written; the next look goes on where this ended.
pub fn look_into_junk(
    state: &Path,
    settings: &Settings,
    organisation: &Organisation,
    now: Moment,
) -> io::Result<usize> {
    let mut left = settings.messages_per_look_max;
    let mut changed = Vec::new();
    for (folder, owner) in settings.junk_folders.iter().flat_map(|pattern| folders(pattern)).take(OWNERS_MAX) {
        if !organisation.owns(owner.domain()) {
            continue;
        }
        // A folder that is not there, or not any more, says nothing.
        let Ok(there) = messages(&folder) else { continue };
        let one = look(state, folder, owner, there, &mut left)?;
        changed.extend(one.is_changed.then_some(one));
    }
    if changed.is_empty() {
        return Ok(0);
    }
    let found = found(state, changed.iter().flat_map(|one| one.fresh.values().flatten()), now)?;
    let mut clerk = Clerk::open(state, settings.reports_per_day_max, now)?;
    let mut labelled = 0;
    for one in &mut changed {
        labelled += settle(state, one, &found, &mut clerk, now)?;
        // Written down afterwards: what is looked at twice is labelled once all the same.
        one.seen.store(state)?;
    }
    Ok(labelled)
}

/// What is new in a folder.
fn look(
    state: &Path,
    folder: PathBuf,
    owner: Address,
    there: BTreeMap<String, PathBuf>,
    left: &mut usize,
) -> io::Result<Changed> {
    let mut seen = Seen::load(state, &folder)?;
    let mut gone = Vec::new();
    let mut names = std::mem::take(&mut seen.names);
    names.retain(|name, looked| {
        let stays = there.contains_key(name);
        if !stays {
            gone.push(looked.clone());
        }
        stays
    });
    seen.names = names;
    let mut is_changed = seen.is_new || !gone.is_empty();
    let unseen = there.into_iter().filter(|(name, _)| !seen.names.contains_key(name));
    let limit = if seen.is_new { usize::MAX } else { OF_ONE_MAX.min(*left) };
    let mut fresh = BTreeMap::new();
    for (name, path) in unseen.take(limit) {
        let subject = if seen.is_new { None } else { subject(&path) };
        *left -= usize::from(!seen.is_new);
        fresh.insert(name, subject);
        is_changed = true;
    }
    Ok(Changed { folder, owner, seen, fresh, gone, is_changed })
}

/// By what the message in a file is found. `None` also where it was moved meanwhile.
fn subject(path: &Path) -> Option<Subject> {
    let mut head = Vec::new();
    File::open(path).ok()?.take(HEAD_BYTES_MAX).read_to_end(&mut head).ok()?;
    Report::read(&head, &message::Settings::default()).own
}

/// Labels what was moved in and out, and remembers what is there.
fn settle(state: &Path, one: &mut Changed, found: &Found, clerk: &mut Clerk, now: Moment) -> io::Result<usize> {
    let (who, mut labelled) = (one.owner.to_string(), 0);
    let mut noted = |noted: Noted| match noted {
        Noted::Written => labelled += 1,
        Noted::Known => {}
        Noted::TooMany => log::warn!("feedback: {who} moved more today than is believed"),
    };
    for (name, subject) in std::mem::take(&mut one.fresh) {
        let row = subject.as_ref().and_then(|subject| found.of(subject, |row| is_recipient(row, &one.owner)));
        if let Some(row) = row.filter(|row| row.is_unmarked) {
            let said = (Opinion::Attack, Some(Category::Spam));
            noted(clerk.note(row, said, &one.owner.to_string(), How::JunkFolder, "moved into Junk")?);
        }
        let message_id = subject.and_then(|subject| subject.message_id);
        one.seen.names.insert(name, Looked { id: row.map(|row| row.id), message_id });
    }
    let moved = one.gone.iter().filter(|looked| looked.id.is_some());
    let moved: Vec<_> = moved.cloned().collect();
    if moved.is_empty() {
        return Ok(labelled);
    }
    let inbox = arrived(&one.folder, now);
    for looked in moved {
        let is_same = |subject: &Subject| {
            subject.id.is_some() && subject.id == looked.id
                || subject.message_id.is_some() && subject.message_id == looked.message_id
        };
        let Some(id) = looked.id.filter(|_| inbox.iter().any(is_same)) else { continue };
        if let Some(row) = find(state, id)?.filter(|row| is_recipient(row, &one.owner)) {
            let said = (Opinion::Safe, None);
            noted(clerk.note(&row, said, &one.owner.to_string(), How::JunkFolder, "moved out of Junk")?);
        }
    }
    Ok(labelled)
}

/// What came of late into the inbox beside a Junk folder, the newest first; what was deleted is not among it.
fn arrived(junk: &Path, now: Moment) -> Vec<Subject> {
    let Some(there) = junk.parent().and_then(|inbox| messages(inbox).ok()) else { return Vec::new() };
    let changed = |path: &PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.ctime());
    let mut recent: Vec<_> = there.into_values().map(|path| (changed(&path), path)).collect();
    recent.retain(|(at, _)| *at >= now.secs() - MOVED_WITHIN);
    recent.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    recent.iter().take(OF_ONE_MAX * 4).filter_map(|(_, path)| subject(path)).collect()
}

/// The folders that a pattern means, each with its owner.
fn folders(pattern: &str) -> Vec<(PathBuf, Address)> {
    let mut found = vec![(PathBuf::from("/"), String::new(), String::new(), String::new())];
    for part in pattern.split('/').filter(|part| !part.is_empty()) {
        let place = ["{address}", "{local}", "{domain}"].into_iter().find(|place| part.contains(place));
        let mut deeper = Vec::new();
        for (path, address, local, domain) in found {
            let Some(place) = place else {
                deeper.push((path.join(part), address, local, domain));
                continue;
            };
            let (before, after) = part.split_once(place).unwrap_or_default();
            for name in fs::read_dir(&path).into_iter().flatten().flatten() {
                let name = name.file_name().to_string_lossy().into_owned();
                let inner = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after)).map(str::to_owned);
                let Some(inner) = inner.filter(|inner| !inner.is_empty() && !inner.starts_with('.')) else { continue };
                let (mut address, mut local, mut domain) = (address.clone(), local.clone(), domain.clone());
                *match place {
                    "{address}" => &mut address,
                    "{local}" => &mut local,
                    _ => &mut domain,
                } = inner;
                deeper.push((path.join(name), address, local, domain));
            }
        }
        found = deeper;
        found.truncate(OWNERS_MAX);
    }
    let owned = found.into_iter().filter_map(|(path, address, local, domain)| {
        let text = if address.is_empty() { format!("{local}@{domain}") } else { address };
        Some((path, Address::parse(&text)?))
    });
    let mut owned: Vec<_> = owned.filter(|(path, _)| path.is_dir()).collect();
    owned.sort();
    owned
}

#[cfg(test)]
#[path = "junk_tests.rs"]
mod tests;

//! The store's list held ready, so that one page of it need not read every message: read on as the folder changes.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use super::folder::{EVENTS, Folder, MAIL, NEW};
use super::row::Row;
use crate::decision::DecisionId;

/// How long ago a folder must have changed for its time to tell of the next change: the system's clock of files goes in
/// steps of some milliseconds.
const SETTLED: Duration = Duration::from_millis(50);

/// What a message's files looked like when it was read: what it is never changes, and what happened to it is only ever
/// appended to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    is_new: bool,
    /// Bytes of what happened to it; `None` where nothing did yet.
    event_bytes: Option<u64>,
}

/// A store's list, held ready.
#[derive(Debug)]
pub struct Shelf {
    folder: Folder,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// When the folder had last changed when it was listed; `None` where it may have changed since, unseen.
    changed: Option<SystemTime>,
    seen: BTreeMap<DecisionId, Seen>,
}

/// A message as it was read.
#[derive(Clone, Debug)]
struct Seen {
    stamp: Stamp,
    /// `None` for a message that is there no more in all but its file.
    row: Option<Arc<Row>>,
}

/// What is in the store.
#[derive(Clone, Debug, Default)]
pub struct Shelved {
    /// Its messages, oldest first.
    pub rows: Vec<Arc<Row>>,
    /// Messages that cannot be read.
    pub unreadable: usize,
}

impl Shelf {
    /// The list of a store.
    pub fn of(folder: Folder) -> Self {
        Self { folder, known: Mutex::default() }
    }

    /// The store whose list it is.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// All messages that are there now. Only those are read that came or changed since the last call, and the folder is
    /// listed only where its names changed.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn look(&self) -> io::Result<Shelved> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (now, changed) = (SystemTime::now(), self.changed()?);
        let names = if changed.is_some() && known.changed == changed { None } else { Some(self.folder.files()?) };
        let mut before = std::mem::take(&mut *known).seen;
        let stamps: Vec<(DecisionId, Stamp)> = match names {
            None => before.iter().map(|(id, seen)| (*id, seen.stamp)).collect(),
            Some(names) => names.into_iter().filter_map(|(id, kinds)| Some((id, stamp(&kinds)?))).collect(),
        };
        let (mut shelved, mut seen) = (Shelved::default(), BTreeMap::new());
        for (id, mut stamp) in stamps {
            if stamp.event_bytes.is_some() {
                stamp.event_bytes = self.event_bytes(id)?;
            }
            let row = match before.remove(&id) {
                Some(seen) if seen.stamp == stamp => seen.row,
                _ => match self.folder.find(id) {
                    Ok(kept) => kept.filter(|kept| !kept.standing.removed).map(|kept| Arc::new(Row::from(&kept))),
                    Err(_) => {
                        shelved.unreadable += 1;
                        continue;
                    }
                },
            };
            shelved.rows.extend(row.clone());
            seen.insert(id, Seen { stamp, row });
        }
        let is_settled = |at: &SystemTime| now.duration_since(*at).is_ok_and(|age| age > SETTLED);
        // What cannot be read is tried again.
        let changed = changed.filter(|at| is_settled(at) && shelved.unreadable == 0);
        *known = Known { changed, seen };
        Ok(shelved)
    }

    /// When a name of the folder last changed; `None` where there is no folder.
    fn changed(&self) -> io::Result<Option<SystemTime>> {
        match fs::metadata(self.folder.path()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            metadata => metadata?.modified().map(Some),
        }
    }

    /// How much was written of what happened to a message.
    fn event_bytes(&self, id: DecisionId) -> io::Result<Option<u64>> {
        match fs::metadata(self.folder.file(id, EVENTS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            metadata => Ok(Some(metadata?.len())),
        }
    }
}

/// What the names of a message's files tell; `None` where its content is not there.
fn stamp(kinds: &[String]) -> Option<Stamp> {
    let has = |kind: &str| kinds.iter().any(|one| one == kind);
    let event_bytes = has(EVENTS).then_some(0);
    (has(MAIL) || has(NEW)).then_some(Stamp { is_new: !has(MAIL), event_bytes })
}

#[cfg(test)]
mod tests {
    use super::super::event::{Event, What};
    use super::super::held::{Held, Identity};
    use super::super::settings::Settings;
    use super::super::store::Store;
    use super::*;
    use crate::decision::{Decision, Verdict};
    use crate::mail::{Address, Envelope, Moment};

    const NOW: Moment = Moment(1_700_000_000_000);

    fn keep(store: &Arc<Store>, n: u128) -> DecisionId {
        let decision = Decision {
            verdict: Verdict::Hold,
            action: Verdict::Hold,
            category: None,
            score: None,
            base: 0.0,
            threshold: 0.0,
            reasons: Vec::new(),
            gaps: Vec::new(),
        };
        let raw = format!("Message-ID: <{n}@x.example>\r\n\r\nText\r\n");
        let recipients = vec![Address::parse("a@own.example").expect("valid")];
        let envelope = Envelope { recipients, ..Envelope::default() };
        let (id, identity) = (DecisionId::new(NOW, n), Identity::new(None, raw.as_bytes()));
        let held = Held::new(id, &decision, &envelope, &identity, raw.as_bytes());
        let claim = store.keep(held, &identity, raw.as_bytes(), &Settings::default(), NOW).expect("kept");
        claim.heard();
        claim.write_down();
        id
    }

    #[test]
    fn what_happens_in_the_folder_is_seen_at_the_next_look() {
        let state = tempfile::tempdir().expect("a directory");
        let folder = Folder::of(state.path());
        let shelf = Shelf::of(folder.clone());
        let look = || {
            let shelved = shelf.look().expect("readable");
            (shelved.rows.iter().map(|row| (row.id, row.state)).collect::<Vec<_>>(), shelved.unreadable)
        };
        assert_eq!(look(), (Vec::new(), 0), "there is no folder yet");
        let store = Arc::new(Store::open(state.path()).expect("opens"));
        let (one, two) = (keep(&store, 1), keep(&store, 2));
        assert_eq!(look().0, [(one, "held"), (two, "held")]);
        let held = folder.find(one).expect("readable").expect("there").held;
        let (token, answer) = ("1".to_owned(), String::new());
        let what = What::Released { token, to: held.recipients.clone(), answer };
        folder.note(&held, &Event::new(one, "ann", NOW, what), |_| true).expect("written");
        assert_eq!(look().0, [(one, "released"), (two, "held")]);
        assert!(folder.remove(two, "ann", What::Deleted, NOW).expect("removed"));
        let three = keep(&store, 3);
        assert_eq!(look().0, [(one, "released"), (three, "held")]);
        // Nothing changes for a while, so that the folder need not be listed any more; then more is appended.
        std::thread::sleep(SETTLED * 2);
        assert_eq!((look().0.len(), look().0.len()), (2, 2));
        assert!(shelf.known.lock().expect("whole").changed.is_some());
        let (token, to) = ("2".to_owned(), held.recipients.clone());
        let again = Event::new(held.id, "ann", NOW, What::Releasing { token, to });
        folder.note(&held, &again, |_| true).expect("written");
        assert_eq!(look().0, [(one, "releasing"), (three, "held")]);
        fs::write(folder.file(DecisionId::new(NOW, 4), MAIL), "no line of JSON").expect("written");
        assert_eq!((look().0.len(), look().1), (2, 1));
    }
}

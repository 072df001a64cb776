//! The store's list held ready, so that one page of it need not read every message: read on as the folder changes.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use super::folder::{EVENTS, Folder, MAIL, NEW};
use super::row::Row;
use crate::decision::DecisionId;

/// What a message's files looked like when it was read: what it is never changes, and what happened to it is only ever
/// appended to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    is_new: bool,
    event_bytes: u64,
}

/// A store's list, held ready.
#[derive(Debug)]
pub struct Shelf {
    folder: Folder,
    known: Mutex<HashMap<DecisionId, Seen>>,
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

    /// All messages that are there now. Only those are read that came or changed since the last call.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn look(&self) -> io::Result<Shelved> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let files = self.folder.files()?;
        let (mut shelved, mut seen) = (Shelved::default(), HashMap::with_capacity(files.len()));
        for (id, kinds) in files {
            let has = |kind: &str| kinds.iter().any(|one| one == kind);
            if !has(MAIL) && !has(NEW) {
                continue;
            }
            let event_bytes = if has(EVENTS) { self.event_bytes(id)? } else { 0 };
            let stamp = Stamp { is_new: !has(MAIL), event_bytes };
            let row = match known.remove(&id) {
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
        *known = seen;
        Ok(shelved)
    }

    /// How much was written of what happened to a message.
    fn event_bytes(&self, id: DecisionId) -> io::Result<u64> {
        match fs::metadata(self.folder.file(id, EVENTS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            metadata => Ok(metadata?.len()),
        }
    }
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
        fs::write(folder.file(three, MAIL), "no line of JSON").expect("written");
        assert_eq!(look().0.len(), 2, "what was read stays as it was");
        fs::write(folder.file(DecisionId::new(NOW, 4), MAIL), "no line of JSON").expect("written");
        assert_eq!((look().0.len(), look().1), (2, 1));
    }
}

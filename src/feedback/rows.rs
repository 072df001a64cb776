//! What of a decision is needed to label it, from the journal or from Kith's quarantine.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

use crate::decision::{DecisionId, Verdict};
use crate::journal::{self, Entry};
use crate::labels::Subject;
use crate::mail::{Address, Direction, Moment};
use crate::quarantine::{Folder, Held};

/// A decision that may be labelled.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub id: DecisionId,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Who wrote it, by From, else by the reverse-path.
    pub author: Option<Address>,
    /// For whom it was.
    pub recipients: Vec<Address>,
    /// Whether the message was delivered without a mark.
    pub is_unmarked: bool,
    /// Whether its author was proved, or it came from one of our own.
    pub is_proved: bool,
}

impl From<Entry> for Row {
    fn from(entry: Entry) -> Self {
        let author = entry.author.as_deref().or(entry.envelope.sender.as_deref()).and_then(Address::parse);
        let recipients = entry.envelope.recipients.iter().filter_map(|text| Address::parse(text)).collect();
        let is_unmarked = entry.action == Verdict::Accept;
        let is_own = entry.direction.is_some_and(|direction| direction != Direction::Inbound);
        let is_proved = is_own || entry.auth.dmarc.split(' ').next() == Some("pass");
        Self { id: entry.id, message_id: entry.message_id, author, recipients, is_unmarked, is_proved }
    }
}

impl From<Held> for Row {
    fn from(held: Held) -> Self {
        let author = held.author.as_deref().and_then(Address::parse).or(held.sender);
        Self {
            id: held.id,
            message_id: held.message_id,
            author,
            recipients: held.recipients,
            is_unmarked: false,
            is_proved: false,
        }
    }
}

/// The decision of this id, from the journal or, where that does not reach back so far, from the quarantine.
///
/// # Errors
/// One of them cannot be read.
pub fn find(state: &Path, id: DecisionId) -> io::Result<Option<Row>> {
    if let Some(entry) = journal::find(&state.join(journal::FOLDER), id)? {
        return Ok(Some(entry.into()));
    }
    let kept = Folder::of(state).find(id)?;
    Ok(kept.map(|kept| kept.held.into()))
}

/// Decisions by id and by Message-ID.
#[derive(Debug, Default)]
pub struct Found {
    /// By id.
    pub by_id: HashMap<DecisionId, Row>,
    /// Oldest first.
    pub by_message_id: HashMap<String, Vec<Row>>,
}

impl Found {
    /// The newest decision of a message that is allowed.
    pub fn of(&self, subject: &Subject, allowed: impl Fn(&Row) -> bool) -> Option<&Row> {
        let by_id = subject.id.and_then(|id| self.by_id.get(&id)).filter(|row| allowed(row));
        let named = || {
            let rows = self.by_message_id.get(subject.message_id.as_deref()?)?;
            rows.iter().rev().find(|row| allowed(row))
        };
        by_id.or_else(named)
    }
}

/// Finds the decisions since a moment that have one of these names, in one reading of the journal.
///
/// # Errors
/// It cannot be read.
pub fn find_all(
    state: &Path,
    ids: &HashSet<DecisionId>,
    message_ids: &HashSet<String>,
    since: Moment,
) -> io::Result<Found> {
    let mut found = Found::default();
    if ids.is_empty() && message_ids.is_empty() {
        return Ok(found);
    }
    let is_wanted = |line: &[u8]| {
        let id = text_after(line, b"{\"id\":\"").and_then(DecisionId::parse);
        id.is_some_and(|id| ids.contains(&id))
            || text_after(line, b",\"message_id\":\"").is_some_and(|text| message_ids.contains(text))
    };
    journal::each(&state.join(journal::FOLDER), since, is_wanted, |entry| {
        let row = Row::from(entry);
        if let Some(message_id) = row.message_id.clone().filter(|text| message_ids.contains(text)) {
            found.by_message_id.entry(message_id).or_default().push(row.clone());
        }
        if ids.contains(&row.id) {
            found.by_id.insert(row.id, row);
        }
    })?;
    Ok(found)
}

/// The JSON string that follows these bytes for the first time; `None` where it has escapes, as names that are sought here
/// have none.
fn text_after<'a>(line: &'a [u8], before: &[u8]) -> Option<&'a str> {
    let start = line.windows(before.len()).position(|part| part == before)? + before.len();
    let length = line[start..].iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(&line[start..start + length]).ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn decisions_are_found_by_either_name() {
        let state = tempfile::tempdir().expect("a directory");
        let folder = state.path().join(journal::FOLDER);
        fs::create_dir(&folder).expect("room");
        let id = |ms: i64| DecisionId::new(Moment(ms), 1);
        let line = |ms: i64, name: &str| {
            let entry = Entry { id: id(ms), message_id: Some(name.to_owned()), ..Entry::default() };
            serde_json::to_string(&entry).expect("plain") + "\n"
        };
        let lines = [line(1, "a@x"), line(2, "b@x"), line(3, "a@x"), line(4, "c@x")].concat();
        fs::write(folder.join("journal.jsonl"), lines).expect("room");
        let names = ["a@x", "z@x"].map(str::to_owned).into();
        let found = find_all(state.path(), &[id(4), id(9)].into(), &names, Moment(0)).expect("readable");
        assert_eq!((found.by_id.len(), found.by_id[&id(4)].message_id.as_deref()), (1, Some("c@x")));
        let times: Vec<_> = found.by_message_id["a@x"].iter().map(|row| row.id).collect();
        assert_eq!((times.as_slice(), found.by_message_id.len()), (&[id(1), id(3)][..], 1));
        assert_eq!(find(state.path(), id(2)).expect("readable").map(|row| row.id), Some(id(2)));
        assert_eq!(find(state.path(), id(9)).expect("readable"), None);
    }
}

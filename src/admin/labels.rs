//! Labels as the console takes and shows them: of one decision, newest first, read on as the file grows.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::decision::DecisionId;
use crate::labels::{Book, FILE, How, Label, Opinion, TEXT_BYTES_MAX};
use crate::mail::{Category, Moment};

/// Labels kept of one decision, newest first: more would be a quarrel, and all stand in the file.
const OF_ONE_MAX: usize = 10;

/// What somebody wants to say, as it comes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) label: String,
    pub(super) category: String,
    pub(super) note: String,
}

impl Said {
    /// The label that was said.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn label(&self, id: DecisionId, who: &str, how: How) -> Result<Label, String> {
        let opinion = match self.label.as_str() {
            "safe" if !self.category.is_empty() => return Err("a safe message has no kind of attack".to_owned()),
            "safe" => Opinion::Safe,
            "attack" => Opinion::Attack,
            other => return Err(format!("{other:?} is no label: it is safe or attack")),
        };
        let category = match self.category.as_str() {
            "" => None,
            name => {
                let known = Category::ALL.into_iter().find(|category| category.name() == name);
                Some(known.ok_or_else(|| format!("{name:?} is no kind of attack"))?)
            }
        };
        if self.note.len() > TEXT_BYTES_MAX {
            return Err(format!("the note is too long: at most {TEXT_BYTES_MAX} bytes"));
        }
        let note = Some(self.note.as_str()).filter(|note| !note.is_empty());
        Ok(Label::new(id, opinion, who, how, Moment::now()).of(category).noted(note))
    }
}

/// The labels of a state directory, read on as the file grows.
#[derive(Debug)]
pub(super) struct Labels {
    book: Book,
    path: PathBuf,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    position: u64,
    by_id: HashMap<DecisionId, Vec<Label>>,
    /// Labels by label and category.
    counts: BTreeMap<(String, String), u64>,
}

impl Labels {
    pub(super) fn new(state: &Path) -> Self {
        Self { book: Book::of(state), path: state.join(FILE), known: Mutex::default() }
    }

    /// Writes a label down, durably.
    pub(super) fn add(&self, label: &Label) -> io::Result<()> {
        self.book.add(label)
    }

    /// What is said of a decision, newest first.
    pub(super) fn of(&self, id: DecisionId) -> io::Result<Vec<Label>> {
        self.read(|known| known.by_id.get(&id).cloned().unwrap_or_default())
    }

    /// The newest label of each of these decisions.
    pub(super) fn newest(&self, ids: &[DecisionId]) -> io::Result<Vec<Option<Label>>> {
        self.read(|known| ids.iter().map(|id| known.by_id.get(id).and_then(|all| all.first().cloned())).collect())
    }

    /// How many there are, by label and category.
    pub(super) fn counts(&self) -> io::Result<BTreeMap<(String, String), u64>> {
        self.read(|known| known.counts.clone())
    }

    fn read<T>(&self, ask: impl FnOnce(&Known) -> T) -> io::Result<T> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        match File::open(&self.path) {
            Ok(file) => known.read_on(file)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => *known = Known::default(),
            Err(error) => return Err(error),
        }
        Ok(ask(&known))
    }
}

impl Known {
    fn read_on(&mut self, mut file: File) -> io::Result<()> {
        let length = file.metadata()?.len();
        if length < self.position {
            *self = Self::default();
        }
        if length == self.position {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.position))?;
        let mut lines = BufReader::new(file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = lines.read_until(b'\n', &mut line)?;
            if read == 0 || !line.ends_with(b"\n") {
                return Ok(());
            }
            self.position += read as u64;
            // What another version wrote, and this one cannot read, is not lost: it stands in the file.
            let Ok(label) = serde_json::from_slice::<Label>(&line) else { continue };
            let category = label.category.map_or("none", |category| category.name()).to_owned();
            *self.counts.entry((label.opinion.name().to_owned(), category)).or_default() += 1;
            let of_one = self.by_id.entry(label.id).or_default();
            of_one.insert(0, label);
            of_one.truncate(OF_ONE_MAX);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(ms: i64) -> DecisionId {
        DecisionId::new(Moment(ms), 1)
    }

    fn said(label: &str, category: &str, note: &str) -> Said {
        Said { label: label.into(), category: category.into(), note: note.into() }
    }

    #[test]
    fn the_newest_counts_and_none_is_lost() {
        let state = tempfile::tempdir().expect("a directory");
        let labels = Labels::new(state.path());
        assert_eq!(labels.of(id(1)).expect("none"), []);
        for (label, category) in [("attack", "malware"), ("safe", "")] {
            let label = said(label, category, "a\nb").label(id(1), "ann", How::Console).expect("sound");
            labels.add(&label).expect("written");
        }
        let of = labels.of(id(1)).expect("read");
        assert_eq!(of.iter().map(Label::words).collect::<Vec<_>>(), ["safe", "attack:malware"]);
        assert_eq!(labels.newest(&[id(2), id(1)]).expect("read"), [None, Some(of[0].clone())]);
        let counts = labels.counts().expect("read");
        assert_eq!(counts[&("attack".to_owned(), "malware".to_owned())], 1);
        let text = std::fs::read_to_string(state.path().join(FILE)).expect("written");
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn what_others_append_is_seen_and_what_is_damaged_passed_over() {
        let state = tempfile::tempdir().expect("a directory");
        let labels = Labels::new(state.path());
        let line = |label: &str| format!("{{\"id\":\"{}\",\"label\":\"{label}\"}}\n", id(1));
        let write = |text: String| std::fs::write(state.path().join(FILE), text).expect("written");
        write(line("safe") + "damaged\n");
        assert_eq!(labels.of(id(1)).expect("read").len(), 1);
        write(line("safe") + "damaged\n" + &line("attack") + "{\"id\":");
        assert_eq!(labels.of(id(1)).expect("read")[0].opinion, Opinion::Attack);
        write(line("safe"));
        assert_eq!(labels.of(id(1)).expect("read").len(), 1, "another file begins anew");
    }

    #[test]
    fn what_is_no_label_is_refused() {
        let check = |label: &str, category: &str, note: &str, sound: bool| {
            assert_eq!(said(label, category, note).label(id(1), "ann", How::Console).is_ok(), sound, "{label}");
        };
        check("safe", "", "", true);
        check("attack", "", "", true);
        check("attack", "spam", &"x".repeat(TEXT_BYTES_MAX), true);
        check("attack", "spam", &"x".repeat(TEXT_BYTES_MAX + 1), false);
        check("safe", "spam", "", false);
        check("attack", "mischief", "", false);
        check("", "", "", false);
    }
}

//! Labels: what people say of decisions, one JSON object a line in a file that is only appended to; the newest counts.

use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::decision::DecisionId;
use crate::mail::{Category, Moment};

/// Name of the file below the state directory.
const FILE: &str = "labels.jsonl";
/// Labels kept of one decision, newest first: more would be a quarrel, and all stand in the file.
const OF_ONE_MAX: usize = 10;
/// Longest note, in characters.
const NOTE_CHARACTERS_MAX: usize = 500;

/// What somebody says of one decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Label {
    /// The decision.
    pub(super) id: DecisionId,
    /// `safe` or `attack`.
    #[serde(alias = "opinion")]
    pub(super) label: String,
    /// The kind of attack, where it is one and known.
    #[serde(default)]
    pub(super) category: Option<Category>,
    /// Who says so.
    #[serde(default)]
    pub(super) who: String,
    /// When, by RFC 3339.
    #[serde(default)]
    pub(super) at: String,
    /// By which way.
    #[serde(default)]
    pub(super) how: String,
    /// What it weighs beside others: 1 for a person who looked.
    #[serde(default)]
    pub(super) weight: f32,
    /// Why, in his words.
    #[serde(default)]
    pub(super) note: Option<String>,
}

/// What somebody wants to say, as it comes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    pub(super) label: String,
    pub(super) category: String,
    pub(super) note: String,
}

impl Label {
    /// The label that was said.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn new(id: DecisionId, said: &Said, who: &str, how: &str) -> Result<Self, String> {
        let category = match (said.label.as_str(), said.category.as_str()) {
            ("safe" | "attack", "") => None,
            ("attack", name) => {
                let known = Category::ALL.into_iter().find(|category| category.name() == name);
                Some(known.ok_or_else(|| format!("{name:?} is no kind of attack"))?)
            }
            ("safe", _) => return Err("a safe message has no kind of attack".to_owned()),
            (other, _) => return Err(format!("{other:?} is no label: it is safe or attack")),
        };
        if said.note.chars().count() > NOTE_CHARACTERS_MAX {
            return Err(format!("the note is too long: at most {NOTE_CHARACTERS_MAX} characters"));
        }
        Ok(Self {
            id,
            label: said.label.clone(),
            category,
            who: who.to_owned(),
            at: Moment::now().rfc3339(),
            how: how.to_owned(),
            weight: 1.0,
            note: Some(said.note.clone()).filter(|note| !note.is_empty()),
        })
    }

    /// It in two words.
    pub(super) fn words(&self) -> String {
        let category = self.category.map_or(String::new(), |category| format!(": {category}"));
        format!("{}{category}", self.label)
    }
}

/// The labels of a state directory, read on as the file grows.
#[derive(Debug)]
pub(super) struct Labels {
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
        Self { path: state.join(FILE), known: Mutex::default() }
    }

    /// Writes a label down, durably: one write, so that those of other processes do not fall into it.
    pub(super) fn add(&self, label: &Label) -> io::Result<()> {
        let mut line = serde_json::to_vec(label)?;
        line.push(b'\n');
        let mut file = OpenOptions::new().append(true).create(true).mode(0o640).open(&self.path)?;
        file.write_all(&line)?;
        file.sync_data()
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
            *self.counts.entry((label.label.clone(), category)).or_default() += 1;
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
            let label = Label::new(id(1), &said(label, category, "a\nb"), "ann", "console").expect("sound");
            labels.add(&label).expect("written");
        }
        let of = labels.of(id(1)).expect("read");
        assert_eq!(of.iter().map(Label::words).collect::<Vec<_>>(), ["safe", "attack: malware"]);
        assert_eq!(labels.newest(&[id(2), id(1)]).expect("read"), [None, Some(of[0].clone())]);
        let counts = labels.counts().expect("read");
        assert_eq!(counts[&("attack".to_owned(), "malware".to_owned())], 1);
        let text = std::fs::read_to_string(state.path().join(FILE)).expect("written");
        assert_eq!(text.lines().count(), 2);
        let first: serde_json::Value = serde_json::from_str(text.lines().next().expect("a line")).expect("JSON");
        let keys: Vec<_> = first.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(keys, ["id", "label", "category", "who", "at", "how", "weight", "note"]);
    }

    #[test]
    fn what_others_append_is_seen_and_what_is_damaged_passed_over() {
        let state = tempfile::tempdir().expect("a directory");
        let labels = Labels::new(state.path());
        let line = |label: &str| format!("{{\"id\":\"{}\",\"opinion\":\"{label}\",\"note\":null}}\n", id(1));
        let write = |text: String| std::fs::write(state.path().join(FILE), text).expect("written");
        write(line("safe") + "damaged\n");
        assert_eq!(labels.of(id(1)).expect("read").len(), 1);
        write(line("safe") + "damaged\n" + &line("attack") + "{\"id\":");
        assert_eq!(labels.of(id(1)).expect("read")[0].label, "attack");
        write(line("safe"));
        assert_eq!(labels.of(id(1)).expect("read").len(), 1, "another file begins anew");
    }

    #[test]
    fn what_is_no_label_is_refused() {
        let check = |label: &str, category: &str, note: &str, sound: bool| {
            assert_eq!(Label::new(id(1), &said(label, category, note), "ann", "console").is_ok(), sound, "{label}");
        };
        check("safe", "", "", true);
        check("attack", "", "", true);
        check("attack", "spam", &"x".repeat(NOTE_CHARACTERS_MAX), true);
        check("attack", "spam", &"x".repeat(NOTE_CHARACTERS_MAX + 1), false);
        check("safe", "spam", "", false);
        check("attack", "mischief", "", false);
        check("", "", "", false);
    }
}

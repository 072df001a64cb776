//! The labels of a state directory, in one file that is only ever appended to.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::decision::DecisionId;
use crate::lines::{self, Lines};
use crate::mail::{Category, Moment};

/// Name of the file.
pub const FILE: &str = "labels.jsonl";

/// Longest note and longest name of a person, in bytes.
pub const TEXT_BYTES_MAX: usize = 512;

/// What somebody said of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// It is ordinary mail.
    Safe,
    /// It is an attack.
    Attack,
}

impl Opinion {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Attack => "attack",
        }
    }
}

/// By which way it was said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// By a person on the command line.
    #[default]
    Command,
    /// By a person at the console.
    Console,
    /// By a program that uses the console's JSON.
    Api,
    /// By releasing it.
    Release,
    /// By reporting it to a mailbox, or by moving it into a folder.
    Mailbox,
    /// By a report to the abuse mailbox that the daemon watches.
    AbuseMailbox,
    /// By moving it into or out of a Junk folder that the daemon watches.
    JunkFolder,
}

impl How {
    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Console => "console",
            Self::Api => "api",
            Self::Release => "release",
            Self::Mailbox => "mailbox",
            Self::AbuseMailbox => "abuse_mailbox",
            Self::JunkFolder => "junk_folder",
        }
    }

    /// How much it counts as an example, where nobody says otherwise.
    pub fn weight(self) -> f32 {
        match self {
            Self::Command | Self::Console | Self::Api => 1.0,
            // Who lets a message go may have looked at no more than its subject.
            Self::Release => 0.7,
            // People report what they do not want, attack or not.
            Self::Mailbox | Self::AbuseMailbox | Self::JunkFolder => 0.5,
        }
    }
}

/// What somebody said of a decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The decision.
    pub id: DecisionId,
    /// When it was said, by RFC 3339 in UTC.
    #[serde(default)]
    pub at: String,
    /// What was said.
    #[serde(rename = "label")]
    pub opinion: Opinion,
    /// The kind of attack, where it was named.
    #[serde(default)]
    pub category: Option<Category>,
    /// Who said it.
    #[serde(default)]
    pub who: String,
    /// By which way.
    #[serde(default)]
    pub how: How,
    /// How much it counts as an example; 1 is an ordinary label.
    #[serde(default = "ordinary")]
    pub weight: f32,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
}

/// The weight of an ordinary label.
fn ordinary() -> f32 {
    1.0
}

impl Label {
    /// What somebody says now.
    pub fn new(id: DecisionId, opinion: Opinion, who: &str, how: How, at: Moment) -> Self {
        let who = clip(who);
        Self { id, at: at.rfc3339(), opinion, category: None, who, how, weight: how.weight(), note: None }
    }

    /// The same with the kind of attack.
    pub fn of(mut self, category: Option<Category>) -> Self {
        self.category = category;
        self
    }

    /// It in a word: `safe`, `attack`, `attack:malware`.
    pub fn words(&self) -> String {
        match self.category.filter(|_| self.opinion == Opinion::Attack) {
            None => self.opinion.name().to_owned(),
            Some(category) => format!("{}:{category}", self.opinion.name()),
        }
    }

    /// The same with a note.
    pub fn noted(mut self, note: Option<&str>) -> Self {
        self.note = note.map(clip);
        self
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let opinion = self.words();
        let note = self.note.as_ref().map_or(String::new(), |note| format!(": {note}"));
        let text = format!(
            "{} {} {opinion} by={} how={} weight={}{note}",
            self.at,
            self.id,
            self.who,
            self.how.name(),
            self.weight
        );
        f.write_str(&text.chars().map(|c| if c.is_control() { '?' } else { c }).collect::<String>())
    }
}

fn clip(text: &str) -> String {
    text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_owned()
}

/// The labels of a state directory.
#[derive(Clone, Debug)]
pub struct Book {
    path: PathBuf,
}

impl Book {
    /// Those below a state directory, whether or not there are any.
    pub fn of(state: &Path) -> Self {
        Self { path: state.join(FILE) }
    }

    /// Writes a label down, durably.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&self, label: &Label) -> io::Result<()> {
        Lines::open(&self.path)?.append(label)
    }

    /// Bytes of the file that holds them; 0 where there is none.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn bytes(&self) -> io::Result<u64> {
        match fs::metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            metadata => Ok(metadata?.len()),
        }
    }

    /// All labels in the order in which they were given.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn all(&self) -> io::Result<Vec<Label>> {
        lines::read(&self.path)
    }

    /// The label that counts of each decision: the last that was given.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn in_force(&self) -> io::Result<HashMap<DecisionId, Label>> {
        Ok(self.all()?.into_iter().map(|label| (label.id, label)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_label_counts_and_nothing_is_lost() {
        let state = tempfile::tempdir().expect("a directory");
        let book = Book::of(state.path());
        assert!(book.in_force().expect("none").is_empty());
        let id = |n| DecisionId::new(Moment(1_700_000_000_000), n);
        let label = |n, opinion| Label::new(id(n), opinion, "ann", How::Command, Moment(1_700_000_000_000));
        let first = label(1, Opinion::Attack).of(Some(Category::Malware)).noted(Some("invoice\r\n.exe"));
        for one in [first.clone(), label(2, Opinion::Safe), label(1, Opinion::Safe)] {
            book.add(&one).expect("room");
        }
        assert_eq!((book.all().expect("read").len(), book.all().expect("read")[0].clone()), (3, first.clone()));
        let in_force = book.in_force().expect("read");
        assert_eq!((in_force.len(), in_force[&id(1)].opinion), (2, Opinion::Safe));
        assert_eq!(
            first.to_string(),
            "2023-11-14T22:13:20Z 01HF7YAT000000000000000001 attack:malware by=ann how=command weight=1: invoice??.exe"
        );
    }

    #[test]
    fn texts_have_a_limit() {
        let label =
            |n: usize| Label::new(DecisionId::default(), Opinion::Safe, &"w".repeat(n), How::Command, Moment(0));
        assert_eq!(
            (label(TEXT_BYTES_MAX).who.len(), label(TEXT_BYTES_MAX + 1).who.len()),
            (TEXT_BYTES_MAX, TEXT_BYTES_MAX)
        );
    }
}

//! How far each rule was promoted, by whom and on what grounds.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::rules::set::Heading;
use crate::rules::settings::Consequence;

/// Folder of the state directory in which the rules keep what they must remember.
pub const FOLDER: &str = "rules";
/// The file of promotions.
const FILE: &str = "states.json";

/// How far a rule is trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Its matches are listed.
    #[default]
    Shadow,
    /// Its matches may mark a message.
    Tag,
    /// Its matches may hold a message.
    Act,
}

impl State {
    /// The most that a match may do.
    pub fn most(self) -> Consequence {
        match self {
            Self::Shadow => Consequence::List,
            Self::Tag => Consequence::Tag,
            Self::Act => Consequence::Hold,
        }
    }

    /// The state of a name.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Shadow, Self::Tag, Self::Act].into_iter().find(|state| state.name() == name)
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shadow => "shadow",
            Self::Tag => "tag",
            Self::Act => "act",
        }
    }
}

/// What a rule would have done to past mail: the grounds of a promotion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grounds {
    /// Messages over which it was run.
    pub messages: u64,
    /// Those that it matched.
    pub matched: u64,
    /// Messages that are known to be safe.
    pub safe: u64,
    /// Those of these that it matched.
    pub safe_matched: u64,
    /// False matches in a million safe messages: the estimate, and the 95 % interval.
    pub false_per_million: [f64; 3],
}

/// One promotion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Promotion {
    /// How far.
    pub state: State,
    /// Who did it.
    pub by: String,
    /// When, by RFC 3339.
    pub at: String,
    /// What the rule asked then: one that asks something else since is not promoted.
    pub digest: String,
    /// The backtest; `None` only for a step back.
    pub grounds: Option<Grounds>,
}

/// The promotions of all rules, by their keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct States(BTreeMap<String, Promotion>);

impl States {
    /// Where they are kept in a state directory.
    pub fn path(state: &Path) -> PathBuf {
        state.join(FOLDER).join(FILE)
    }

    /// Reads them; without a file there are none.
    ///
    /// # Errors
    /// The file cannot be read, or is damaged.
    pub fn read(state: &Path) -> io::Result<Self> {
        match fs::read(Self::path(state)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes them, so that a reader sees either the old or the new ones.
    ///
    /// # Errors
    /// They could not be written; the old ones stand.
    pub fn write(&self, state: &Path) -> io::Result<()> {
        let folder = state.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&folder)?;
        serde_json::to_writer_pretty(&mut file, self).map_err(io::Error::other)?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(Self::path(state)).map_err(|error| error.error)?;
        fs::File::open(&folder)?.sync_all()
    }

    /// How far a rule is promoted: as it was, as long as it asks the same.
    pub fn state(&self, rule: &Heading) -> State {
        self.promotion(rule).map_or(State::Shadow, |promotion| promotion.state)
    }

    /// The promotion that holds of a rule.
    pub fn promotion(&self, rule: &Heading) -> Option<&Promotion> {
        self.0.get(&rule.key).filter(|promotion| promotion.digest == rule.digest)
    }

    /// Notes a promotion.
    pub fn promote(&mut self, rule: &Heading, promotion: Promotion) {
        self.0.insert(rule.key.clone(), promotion);
    }
}

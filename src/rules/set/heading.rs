//! What a rule says of itself.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::rules::evaluate::{Code, is_of_files};
use crate::rules::feed::{EntityKind, Rule};
use crate::rules::language::print;

/// The tag of rules that forbid a habit rather than find an attack: they match honest mail every day.
const ATTACK_SURFACE: &str = "Attack surface reduction";

/// What a rule says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// The file it stands in.
    pub path: PathBuf,
    /// By what people and settings name it: the name of its file without the ending.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its identifier, where it has one.
    pub id: Option<String>,
    /// What it is.
    pub kind: EntityKind,
    /// How much it matters, where it says: low, medium, high, critical, informational.
    pub severity: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The attacks that it is against.
    pub attack_types: Vec<String>,
    /// SHA-256 of what it asks, in hexadecimal: the same as long as it asks the same.
    pub digest: String,
}

impl Heading {
    /// That of a rule.
    pub fn of(rule: &Rule) -> Self {
        let entity = &rule.entity;
        let asked = Sha256::digest(format!("{}\n{}", entity.kind.name(), print(&rule.node)));
        Self {
            path: rule.path.clone(),
            key: rule.path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default(),
            name: entity.name.clone(),
            id: entity.id.clone(),
            kind: entity.kind,
            severity: entity.severity.clone(),
            tags: entity.tags.clone(),
            attack_types: entity.attack_types.clone(),
            digest: asked.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// Whether it is the one of a name: its key or its id.
    pub fn is_named(&self, name: &str) -> bool {
        self.key == name || self.id.as_deref() == Some(name)
    }

    /// Whether it may do no more than mark a message.
    pub fn only_tags(&self) -> bool {
        self.tags.iter().any(|tag| tag.eq_ignore_ascii_case(ATTACK_SURFACE))
    }
}

/// Whether a part of a rule looks into a file.
pub(super) fn reads_files(code: &Code) -> bool {
    matches!(code, Code::Call(function, _) if is_of_files(function))
        || code.parts().iter().any(|(part, _)| reads_files(part))
}

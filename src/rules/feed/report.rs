//! How far the rules of a feed came, and what is wrong with those that did not come through.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Entity;
use crate::rules::check::Checked;
use crate::rules::language::{Fault, Place};

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What was probably meant.
    pub hint: Option<String>,
    /// The same for people, with the source underlined.
    #[serde(skip)]
    pub shown: String,
}

impl Problem {
    /// What is wrong with a file before its source can be read.
    pub fn of_file(file: &Path, line: usize, message: String) -> Self {
        let shown = format!("{}:{line}:1: {message}", file.display());
        Self { file: file.to_owned(), line, column: 1, message, hint: None, shown }
    }

    /// What is wrong with a source.
    pub fn of_source(file: &Path, entity: &Entity, fault: Fault) -> Self {
        let place = Place::of(&entity.source, fault.at.start);
        let (first, indent) = (entity.place.line, entity.place.indent);
        let shown = fault.shown(&entity.source, &file.display().to_string(), first, indent);
        Self {
            file: file.to_owned(),
            line: place.line + first - 1,
            column: place.column + indent,
            message: fault.message,
            hint: fault.hint,
            shown,
        }
    }
}

/// How far the rules of a feed came.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Files read.
    pub files: usize,
    /// Files that are a rule or the like.
    pub entities: usize,
    /// Those whose source parses.
    pub parsed: usize,
    /// Those of these whose names and types are right.
    pub typed: usize,
    /// Those of these for which Kith can provide all that they name.
    pub evaluable: usize,
    /// What Kith cannot provide, with how many of them name it.
    pub missing: BTreeMap<String, usize>,
    /// What is wrong with the others.
    pub errors: Vec<Problem>,
}

impl Report {
    /// Counts a rule whose names and types are right.
    pub(super) fn count(&mut self, checked: &Checked) {
        self.typed += 1;
        self.evaluable += usize::from(checked.missing.is_empty());
        for missing in &checked.missing {
            *self.missing.entry(missing.clone()).or_default() += 1;
        }
    }
}

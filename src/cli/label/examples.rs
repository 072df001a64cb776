//! Labelled decisions as examples for training: what was measured when they were decided.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use crate::cli::{Exit, Failure};
use crate::journal;
use crate::labels::{Book, Opinion};
use crate::mail::Moment;
use crate::settings::Settings;
use crate::signals::registry;
use crate::training::{Examples, Input, Label};

/// Writes the signals of all labelled decisions that the journal still has.
pub(super) fn write(settings: &Settings, book: &Book, file: &Path) -> Result<(), Failure> {
    let labels = book.in_force().map_err(Failure::unavailable)?;
    let oldest = labels.keys().map(|id| id.moment()).min().unwrap_or(Moment(i64::MAX));
    let mut examples = Examples::new(registry().iter().map(Input::from));
    let mut refused = None;
    let is_labelled = |line: &[u8]| {
        let id = line.get(7..33).and_then(|text| std::str::from_utf8(text).ok()).and_then(crate::decision::DecisionId::parse);
        id.is_some_and(|id| labels.contains_key(&id))
    };
    let folder = settings.state_directory.join(journal::FOLDER);
    journal::each(&folder, oldest, is_labelled, |entry| {
        let Some(label) = labels.get(&entry.id) else { return };
        let source = examples.source(label.how.name());
        let values: Vec<_> = registry().iter().map(|signal| entry.signals.of(signal.name).copied().flatten()).collect();
        let attack = label.opinion == Opinion::Attack;
        let row = Label { attack, weight: label.weight, at: entry.id.moment(), campaign: 0, source };
        refused = examples.push(&values, row).err().or(refused.take());
    })
    .map_err(|error| Failure::unavailable(format!("cannot read the journal {}: {error}", folder.display())))?;
    if let Some(refused) = refused {
        return Err(Failure::new(Exit::Data, refused));
    }
    let unwritable = |error| Failure::new(Exit::CannotCreate, format!("cannot write {}: {error}", file.display()));
    File::create(file).and_then(|file| examples.write_csv(BufWriter::new(file))).map_err(unwritable)?;
    let missing = labels.len() - examples.len();
    writeln!(std::io::stdout().lock(), "{} examples written; of {missing} labelled decisions the journal has nothing", examples.len())?;
    Ok(())
}

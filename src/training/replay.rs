//! Labelled mail, replayed in the order of its dates, so that each message is measured against the baseline of its day.

use std::fmt;
use std::path::PathBuf;

use tokio::runtime::Handle;

use super::campaign::campaign;
use super::{Examples, Input, Label, Refused};
use crate::filter::{Filter, Origin, came_at};
use crate::mail::Moment;
use crate::mailbox::{Index, ReadError};
use crate::signals::registry;

/// Labelled mail of one origin.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in figures.
    pub name: String,
    /// Where it lies: whatever `kith scan` reads.
    pub path: PathBuf,
    /// Whether its messages are attacks.
    pub attack: bool,
    /// Whether they are learned as refused.
    pub refused: bool,
}

/// What a replay gives.
#[derive(Debug)]
pub struct Replayed {
    /// The messages as training sees them, in the order of their dates.
    pub examples: Examples,
    /// The score of each by the model in force; `None` where it gave none.
    pub scores: Vec<Option<f32>>,
    /// Files that could not be read.
    pub errors: Vec<ReadError>,
}

/// Why mail could not be replayed.
#[derive(Debug)]
pub enum ReplayError {
    /// A source holds no message that can be read: its path, and why where the system refused.
    Empty(PathBuf, Option<ReadError>),
    /// An example was refused.
    Refused(Refused),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(_, Some(error)) => write!(f, "{error}: name files, folders, Maildirs or mbox files with mail"),
            Self::Empty(path, None) => {
                write!(f, "{} holds no message: name files, folders, Maildirs or mbox files with mail", path.display())
            }
            Self::Refused(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ReplayError {}

/// Replays labelled mail: parse → recall → measure, then learn, message by message in the order of their dates. The
/// filter must stand on an empty state directory; every message is learned as delivered whatever its label, as by a
/// filter that does not know the labels, unless its source was refused. `progress` hears how many of how many are done.
pub fn replay(
    filter: &Filter,
    sources: &[Source],
    origin: &Origin,
    mut progress: impl FnMut(usize, usize),
) -> Result<Replayed, ReplayError> {
    let mut examples = Examples::new(registry().iter().map(Input::from));
    let mut indices = Vec::with_capacity(sources.len());
    for source in sources {
        let (mut index, dates) = dated(filter, source);
        // A misspelt path is told before hours of work, and before a model that lacks its mail.
        if index.places.is_empty() {
            return Err(ReplayError::Empty(source.path.clone(), index.errors.pop()));
        }
        indices.push((index, dates));
    }
    let mut queue = Vec::new();
    for (source, (index, dates)) in sources.iter().zip(&indices) {
        let number = examples.source(&source.name);
        queue.extend(index.places.iter().zip(dates).map(|(place, at)| (*at, number, source, place)));
    }
    queue.sort_by_key(|(at, ..)| *at);
    let (all, mut scores, mut errors) = (queue.len(), Vec::with_capacity(queue.len()), Vec::new());
    for (nth, (at, number, source, place)) in queue.into_iter().enumerate() {
        progress(nth, all);
        let raw = match place.read() {
            Ok(raw) => raw,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        let judged = Handle::current().block_on(filter.judge_as_of(&raw, origin, at));
        let campaign = campaign(&judged.message);
        let label = Label { attack: source.attack, weight: 1.0, at, campaign, source: number };
        examples.push(&judged.signals.0, label).map_err(ReplayError::Refused)?;
        scores.push(judged.score.as_ref().map(|score| score.points));
        if source.refused { filter.learn_refused(&judged) } else { filter.learn_stored(&judged) }
    }
    progress(all, all);
    errors.extend(indices.into_iter().flat_map(|(index, _)| index.errors));
    match sources.first().filter(|_| examples.is_empty()) {
        Some(source) => Err(ReplayError::Empty(source.path.clone(), errors.pop())),
        None => Ok(Replayed { examples, scores, errors }),
    }
}

/// Where a source's messages lie, and when each came; one without a date came with the one before it.
fn dated(filter: &Filter, source: &Source) -> (Index, Vec<Moment>) {
    let mut dates: Vec<Moment> = Vec::new();
    let index = Index::build(std::slice::from_ref(&source.path), |_, raw| {
        let before = dates.last().copied().unwrap_or_default();
        dates.push(came_at(&filter.head(raw)).unwrap_or(before));
    });
    (index, dates)
}

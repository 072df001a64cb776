//! Past mail into the baselines: in the order of its dates, and on from where an import broke off.

use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tokio::runtime::Handle;

use crate::filter::{Filter, Origin, came_at};
use crate::mail::Moment;
use crate::mailbox::{Index, ReadError};

/// What an import did.
#[derive(Debug, Default)]
pub struct Imported {
    /// Messages learned now.
    pub learned: usize,
    /// Messages that an earlier, broken-off import of the same paths had learned.
    pub before: usize,
    /// Files that could not be read.
    pub errors: Vec<ReadError>,
}

/// Lets the baselines learn past mail. How far it came is written with what was learned, so that an import that was
/// broken off goes on there; a message that was learned before in another way is known by its Message-ID and not
/// counted twice. `progress` hears how many of how many are done.
///
/// # Errors
/// The baselines are not there or cannot be written; why, in words.
pub fn import(
    filter: &Filter,
    paths: &[PathBuf],
    origin: &Origin,
    mut progress: impl FnMut(usize, usize),
) -> Result<Imported, String> {
    let mut dates: Vec<Moment> = Vec::new();
    let mut index = Index::build(paths, |_, raw| {
        let before = dates.last().copied().unwrap_or_default();
        dates.push(came_at(&filter.head(raw)).unwrap_or(before));
    });
    let mut queue: Vec<_> = dates.into_iter().zip(&index.places).collect();
    queue.sort_by_key(|(at, _)| *at);
    let source = name(paths);
    let done = usize::try_from(filter.import_mark(&source)?).unwrap_or(usize::MAX).min(queue.len());
    let mut imported = Imported { before: done, ..Imported::default() };
    let all = queue.len();
    for (nth, (at, place)) in queue.into_iter().enumerate().skip(done) {
        progress(nth, all);
        match place.read() {
            Ok(raw) => {
                let judged = Handle::current().block_on(filter.judge_as_of(&raw, origin, at));
                filter.learn_import(&judged, &source, nth as u64 + 1)?;
                imported.learned += 1;
            }
            Err(error) => imported.errors.push(error),
        }
    }
    progress(all, all);
    imported.errors.append(&mut index.errors);
    Ok(imported)
}

/// The name under which the progress of an import of these paths is remembered.
fn name(paths: &[PathBuf]) -> String {
    let mut digest = Sha256::new();
    for path in paths {
        digest.update(path.canonicalize().unwrap_or_else(|_| path.clone()).as_os_str().as_encoded_bytes());
        digest.update([0]);
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

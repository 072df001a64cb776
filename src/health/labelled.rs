//! Which detectors spoke against the decisions that people labelled.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::decision::{DecisionId, MODEL, RARITY_PREFIX, RULE_PREFIX};
use crate::journal::{self, Entry};
use crate::labels::{Book, Opinion};
use crate::mail::Moment;

/// Days of decisions whose labels count.
const DAYS: f64 = 30.0;
/// Labelled decisions that are kept in mind, the newest.
const DECISIONS_MAX: usize = 5_000;
/// Decisions that are looked up in the journal at a time; the others have their turn at the next.
const LOOK_UPS_MAX: usize = 200;

/// A labelled decision: when it was made, whether it is labelled safe, and who spoke against it.
pub type One = (Moment, bool, Arc<[String]>);

/// The labelled decisions of a state directory.
#[derive(Debug)]
pub struct Labelled {
    book: Book,
    journal: PathBuf,
    /// Bytes of the labels that were read; `None` where some decisions wait to be looked up.
    bytes: Option<u64>,
    spoke: HashMap<DecisionId, Arc<[String]>>,
    known: Vec<One>,
}

impl Labelled {
    /// Those of a state directory.
    pub fn of(state: &Path) -> Self {
        let journal = state.join(journal::FOLDER);
        Self { book: Book::of(state), journal, bytes: None, spoke: HashMap::new(), known: Vec::new() }
    }

    /// Reads what was labelled since it was last asked; says whether anything was.
    ///
    /// # Errors
    /// Labels or journal cannot be read.
    pub fn look(&mut self, now: Moment) -> io::Result<bool> {
        let bytes = self.book.bytes()?;
        if self.bytes == Some(bytes) || bytes == 0 {
            return Ok(false);
        }
        let in_force = self.book.in_force()?;
        let mut late: Vec<DecisionId> = in_force.keys().copied().filter(|id| is_late(*id, now)).collect();
        late.sort_by_key(|id| std::cmp::Reverse(id.moment()));
        late.truncate(DECISIONS_MAX);
        let wanted: HashSet<DecisionId> = late.iter().copied().collect();
        self.spoke.retain(|id, _| wanted.contains(id));
        let unknown: Vec<DecisionId> = late.iter().copied().filter(|id| !self.spoke.contains_key(id)).collect();
        for id in unknown.iter().take(LOOK_UPS_MAX) {
            // What the journal holds no more spoke to nobody.
            let names = journal::find(&self.journal, *id)?.map_or_else(Vec::new, |entry| spoke(&entry));
            self.spoke.insert(*id, names.into());
        }
        self.bytes = (unknown.len() <= LOOK_UPS_MAX).then_some(bytes);
        let one = |id: &DecisionId| {
            let names = self.spoke.get(id)?;
            Some((id.moment(), in_force.get(id)?.opinion == Opinion::Safe, Arc::clone(names)))
        };
        self.known = late.iter().filter_map(one).collect();
        Ok(true)
    }

    /// The labelled decisions of the last month.
    pub fn known(&self) -> &[One] {
        &self.known
    }
}

fn is_late(id: DecisionId, now: Moment) -> bool {
    now.days_since(id.moment()) <= DAYS
}

/// The detectors that spoke against a message, muted ones too.
fn spoke(entry: &Entry) -> Vec<String> {
    let signals = entry.contributions.0.iter().chain(&entry.muted.0).filter(|(_, points)| *points > 0.0);
    let mut names: Vec<String> = signals.map(|(name, _)| name.to_string()).collect();
    names.extend(
        entry.rules.iter().flat_map(|rules| &rules.matched).map(|found| format!("{RULE_PREFIX}{}", found.rule)),
    );
    names.extend(entry.rarity.iter().filter(|r| r.alert).map(|r| format!("{RARITY_PREFIX}{}", r.detector)));
    if entry.score.zip(entry.threshold).is_some_and(|(score, threshold)| score >= threshold) {
        names.push(MODEL.to_owned());
    }
    names
}

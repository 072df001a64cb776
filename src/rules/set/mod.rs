//! All rules of an installation as one: what they have in common is computed once for each message.

mod entries;
mod gates;
mod heading;
mod matches;
mod order;
mod sharing;
mod wanted;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::evaluate::{Code, Outcome, Run, Sought};
use super::facts::View;
use super::feed::{EntityKind, Rule};
use super::lists::Lists;
use super::settings::Consequence;
use gates::Gates;
use sharing::Sharing;

pub use heading::Heading;
pub use matches::{Match, Matches};

/// A rule as it is run.
struct Entry {
    heading: Arc<Heading>,
    code: Code,
}

/// Rules that are run over a message together.
pub struct RuleSet {
    rules: Vec<Entry>,
    lists: Lists,
    sought: Sought,
    gates: Gates,
    shared: usize,
    reads_files: bool,
    digest: String,
}

impl RuleSet {
    /// These rules, with the lists that they name.
    pub fn new(mut rules: Vec<Rule>, lists: Lists) -> Self {
        for rule in &mut rules {
            entries::gather(&mut rule.checked.code, &lists);
        }
        let mut sharing = Sharing::default();
        let outlines: Vec<_> = rules.iter().map(|rule| sharing.take(&rule.checked.code)).collect();
        let mut digest = Sha256::new();
        let mut made = Vec::with_capacity(rules.len());
        let mut gates = Gates::default();
        let mut reads_files = false;
        for (rule, outline) in rules.into_iter().zip(&outlines) {
            let heading = Heading::of(&rule);
            digest.update(heading.digest.as_bytes());
            reads_files |= heading::reads_files(&rule.checked.code);
            let code = sharing.make_over(rule.checked.code, outline);
            gates.take(&code);
            made.push(Entry { heading: Arc::new(heading), code });
        }
        let sought = Sought { phrases: sharing.wanted.phrases(), count: sharing.wanted.count() };
        let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self { rules: made, lists, sought, gates, shared: sharing.count_kept(), reads_files, digest }
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// What the rules say of themselves, in their order.
    pub fn headings(&self) -> impl Iterator<Item = &Arc<Heading>> {
        self.rules.iter().map(|rule| &rule.heading)
    }

    /// The lists that the rules name.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Whether a rule looks into files: their content must then be kept while a message is judged.
    pub fn reads_files(&self) -> bool {
        self.reads_files
    }

    /// SHA-256 over all rules, in hexadecimal: two sets with the same digest say the same of a message.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many parts are computed once for all rules, and how many phrases are looked for at once.
    pub fn shares(&self) -> (usize, usize) {
        (self.shared, self.sought.count)
    }
}

/// Runs all rules of a set over a message. A rule that panics or takes too many steps ends alone.
pub fn evaluate(set: &RuleSet, view: View<'_>) -> Matches {
    run(set, view, false)
}

/// As [`evaluate`], and measures how long each rule takes.
pub fn evaluate_timed(set: &RuleSet, view: View<'_>) -> Matches {
    run(set, view, true)
}

fn run(set: &RuleSet, view: View<'_>, is_timed: bool) -> Matches {
    let run = Run::sharing(view, &set.lists, Some(&set.sought), set.shared);
    let mut matches = Matches::default();
    let looks = set.gates.looks();
    let mut since = is_timed.then(Instant::now);
    for (place, rule) in set.rules.iter().enumerate() {
        if rule.heading.kind == EntityKind::Exclusion {
            matches.elapsed_ns.extend(since.map(|_| 0));
            continue;
        }
        let outcome = || match set.gates.shut(place, &looks, &run) {
            true => Outcome::NoMatch,
            false => run.outcome(&rule.code),
        };
        match catch_unwind(AssertUnwindSafe(outcome)) {
            Ok(Outcome::Match) => {
                let found = catch_unwind(AssertUnwindSafe(|| run.because(&rule.code))).unwrap_or_default();
                let does = Consequence::default();
                matches.matched.push(Match { rule: rule.heading.clone(), found, does, is_muted: false });
            }
            Ok(Outcome::Undecided(lack)) => matches.undecided.push((rule.heading.clone(), lack)),
            Ok(Outcome::NoMatch) => {}
            Err(_) => matches.failed.push(rule.heading.clone()),
        }
        if let Some(since) = &mut since {
            let now = Instant::now();
            let ns = u32::try_from(now.duration_since(*since).as_nanos()).unwrap_or(u32::MAX);
            matches.elapsed_ns.push(ns);
            *since = now;
        }
    }
    matches.excluded_by = excluded_by(set, &run);
    matches
}

/// The exclusion that holds of a message, if one does: by what was proved alone, for anyone can write a header field.
fn excluded_by(set: &RuleSet, run: &Run<'_>) -> Option<Arc<Heading>> {
    let mut exclusions = set.rules.iter().filter(|rule| rule.heading.kind == EntityKind::Exclusion).peekable();
    exclusions.peek()?;
    let proved = Run::sharing(run.view().of_what_is_proved(), &set.lists, Some(&set.sought), set.shared);
    let holds = |rule: &&Entry| {
        catch_unwind(AssertUnwindSafe(|| proved.outcome(&rule.code))).is_ok_and(|outcome| outcome == Outcome::Match)
    };
    exclusions.find(holds).map(|rule| rule.heading.clone())
}

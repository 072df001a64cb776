//! What came of all decisions that were made again: how many are the same, which flip, and what that costs and gains.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Write};
use std::path::Path;

use clap::Args;
use serde_json::{Value, json};

use crate::cli::{Exit, Failure};
use crate::decision::{Decision, DecisionId, Verdict};
use crate::filter::{Source, Unreplayable};
use crate::journal::Entry;
use crate::labels::{Book, Opinion};
use crate::mail::Moment;
use crate::report::{self, Changed, Cost};

/// Flips that are named one by one; their numbers tell of all.
const SHOWN_MAX: usize = 20;

/// How much a change may do.
#[derive(Args, Clone, Copy, Debug, Default)]
pub(super) struct Bounds {
    /// End with 2 where more messages than this are held or refused anew
    #[arg(long, value_name = "N")]
    max_new_holds: Option<u64>,
    /// End with 2 where more messages than this that are labelled safe are held or refused anew
    #[arg(long, value_name = "N")]
    max_new_wrong_holds: Option<u64>,
    /// End with 2 where more messages than this that are labelled attacks are held or refused no more
    #[arg(long, value_name = "N")]
    max_lost_attacks: Option<u64>,
    /// End with 2 where more decisions than this cannot be made again
    #[arg(long, value_name = "N")]
    max_unanswered: Option<u64>,
}

/// A verdict that comes out otherwise: as it was, and as it would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Flip(Verdict, Verdict);

impl Flip {
    /// Whether a message is held or refused that was not, or the other way round; `None` for other flips.
    fn stops(self) -> Option<bool> {
        let [before, after] = [self.0, self.1].map(|verdict| verdict >= Verdict::Hold);
        (before != after).then_some(after)
    }
}

/// What people said of decisions, and which were drawn by chance to be looked at.
#[derive(Debug, Default)]
pub(super) struct Known {
    labels: HashMap<DecisionId, Opinion>,
    chances: HashMap<String, f64>,
}

impl Known {
    /// What is known below a state directory.
    pub fn read(state: &Path) -> io::Result<Self> {
        let labels = Book::of(state).in_force()?.into_iter().map(|(id, label)| (id, label.opinion)).collect();
        Ok(Self { labels, chances: report::chances(state)? })
    }

    fn add(&self, changed: &mut Changed, entry: &Entry) {
        let is_attack = self.labels.get(&entry.id).map(|opinion| *opinion == Opinion::Attack);
        changed.add(is_attack, self.chances.get(&entry.id.to_string()).copied());
    }
}

/// What came of all decisions.
#[derive(Debug, Default)]
pub(super) struct Sums {
    known: Known,
    replayed: BTreeMap<Source, u64>,
    same: u64,
    /// Why decisions could not be made again.
    beyond: BTreeMap<String, u64>,
    /// Why decisions whose message is archived were made again from the journal.
    aside: BTreeMap<String, u64>,
    flips: BTreeMap<Flip, Changed>,
    /// Held or refused anew.
    stopped: Changed,
    /// Held or refused no more.
    passed: Changed,
    shown: Vec<String>,
    /// Since when the baselines know what their mail told, where they have forgotten what was before.
    pub known_since: Option<Moment>,
}

impl Sums {
    pub fn new(known: Known) -> Self {
        Self { known, ..Self::default() }
    }

    pub fn beyond(&mut self, why: &Unreplayable) {
        *self.beyond.entry(why.to_string()).or_default() += 1;
    }

    pub fn aside(&mut self, why: &Unreplayable) {
        *self.aside.entry(why.to_string()).or_default() += 1;
    }

    /// Counts a decision; its flip, where it is one.
    pub fn add(&mut self, entry: &Entry, decision: &Decision, source: Source, is_same: bool) -> Option<Flip> {
        *self.replayed.entry(source).or_default() += 1;
        self.same += u64::from(is_same);
        let flip = Flip(entry.verdict, decision.verdict);
        if flip.0 == flip.1 {
            return None;
        }
        self.known.add(self.flips.entry(flip).or_default(), entry);
        match flip.stops() {
            Some(true) => self.known.add(&mut self.stopped, entry),
            Some(false) => self.known.add(&mut self.passed, entry),
            None => {}
        }
        if self.shown.len() < SHOWN_MAX {
            self.shown.push(self.shown(flip, entry, decision));
        }
        Some(flip)
    }

    fn shown(&self, flip: Flip, entry: &Entry, decision: &Decision) -> String {
        let points = |score: Option<f32>| score.map_or_else(|| "none".to_owned(), |score| format!("{score:+.2}"));
        format!(
            "  {}  {} -> {}  {} -> {}  {}  {}  {}",
            entry.id,
            flip.0.name(),
            flip.1.name(),
            points(entry.score),
            points(decision.score),
            self.known.labels.get(&entry.id).map_or("not labelled", |opinion| opinion.name()),
            entry.author.as_deref().unwrap_or("-"),
            entry.subject.as_deref().unwrap_or("-").escape_debug(),
        )
    }

    /// A decision that comes out otherwise, as an object.
    pub fn flip(&self, flip: Flip, entry: &Entry, decision: &Decision, source: Source) -> Value {
        json!({
            "id": entry.id, "at": entry.at, "author": entry.author, "subject": entry.subject,
            "verdict": flip.0, "verdict_replayed": flip.1, "score": entry.score, "score_replayed": decision.score,
            "from": named(source), "label": self.known.labels.get(&entry.id),
            "chance": self.known.chances.get(&entry.id.to_string()),
        })
    }

    pub fn json(&self) -> Value {
        let flips = self.flips.iter().map(|(Flip(from, to), changed)| {
            json!({
                "from": from, "to": to, "count": changed.count,
                "attacks": changed.attacks, "safe": changed.safe, "unlabelled": changed.unlabelled(),
            })
        });
        let of = |source| self.replayed.get(&source).copied().unwrap_or_default();
        json!({
            "replayed": self.replayed.values().sum::<u64>(), "same": self.same,
            "from_messages": of(Source::Message), "from_journal": of(Source::Journal),
            "baselines_since": self.known_since.map(Moment::rfc3339), "aside": self.aside, "beyond": self.beyond, "flips": flips.collect::<Vec<_>>(),
            "stopped_anew": self.stopped.cost(), "stopped_no_more": self.passed.cost(),
            "attacks_gained": self.stopped.attacks, "attacks_lost": self.passed.attacks,
            "wrong_holds_gained": self.stopped.safe, "wrong_holds_lost": self.passed.safe,
        })
    }

    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let flipped: u64 = self.flips.values().map(|changed| changed.count).sum();
        writeln!(
            out,
            "{} decisions made again: {} the same bit for bit, {flipped} with another verdict",
            self.replayed.values().sum::<u64>(),
            self.same
        )?;
        for (source, count) in &self.replayed {
            writeln!(out, "{count:>9}  from {}", named(*source))?;
        }
        if let Some(since) = self.known_since {
            writeln!(out, "what the baselines had learned before {} is forgotten", since.rfc3339())?;
        }
        for (why, count) in &self.aside {
            writeln!(out, "{count} made again from the journal, though archived: {why}")?;
        }
        for (why, count) in &self.beyond {
            writeln!(out, "{count} not made again: {why}")?;
        }
        for (Flip(from, to), changed) in &self.flips {
            let (attacks, safe, rest) = (changed.attacks, changed.safe, changed.unlabelled());
            let (from, to, count) = (from.name(), to.name(), changed.count);
            writeln!(out, "{count:>9}  {from} -> {to}: {attacks} attacks, {safe} safe, {rest} not labelled")?;
        }
        write_cost(out, "Held or refused anew", "attacks gained", "wrong holds gained", &self.stopped.cost())?;
        write_cost(out, "Held or refused no more", "attacks lost", "wrong holds lost", &self.passed.cost())?;
        for line in &self.shown {
            writeln!(out, "{line}")?;
        }
        let more = flipped.saturating_sub(self.shown.len() as u64);
        if more > 0 {
            writeln!(out, "  and {more} more; --json names all")?;
        }
        Ok(())
    }

    /// How a script is told of it.
    pub fn end(&self, bounds: Bounds) -> Result<(), Failure> {
        let found = [
            (self.stopped.count, bounds.max_new_holds, "held or refused anew", "max-new-holds"),
            (self.stopped.safe, bounds.max_new_wrong_holds, "held or refused anew though safe", "max-new-wrong-holds"),
            (self.passed.attacks, bounds.max_lost_attacks, "attacks held or refused no more", "max-lost-attacks"),
            (self.beyond.values().sum(), bounds.max_unanswered, "not made again", "max-unanswered"),
        ];
        let beyond = |(count, max, what, option): &(u64, Option<u64>, &str, &str)| {
            let max = max.filter(|max| count > max)?;
            Some(format!("{count} {what}, more than --{option} {max}"))
        };
        let beyond: Vec<String> = found.iter().filter_map(beyond).collect();
        match (beyond.is_empty(), self.flips.is_empty()) {
            (false, _) => Err(Failure::new(Exit::Beyond, beyond.join("; "))),
            (true, false) => Err(Failure::new(Exit::Differs, "")),
            (true, true) => Ok(()),
        }
    }
}

fn write_cost(out: &mut impl Write, what: &str, attacks: &str, safe: &str, cost: &Cost) -> io::Result<()> {
    if cost.count == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "{what}: {}; {attacks} {} (at most {}), {safe} {} (at most {}); attacks among them by the audit sample: {}",
        cost.count, cost.attacks, cost.attacks_at_most, cost.safe, cost.safe_at_most, cost.attacks_by_sample
    )
}

/// What a decision was made again from, in a word.
fn named(source: Source) -> &'static str {
    match source {
        Source::Message => "archived messages",
        Source::Journal => "the journal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sums of a decision for each verdict of before and after, with its label.
    fn sums(flips: &[(Verdict, Verdict, Option<Opinion>)]) -> Sums {
        let mut sums = Sums::default();
        for (n, (before, after, opinion)) in flips.iter().enumerate() {
            let id = DecisionId::new(Moment(5), n as u128);
            sums.known.labels.extend(opinion.map(|opinion| (id, opinion)));
            let decision = Entry { verdict: *after, ..Entry::default() }.decision(&|_| None);
            let entry = Entry { id, verdict: *before, ..Entry::default() };
            sums.add(&entry, &decision, Source::Journal, before == after);
        }
        sums
    }

    fn ends(sums: &Sums, bounds: Bounds) -> Exit {
        sums.end(bounds).err().map_or(Exit::Ok, |failure| failure.exit)
    }

    #[test]
    fn cost_and_gain_are_told_apart() {
        use Verdict::{Accept, Hold, Reject, Tag};
        let (attack, safe) = (Some(Opinion::Attack), Some(Opinion::Safe));
        let sums = sums(&[
            (Accept, Hold, attack),
            (Tag, Reject, safe),
            (Accept, Hold, None),
            (Hold, Accept, attack),
            (Reject, Tag, safe),
            (Hold, Reject, attack),
            (Accept, Tag, safe),
            (Accept, Accept, safe),
        ]);
        let all = sums.json();
        assert_eq!((&all["replayed"], &all["same"]), (&8.into(), &1.into()));
        for (key, expected) in
            [("attacks_gained", 1), ("attacks_lost", 1), ("wrong_holds_gained", 1), ("wrong_holds_lost", 1)]
        {
            assert_eq!(all[key], expected, "{key}");
        }
        assert_eq!((&all["stopped_anew"]["count"], &all["stopped_anew"]["safe_at_most"]), (&3.into(), &2.into()));
        let mut text = Vec::new();
        sums.write(&mut text).expect("memory");
        let text = String::from_utf8(text).expect("text");
        assert!(text.contains("2  accept -> hold: 1 attacks, 0 safe, 1 not labelled"), "{text}");
        assert!(text.contains("anew: 3; attacks gained 1 (at most 2), wrong holds gained 1 (at most 2)"), "{text}");
    }

    #[test]
    fn the_exit_code_says_whether_it_is_within_the_bounds() {
        use Verdict::{Accept, Hold, Tag};
        let (attack, safe) = (Some(Opinion::Attack), Some(Opinion::Safe));
        let none = Bounds::default();
        assert_eq!(ends(&sums(&[(Hold, Hold, None)]), none), Exit::Ok);
        assert_eq!(ends(&sums(&[(Accept, Tag, None)]), none), Exit::Differs);
        let check = |flip, bounds: fn(u64) -> Bounds| {
            assert_eq!(ends(&sums(&[flip]), bounds(1)), Exit::Differs);
            assert_eq!(ends(&sums(&[flip]), bounds(0)), Exit::Beyond);
        };
        check((Accept, Hold, None), |max| Bounds { max_new_holds: Some(max), ..Bounds::default() });
        check((Accept, Hold, safe), |max| Bounds { max_new_wrong_holds: Some(max), ..Bounds::default() });
        check((Hold, Accept, attack), |max| Bounds { max_lost_attacks: Some(max), ..Bounds::default() });
        let mut unanswered = sums(&[]);
        unanswered.beyond(&Unreplayable::Message);
        assert_eq!(ends(&unanswered, none), Exit::Ok);
        assert_eq!(ends(&unanswered, Bounds { max_unanswered: Some(0), ..none }), Exit::Beyond);
    }
}

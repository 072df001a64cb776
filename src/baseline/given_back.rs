//! What was taken back by mistake is given back: the profiles are made anew from the facts, as if they had never been labelled.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::anew::{Attack, Made};
use super::baselines::Baselines;
use super::fact::{Change, Fact, OWN};
use super::key::{Key, fact_key, slot_key};
use super::label::By;
use super::learner::Learner;
use super::likeness::profile_key;
use super::overlay::Bytes;
use super::remembered::Remembered;
use super::shared;
use crate::mail::Moment;

/// What became of a giving back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenBack {
    /// Messages that were labelled as attacks and are not any more.
    pub messages: usize,
    /// Messages of our own people that make somebody solicited again.
    pub answers: usize,
    /// Profiles that were made anew.
    pub profiles: usize,
}

/// Which facts a correction touches, told one after another in the order in which they were learned.
struct Correction {
    by: By,
    messages: Option<[[u8; 16]; 2]>,
    author: String,
    since: Moment,
    /// Threads of the messages that are given back.
    threads: HashSet<u64>,
    /// Threads of other messages of the author that stay labelled, with the first moment of each.
    staying: HashMap<u64, Moment>,
    /// The first moment of what stays labelled by the author's address.
    staying_since: Option<Moment>,
}

impl Baselines {
    /// Gives back exactly what was taken from a message, or from an address since a moment: every profile that it touched
    /// is made anew from the facts, as if it had never been labelled so. What was labelled in the other way, by its name
    /// or by its author's address, stays taken back. What was learned meanwhile keeps what was known when it came.
    ///
    /// # Errors
    /// As of [`Baselines::take_back`].
    pub fn give_back(&self, attack: &Attack, at: Moment) -> Result<GivenBack, String> {
        self.learner.give_back(attack, at, true)
    }
}

impl Learner {
    /// See [`Baselines::give_back`]; `told` says whether other hosts are to act on it, too.
    pub fn give_back(&self, attack: &Attack, at: Moment, told: bool) -> Result<GivenBack, String> {
        if self.settings.facts_days == 0 {
            return Ok(GivenBack::default());
        }
        let mut correction = attack.correction(self);
        self.alone(|_| {
            let (mut touched, mut keys, mut messages) = (HashSet::new(), HashSet::new(), HashSet::new());
            let mut given = GivenBack::default();
            self.each_fact(&mut |number, fact| {
                let message = fact.message;
                let Some(corrected) = correction.corrects(&fact) else { return Ok(()) };
                touched.insert(number);
                if corrected.added() == fact.added() && corrected.is_taken_back() == fact.is_taken_back() {
                    // It stays taken back for another reason.
                    return Ok(());
                }
                if fact.is_taken_back() {
                    messages.insert(message);
                } else {
                    given.answers += 1;
                }
                keys.extend(corrected.changes(&self.keyring, self.bounds).into_iter().map(|(key, _)| key));
                Ok(())
            })?;
            (given.messages, given.profiles) = (messages.len(), keys.len());
            let (mut made, mut revised) = (HashMap::new(), self.marked_as_mail(&messages)?);
            self.each_fact(&mut |number, fact| {
                let fact = if touched.contains(&number) { correction.corrected(fact) } else { fact };
                self.merge_again(&mut made, &fact, &keys);
                if touched.contains(&number) {
                    revised.push((fact_key(number), Bytes::from(fact.encode())));
                }
                Ok(())
            })?;
            let made = made.iter().map(|(key, made)| (*key, made.encode()));
            self.memory.put(made.chain(revised).collect::<Vec<_>>());
            let label = shared::Label { attack: attack.clone(), at, given_back: true };
            self.tell_changed(&keys, HashSet::new(), told.then_some(label));
            Ok(given)
        })
    }

    /// Merges a fact, and lets its domain win standing by it as when it was learned.
    fn merge_again(&self, made: &mut HashMap<Key, Made>, fact: &Fact, keys: &HashSet<Key>) {
        for (key, change) in fact.changes(&self.keyring, self.bounds).into_iter().filter(|(key, _)| keys.contains(key))
        {
            let Change::Standing { domain, at, trades } = change else {
                self.merge_one(made, key, change);
                continue;
            };
            let profile = made.get(&profile_key(key)).map(Made::encode);
            if let Some(row) = self.protect(&domain, at, trades, made.contains_key(&key), profile.as_ref()) {
                made.insert(key, Made::Standing(row));
            }
        }
    }

    /// What is remembered of these messages, so that later deliveries of them count as those of other mail.
    fn marked_as_mail(&self, messages: &HashSet<[u8; 16]>) -> Result<Vec<(Key, Bytes)>, String> {
        let mut marked = Vec::with_capacity(messages.len());
        for message in messages {
            let slot = slot_key(message, self.settings.remembered_messages_max);
            let known = self.read_one(&slot)?.and_then(|bytes| Remembered::decode(&bytes));
            if let Some(known) = known.filter(|known| known.is_message(message)) {
                marked.push((slot, Bytes::from(known.no_attack().encode())));
            }
        }
        Ok(marked)
    }
}

impl Attack {
    fn correction(&self, learner: &Learner) -> Correction {
        let (author, since, messages) = self.meant(learner);
        Correction {
            by: self.by(),
            messages,
            author,
            since,
            threads: HashSet::new(),
            staying: HashMap::new(),
            staying_since: None,
        }
    }
}

impl Correction {
    /// A fact as it is without the label; `None` where the label did nothing to it, or another one does it, too.
    fn corrects(&mut self, fact: &Fact) -> Option<Fact> {
        let is_meant = match &self.messages {
            Some(messages) => messages.contains(&fact.message),
            None => fact.author == self.author && fact.moment() >= self.since,
        };
        let is_labelled = fact.is_labelled(self.by);
        if is_meant {
            self.threads.insert(fact.thread);
            return is_labelled.then(|| self.corrected(fact.clone()));
        }
        if is_labelled && fact.author == self.author {
            self.staying.entry(fact.thread).or_insert(fact.moment());
            let first = self.staying_since.map_or(fact.moment(), |known| known.min(fact.moment()));
            self.staying_since = Some(first);
        }
        let is_before = |staying: Option<&Moment>| staying.is_some_and(|first| *first <= fact.moment());
        let answers = match self.by {
            By::Name => self.threads.contains(&fact.thread) && !is_before(self.staying.get(&fact.thread)),
            By::Address => fact.moment() >= self.since && !is_before(self.staying_since.as_ref()),
        };
        let is_deceived = fact.is(OWN) && fact.is_deceived(&self.author, self.by);
        (answers && is_deceived).then(|| self.corrected(fact.clone()))
    }

    fn corrected(&self, fact: Fact) -> Fact {
        if fact.is_labelled(self.by) { fact.given_back(self.by) } else { fact.undeceived(&self.author, self.by) }
    }
}

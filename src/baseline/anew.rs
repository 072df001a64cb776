//! What an attack gained is taken back: its profiles are made anew from the facts, as if it had been refused.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::baselines::Baselines;
use super::fact::{ANSWERS, Change, Fact, OWN, stored};
use super::key::{Key, fact_key, slot_key};
use super::label::By;
use super::learner::Learner;
use super::name::NameRecord;
use super::observation::Observation;
use super::overlay::Bytes;
use super::record::Record;
use super::remembered::Remembered;
use super::shared;
use crate::mail::{Address, Moment};

/// Whose trust is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attack {
    /// One message, by its Message-ID and author.
    Message {
        /// Message-ID without angle brackets.
        message_id: String,
        /// The author's address.
        author: Address,
    },
    /// All that an address wrote since a moment.
    Author {
        /// The author's address.
        author: Address,
        /// The earliest moment.
        since: Moment,
    },
}

/// What became of a taking back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// Messages that are labelled as attacks now and were not before.
    pub messages: usize,
    /// Messages by which our own people answered them: they make nobody solicited any more.
    pub answers: usize,
    /// Profiles that were made anew.
    pub profiles: usize,
}

/// A record while it is made anew.
pub(super) enum Made {
    Profile(Record),
    Name(NameRecord),
    /// That a domain has standing.
    Standing(Vec<u8>),
}

/// What a label does to a fact.
#[derive(Clone, Copy, PartialEq)]
enum Touch {
    /// It is an attack.
    Attack,
    /// One of our own wrote it in answer to an attack.
    Answer,
    /// It is one of these by another label already.
    Again,
}

/// Which facts a label touches, told one after another in the order in which they were learned.
struct Label {
    by: By,
    messages: Option<[[u8; 16]; 2]>,
    author: String,
    since: Moment,
    /// Threads of the labelled message, with the moment of each.
    threads: HashMap<u64, Moment>,
}

impl Baselines {
    /// Takes back exactly what an attack gained, as is known since `at`: every profile that it touched is made anew from
    /// the facts, as if its messages had been refused, and as if our own people's answers to it had not been written to
    /// its author. A later delivery of the same message builds no trust either. Facts older than `facts_days` are not
    /// there any more, and what they told such a profile is lost. Reads all facts twice; nothing is learned meanwhile,
    /// mail is judged on.
    ///
    /// # Errors
    /// Why the facts could not be read; then nothing has changed. Why the change could not be written: then it counts
    /// in memory, and is written as soon as that is possible.
    pub fn take_back(&self, attack: &Attack, at: Moment) -> Result<TakenBack, String> {
        self.learner.take_back(attack, at, true)
    }
}

impl Learner {
    /// See [`Baselines::take_back`]; `told` says whether other hosts are to act on it, too.
    pub fn take_back(&self, attack: &Attack, at: Moment, told: bool) -> Result<TakenBack, String> {
        let learner = self;
        if learner.settings.facts_days == 0 {
            return Err("nothing is kept of single messages (baseline.facts_days = 0), so nothing can be taken \
                        back; set it, and it can from then on"
                .to_owned());
        }
        let mut label = attack.label(learner);
        learner.alone(|_| {
            let (mut touched, mut keys, mut attacks) = (HashMap::new(), HashSet::new(), HashSet::new());
            learner.each_fact(&mut |number, fact| {
                let Some(touch) = label.touches(&fact) else { return Ok(()) };
                touched.insert(number, touch);
                if touch == Touch::Again {
                    return Ok(());
                }
                if touch == Touch::Attack {
                    attacks.insert(fact.message);
                }
                keys.extend(fact.changes(&learner.keyring, learner.bounds).into_iter().map(|(key, _)| key));
                Ok(())
            })?;
            let (mut made, mut revised) = (HashMap::new(), learner.marked_as_attacks(&attacks)?);
            learner.each_fact(&mut |number, fact| {
                let touch = touched.get(&number);
                let fact = match touch {
                    Some(_) if label.means(&fact) => fact.taken_back(at, label.by),
                    Some(_) => fact.deceived(&label.author, at, label.by),
                    None => fact,
                };
                learner.merge_into(&mut made, &fact, |key| keys.contains(key));
                if touch.is_some() {
                    revised.push((fact_key(number), Bytes::from(fact.encode())));
                }
                Ok(())
            })?;
            let answers = touched.values().filter(|touch| **touch == Touch::Answer).count();
            let taken = TakenBack { messages: attacks.len(), answers, profiles: keys.len() };
            let gone = keys.iter().filter(|key| !made.contains_key(*key)).map(|key| (*key, Bytes::from([].as_slice())));
            let made = made.iter().map(|(key, made)| (*key, made.encode()));
            learner.memory.put(gone.chain(made).chain(revised).collect::<Vec<_>>());
            let label = shared::Label { attack: attack.clone(), at, given_back: false };
            learner.tell_changed(&keys, attacks, told.then_some(label));
            Ok(taken)
        })
    }

    /// Has the other hosts told what was taken or given back, those that begin later too.
    pub fn tell_changed(&self, keys: &HashSet<Key>, attacks: HashSet<[u8; 16]>, label: Option<shared::Label>) {
        if keys.is_empty() && label.is_none() {
            return;
        }
        self.doubt_generation();
        if let Some(shared) = self.shared.get() {
            let label = label.and_then(|label| label.encode(self));
            label.iter().for_each(|(id, _)| self.set_heeded(id));
            shared.untold.changed(keys.iter());
            shared.untold.labelled(attacks.into_iter(), label);
        } else if let Some(label) = label.filter(|_| self.settings.shared.is_on()) {
            // Given by a command while the daemon, which shares, is stopped.
            self.keep_label(label);
        }
    }
}

impl Attack {
    fn label(&self, learner: &Learner) -> Label {
        let (author, since, messages) = self.meant(learner);
        Label { by: self.by(), messages, author, since, threads: HashMap::new() }
    }

    /// In which way it labels.
    pub(super) fn by(&self) -> By {
        match self {
            Self::Message { .. } => By::Name,
            Self::Author { .. } => By::Address,
        }
    }

    /// The author as stored, since when, and by what one message is known.
    pub(super) fn meant(&self, learner: &Learner) -> (String, Moment, Option<[[u8; 16]; 2]>) {
        let (author, since, messages) = match self {
            Self::Message { message_id, author } => {
                let hash = |proved| Observation::identity_of(message_id, &author.key(), proved, &learner.keyring);
                (author, Moment(i64::MIN), Some([hash(true), hash(false)]))
            }
            Self::Author { author, since } => (author, *since, None),
        };
        (stored(&author.key(), &learner.keyring, &learner.settings), since, messages)
    }
}

impl Label {
    /// What is to be done with a fact; `None` for nothing, also where it was done before.
    fn touches(&mut self, fact: &Fact) -> Option<Touch> {
        if self.means(fact) {
            self.threads.entry(fact.thread).or_insert(fact.moment());
            let touch = if fact.is_taken_back() { Touch::Again } else { Touch::Attack };
            return (!fact.is_labelled(self.by)).then_some(touch);
        }
        let answers = match &self.messages {
            Some(_) => fact.is(ANSWERS) && self.threads.get(&fact.thread).is_some_and(|at| *at <= fact.moment()),
            None => fact.moment() >= self.since,
        };
        let is_new = fact.is(OWN) && fact.wrote_to(&self.author) && !fact.is_deceived(&self.author, self.by);
        let touch = if fact.writes_to(&self.author) { Touch::Answer } else { Touch::Again };
        (answers && is_new).then_some(touch)
    }

    /// Whether a fact is of what is labelled.
    fn means(&self, fact: &Fact) -> bool {
        match &self.messages {
            Some(messages) => messages.contains(&fact.message),
            None => fact.author == self.author && fact.moment() >= self.since,
        }
    }
}

impl Learner {
    /// Each fact, decoded; one that cannot be read ends it.
    pub fn each_fact(&self, each: &mut dyn FnMut(u64, Fact) -> Result<(), String>) -> Result<(), String> {
        self.memory.each_fact(&mut |number, bytes| {
            let fact = Fact::decode(bytes).ok_or_else(|| format!("fact {number} is damaged, or of a later version"))?;
            each(number, fact)
        })
    }

    /// What is remembered of these messages, so that no later delivery of them builds trust.
    fn marked_as_attacks(&self, messages: &HashSet<[u8; 16]>) -> Result<Vec<(Key, Bytes)>, String> {
        let mut marked = Vec::with_capacity(messages.len());
        for message in messages {
            let slot = slot_key(message, self.settings.remembered_messages_max);
            let known = self.read_one(&slot)?.and_then(|bytes| Remembered::decode(&bytes));
            if let Some(known) = known.filter(|known| known.is_message(message)) {
                marked.push((slot, Bytes::from(known.attack().encode())));
            }
        }
        Ok(marked)
    }

    fn merge_into(&self, made: &mut HashMap<Key, Made>, fact: &Fact, wanted: impl Fn(&Key) -> bool) {
        for (key, change) in fact.changes(&self.keyring, self.bounds) {
            if wanted(&key) {
                self.merge_one(made, key, change);
            }
        }
    }

    /// Merges one change, but for standing.
    pub(super) fn merge_one(&self, made: &mut HashMap<Key, Made>, key: Key, change: Change) {
        match (made.get_mut(&key), change) {
            (Some(Made::Profile(record)), Change::Profile(new)) => {
                record.merge(&new, self.decay_of(&key), self.bounds);
            }
            (Some(Made::Name(record)), Change::Name(new)) => record.merge(&new, self.decay, self.bounds),
            // It is won again with the next message of the domain, if it still has it.
            (_, Change::Standing { .. }) => {}
            (_, Change::Profile(new)) => drop(made.insert(key, Made::Profile(new))),
            (_, Change::Name(new)) => drop(made.insert(key, Made::Name(new))),
        }
    }
}

impl Made {
    pub(super) fn encode(&self) -> Bytes {
        Bytes::from(match self {
            Self::Profile(record) => record.encode(),
            Self::Name(record) => record.encode(),
            Self::Standing(row) => row.clone(),
        })
    }
}

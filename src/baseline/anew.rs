//! Profiles made anew from the facts: without the trust of an attack, without a person, or as they were at a moment.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::baselines::Baselines;
use super::fact::{Change, Fact, stored};
use super::key::{Key, fact_key, slot_key};
use super::learner::Learner;
use super::name::NameRecord;
use super::observation::Observation;
use super::overlay::Bytes;
use super::place;
use super::record::{Increment, Record};
use super::remembered::Remembered;
use super::settings::Settings;
use crate::mail::{Address, Moment};

/// Facts after which the progress of a rebuilding is told.
const PROGRESS_EVERY: u64 = 256;

/// Whose trust is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Messages whose trust was taken back.
    pub messages: usize,
    /// Profiles that were made anew.
    pub profiles: usize,
}

/// A record while it is made anew.
enum Made {
    Profile(Record),
    Name(NameRecord),
}

impl Baselines {
    /// Takes back exactly what an attack gained: every profile that it touched is made anew from the facts, as if its
    /// messages had been refused. Facts older than `facts_days` are not there any more, and what they told such a
    /// profile is lost. Reads all facts twice; nothing is learned meanwhile, mail is judged on.
    ///
    /// # Errors
    /// Why the store could not be read or written; then nothing has changed.
    pub fn take_back(&self, attack: &Attack) -> Result<TakenBack, String> {
        let learner = &self.learner;
        let matches = attack.matcher(learner);
        learner.alone(|_| {
            let (mut numbers, mut keys) = (HashSet::new(), HashSet::new());
            learner.each_fact(&mut |number, fact| {
                if fact.builds_trust() && matches(&fact) {
                    numbers.insert(number);
                    keys.extend(fact.changes(&learner.keyring, learner.bounds).into_iter().map(|(key, _)| key));
                }
                Ok(())
            })?;
            let (mut made, mut revised) = (HashMap::new(), Vec::new());
            learner.each_fact(&mut |number, fact| {
                let fact = if numbers.contains(&number) { fact.taken_back() } else { fact };
                learner.merge_into(&mut made, &fact, |key| keys.contains(key));
                if fact.is_taken_back() {
                    revised.push((fact_key(number), Bytes::from(fact.encode())));
                }
                Ok(())
            })?;
            let gone = keys.iter().filter(|key| !made.contains_key(*key)).map(|key| (*key, Bytes::from([].as_slice())));
            let taken = TakenBack { messages: numbers.len(), profiles: keys.len() };
            learner.memory.put(gone.collect::<Vec<_>>());
            learner.memory.put(made.into_iter().map(|(key, made)| (key, made.encode())));
            learner.memory.put(revised);
            Ok(taken)
        })
    }

    /// The baselines as they were at a moment, made in another folder, which must be missing or empty: facts that came
    /// later are left out, so that a replay is not judged by what it could not know. `progress` hears how many of how
    /// many facts are done.
    ///
    /// # Errors
    /// Why the store could not be read, or the other not be made.
    pub fn as_of(&self, until: Moment, into: &Path, progress: impl FnMut(u64, u64)) -> Result<Self, String> {
        self.copy(into, progress, |fact| (fact.moment() <= until).then_some(fact))
    }

    /// Erases a person: what the addresses wrote, received and are called is left out of a store that is made anew and
    /// takes the place of this one, whose files are removed. The baselines must not be open elsewhere.
    ///
    /// # Errors
    /// Why it could not be done; then the store is as it was.
    pub fn forget(dir: &Path, settings: &Settings, who: &[Address]) -> Result<(), String> {
        let baselines = Self::open(dir, settings).map_err(|error| error.to_string())?;
        let keyring = baselines.learner.keyring.clone();
        let stored_as = |address: &Address| {
            let (key, plain) = (stored(&address.key(), &keyring, settings), address.key());
            (key.clone(), plain.clone(), [keyring.correspondent(&key), keyring.correspondent(&plain)])
        };
        let who: Vec<_> = who.iter().map(stored_as).collect();
        let without = |fact: Fact| {
            who.iter().try_fold(fact, |fact, (key, plain, marks)| fact.without(key, marks)?.without(plain, marks))
        };
        Self::replace(dir, baselines, without)
    }

    /// Makes the profiles anew from the facts until a moment, and puts them in the place of the present ones.
    ///
    /// # Errors
    /// Why it could not be done; then the store is as it was.
    pub fn rebuild(
        dir: &Path,
        settings: &Settings,
        until: Moment,
        progress: impl FnMut(u64, u64),
    ) -> Result<(), String> {
        let baselines = Self::open(dir, settings).map_err(|error| error.to_string())?;
        Self::replace_with(dir, baselines, progress, |fact| (fact.moment() <= until).then_some(fact))
    }

    fn replace(dir: &Path, old: Self, keep: impl Fn(Fact) -> Option<Fact>) -> Result<(), String> {
        Self::replace_with(dir, old, |_, _| {}, keep)
    }

    fn replace_with(
        dir: &Path,
        old: Self,
        progress: impl FnMut(u64, u64),
        keep: impl Fn(Fact) -> Option<Fact>,
    ) -> Result<(), String> {
        let staging = beside(dir, "anew");
        if staging.exists() {
            fs::remove_dir_all(&staging).map_err(|error| error.to_string())?;
        }
        let new = old.copy(&staging, progress, keep)?;
        new.sync()?;
        drop(new);
        drop(old);
        place::swap(dir, &staging).map_err(|error| error.to_string())
    }

    /// A store in another folder with the facts that `keep` leaves, and the profiles made of them.
    fn copy(
        &self,
        into: &Path,
        mut progress: impl FnMut(u64, u64),
        keep: impl Fn(Fact) -> Option<Fact>,
    ) -> Result<Self, String> {
        let source = &self.learner;
        self.sync()?;
        let secret = source.secret();
        let copied = Self::open_with_secret(into, &source.settings, secret).map_err(|error| error.to_string())?;
        let (first, next) = source.facts();
        source.each_fact(&mut |number, fact| {
            if number.is_multiple_of(PROGRESS_EVERY) {
                progress(number.saturating_sub(first), next - first);
            }
            match keep(fact) {
                Some(fact) => copied.learner.relearn(&fact),
                None => Ok(()),
            }
        })?;
        progress(next - first, next - first);
        copied.sync()?;
        Ok(copied)
    }
}

impl Attack {
    fn matcher(&self, learner: &Learner) -> Box<dyn Fn(&Fact) -> bool> {
        let address = |author: &Address| stored(&author.key(), &learner.keyring, &learner.settings);
        match self {
            Self::Message { message_id, author } => {
                let proved = |proved| Observation::identity_of(message_id, &author.key(), proved, &learner.keyring);
                let ids = [proved(true), proved(false)];
                Box::new(move |fact| ids.contains(&fact.message))
            }
            Self::Author { author, since } => {
                let (author, since) = (address(author), *since);
                Box::new(move |fact| fact.author == author && fact.moment() >= since)
            }
        }
    }
}

impl Learner {
    /// Each fact, decoded; one that cannot be read ends it.
    fn each_fact(&self, each: &mut dyn FnMut(u64, Fact) -> Result<(), String>) -> Result<(), String> {
        self.memory.each_fact(&mut |number, bytes| {
            let fact = Fact::decode(bytes).ok_or_else(|| format!("fact {number} is damaged, or of a later version"))?;
            each(number, fact)
        })
    }

    fn merge_into(&self, made: &mut HashMap<Key, Made>, fact: &Fact, wanted: impl Fn(&Key) -> bool) {
        for (key, change) in fact.changes(&self.keyring, self.bounds) {
            if !wanted(&key) {
                continue;
            }
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

    /// Learns a fact of another store with the same secret.
    fn relearn(&self, fact: &Fact) -> Result<(), String> {
        if self.memory.pending_bytes() >= self.settings.pending_bytes_max / 2 {
            self.commit()?;
        }
        let mut records = self.merged(fact.changes(&self.keyring, self.bounds))?;
        let mut remembered = Remembered::new(fact.message, fact.moment());
        let marks: Vec<u32> = fact.recipients.iter().map(|(r, _)| self.keyring.correspondent(r)).collect();
        let adds = Increment::from_bits(fact.adds);
        remembered.count(adds, &marks, self.settings.recipients_learned());
        let slot = slot_key(&fact.message, self.settings.remembered_messages_max);
        records.insert(slot, Bytes::from(remembered.encode()));
        self.count_fact(fact, adds.message, &mut records);
        self.memory.put(records);
        Ok(())
    }
}

impl Made {
    fn encode(&self) -> Bytes {
        Bytes::from(match self {
            Self::Profile(record) => record.encode(),
            Self::Name(record) => record.encode(),
        })
    }
}

/// A folder of another name beside this one.
fn beside(dir: &Path, suffix: &str) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    dir.with_file_name(format!("{name}.{suffix}"))
}

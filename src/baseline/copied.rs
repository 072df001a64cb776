//! A store made anew beside another from the facts: as it was at a moment, or without a person.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::baselines::Baselines;
use super::fact::{Fact, stored};
use super::key::{Kind, slot_key};
use super::learner::Learner;
use super::overlay::Bytes;
use super::place;
use super::record::Increment;
use super::remembered::Remembered;
use super::shared::Erasure;
use crate::mail::{Address, Moment};

/// Facts after which the progress of a rebuilding is told.
const PROGRESS_EVERY: u64 = 256;

/// What was erased of a person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Messages that the person wrote, left out whole.
    pub written: u64,
    /// Messages of others from which the person was taken out.
    pub received: u64,
}

/// Which imports count as done in a copy.
#[derive(Clone, Copy, PartialEq)]
enum Imports {
    Kept,
    /// What they brought may be missing, so they may be made again.
    Anew,
}

impl Baselines {
    /// The baselines as they were at a moment, made in another folder, which must be missing or empty: facts that came
    /// later are left out, and labels given later are not known yet, so that a replay is not judged by what it could
    /// not know. `progress` hears how many of how many facts are done.
    ///
    /// # Errors
    /// Why the store could not be read, or the other not be made.
    pub fn as_of(&self, until: Moment, into: &Path, progress: impl FnMut(u64, u64)) -> Result<Self, String> {
        if fs::read_dir(into).is_ok_and(|mut inside| inside.next().is_some()) {
            return Err(format!("{} is not empty; name a folder that is missing or empty", into.display()));
        }
        self.copy(into, Imports::Anew, progress, |fact| fact.known_at(until))
    }

    /// Makes all profiles anew from the facts, those that came until a moment where one is given, and puts them in the
    /// place of the present ones. Cut short at any time, either the old store is there or the new one.
    ///
    /// # Errors
    /// Why it could not be done; then the store is as it was.
    pub fn rebuild(self, until: Option<Moment>, progress: impl FnMut(u64, u64)) -> Result<(), String> {
        match until {
            Some(until) => self.replace(Imports::Anew, progress, |fact| fact.known_at(until)),
            None => self.replace(Imports::Kept, progress, Some),
        }
    }

    /// Erases a person: what the addresses wrote, received and are called is left out of a store that is made anew and
    /// takes the place of this one, whose files are removed. Where hosts share their baselines, it is erased there first.
    ///
    /// # Errors
    /// Why it could not be done; then the store is as it was.
    pub fn forget(self, who: &[Address], progress: impl FnMut(u64, u64)) -> Result<Forgotten, String> {
        let (keyring, settings) = (self.learner.keyring.clone(), self.learner.settings.clone());
        let meant = |address: &Address| {
            let (key, plain) = (stored(&address.key(), &keyring, &settings), address.key());
            // An address may be stored in the other way since the settings changed.
            let hashed = keyring.pseudonym(&plain);
            let marks = [&key, &plain, &hashed].map(|text| keyring.correspondent(text));
            ([plain, hashed], marks)
        };
        let who: Vec<_> = who.iter().map(meant).collect();
        let named: Vec<String> = who.iter().flat_map(|(stored, _)| stored.iter().cloned()).collect();
        let without = |fact: Fact| {
            let mut texts = who.iter().flat_map(|(stored, marks)| stored.iter().map(move |address| (address, marks)));
            texts.try_fold(fact, |left, (address, marks)| left.without(address, marks))
        };
        // Before anything changes here: by then nothing tells any more what is to be erased there.
        if settings.shared.is_on() {
            let mut erasure = Erasure::default();
            self.sync()?;
            self.learner.each_fact(&mut |_, fact| {
                if without(fact.clone()).as_ref() != Some(&fact) {
                    erasure.add(&fact, &named, &keyring, self.learner.bounds);
                }
                Ok(())
            })?;
            erasure.carry_out(&settings.shared, &keyring, &named)?;
        }
        let mut forgotten = Forgotten::default();
        self.replace(Imports::Kept, progress, |fact| {
            let (whole, left) = (fact.clone(), without(fact));
            forgotten.written += u64::from(left.is_none());
            forgotten.received += u64::from(left.as_ref().is_some_and(|left| *left != whole));
            left
        })?;
        Ok(forgotten)
    }

    fn replace(
        self,
        imports: Imports,
        progress: impl FnMut(u64, u64),
        keep: impl FnMut(Fact) -> Option<Fact>,
    ) -> Result<(), String> {
        if self.learner.settings.facts_days == 0 {
            return Err("nothing is kept of single messages (baseline.facts_days = 0), so no profile can be made \
                        anew; remove the store's folder to begin from nothing"
                .to_owned());
        }
        // The writer's thread has one, and so has this.
        if Arc::strong_count(&self.writer) > 1 {
            return Err("the baselines are in use by another part of this program".to_owned());
        }
        let dir = self.learner.memory.dir().to_owned();
        let staging = beside(&dir, "anew");
        place::clear(&staging).map_err(|error| format!("{}: {error}", staging.display()))?;
        let copied = self.copy(&staging, imports, progress, keep);
        drop(copied.inspect_err(|_| drop(place::clear(&staging)))?);
        place::swap(&dir, &staging, || drop(self)).map_err(|error| format!("{}: {error}", dir.display()))
    }

    /// A store in another folder with the facts that `keep` leaves, and the profiles made of them.
    fn copy(
        &self,
        into: &Path,
        imports: Imports,
        mut progress: impl FnMut(u64, u64),
        mut keep: impl FnMut(Fact) -> Option<Fact>,
    ) -> Result<Self, String> {
        let source = &self.learner;
        self.sync()?;
        let copied = Self::open_with_secret(into, &source.settings, source.secret());
        let copied = copied.map_err(|error| error.to_string())?;
        let (first, next) = source.facts();
        source.each_fact(&mut |number, fact| {
            if number.is_multiple_of(PROGRESS_EVERY) {
                progress(number.saturating_sub(first), next - first);
            }
            match keep(fact) {
                Some(fact) => copied.learner.relearn(number, &fact),
                None => Ok(()),
            }
        })?;
        if imports == Imports::Kept {
            source.memory.each_record(Kind::Import, &mut |key, value| {
                copied.learner.memory.put([(*key, Bytes::from(value))]);
                Ok(())
            })?;
        }
        copied.learner.skip_facts(next);
        progress(next - first, next - first);
        copied.sync()?;
        Ok(copied)
    }
}

impl Learner {
    /// Learns a fact of another store with the same secret.
    pub(super) fn relearn(&self, number: u64, fact: &Fact) -> Result<(), String> {
        if self.memory.pending_bytes() >= self.settings.pending_bytes_max / 2 {
            self.commit()?;
        }
        let mut records = self.merged(fact.changes(&self.keyring, self.bounds))?;
        let slot = slot_key(&fact.message, self.settings.remembered_messages_max);
        let mut remembered = self
            .read_one(&slot)?
            .and_then(|bytes| Remembered::decode(&bytes))
            .filter(|known| known.is_of(&fact.message, fact.moment(), self.settings.remembered_days))
            .unwrap_or_else(|| Remembered::new(fact.message, fact.moment()));
        let marks: Vec<u32> = fact.recipients.iter().map(|(r, _)| self.keyring.correspondent(r)).collect();
        let bits = fact.adds_recipients.iter().fold(fact.adds, |all, bits| all | bits);
        remembered.count(Increment::from_bits(bits), &marks, self.settings.recipients_learned());
        let remembered = if fact.is_taken_back() { remembered.attack() } else { remembered };
        records.insert(slot, Bytes::from(remembered.encode()));
        let progress = self.count_fact(number, fact, Increment::from_bits(fact.adds).message, &mut records);
        self.memory.put_reaching(records, progress);
        Ok(())
    }
}

/// A folder of another name beside this one.
fn beside(dir: &Path, suffix: &str) -> PathBuf {
    let name = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
    dir.with_file_name(format!("{name}.{suffix}"))
}

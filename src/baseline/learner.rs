//! The one writer: takes observations from the queue, merges them, and commits in groups, behind the mail's back.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::chronicle::Chronicle;
use super::complaint::Complaint;
use super::decay::Decay;
use super::fact::{Change, Fact};
use super::key::{Key, Keyring, Kind, STORE_KEY, fact_key, slot_key};
use super::likeness::{Lookalikes, Rule, profile_key};
use super::memory::Memory;
use super::name::NameRecord;
use super::observation::{Learned, Observation};
use super::overlay::Bytes;
use super::record::Record;
use super::remembered::Remembered;
use super::settings::{Bounds, Settings};
use super::shared::{Elsewhere, Shared};
use super::store::Store;
use super::tally::Tally;

pub(super) struct Learner {
    pub settings: Settings,
    pub keyring: Keyring,
    pub decay: Decay,
    pub campaign_decay: Decay,
    pub bounds: Bounds,
    pub memory: Memory,
    pub tally: Tally,
    /// Domains that are protected from look-alikes.
    pub likeness: RwLock<Lookalikes>,
    pub standing: Rule,
    /// Set while the baselines are shared with other hosts.
    pub shared: OnceLock<Arc<Shared>>,
    queue: Mutex<Queue>,
    wake: Condvar,
    /// Held by whoever merges: records are read, changed and put by one at a time.
    pub(super) chronicle: Mutex<Chronicle>,
    /// Held by whoever writes a group.
    committing: Mutex<()>,
    dropped: Complaint,
    unwritten: Complaint,
    pub(super) crowded: Complaint,
    closed: Complaint,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Observation>,
    stop: bool,
}

impl Learner {
    pub fn new(dir: &Path, settings: &Settings, store: Store, chronicle: Chronicle) -> Self {
        let tally = Tally::default();
        tally.show(&chronicle);
        let likeness = Lookalikes::read(&store, settings.protected_domains_max);
        Self {
            keyring: Keyring::new(chronicle.secret),
            decay: Decay::new(settings.half_life_days),
            campaign_decay: Decay::new(settings.campaign_half_life_days),
            bounds: settings.bounds(),
            likeness: RwLock::new(likeness),
            standing: settings.standing(),
            shared: OnceLock::new(),
            memory: Memory::new(dir, settings, store),
            settings: settings.clone(),
            tally,
            queue: Mutex::default(),
            wake: Condvar::new(),
            chronicle: Mutex::new(chronicle),
            committing: Mutex::default(),
            dropped: Complaint::default(),
            unwritten: Complaint::default(),
            crowded: Complaint::default(),
            closed: Complaint::default(),
        }
    }

    /// Hands an observation to the writer, without waiting for anything but the queue's lock.
    pub fn queue(&self, mut observation: Observation) -> Learned {
        // What lies beyond is never learned; an envelope of thousands need not wait in memory.
        observation.query.recipients.truncate(self.settings.recipients_learned());
        let mut queue = lock(&self.queue);
        if queue.waiting.len() >= self.settings.learn_queue_max {
            drop(queue);
            return self.drop_one("too many messages wait to be learned");
        }
        queue.waiting.push_back(observation);
        let waiting = queue.waiting.len();
        drop(queue);
        // The writer sleeps until there is work, and through the time of a group unless the queue runs full.
        if waiting == 1 || waiting == self.settings.learn_queue_max / 2 {
            self.wake.notify_one();
        }
        Learned::Queued
    }

    pub fn queued(&self) -> usize {
        lock(&self.queue).waiting.len()
    }

    /// Learns all that was queued before, then what is given, with an import's mark in the same group.
    pub fn learn(&self, observation: Option<&Observation>, mark: Option<(Key, Bytes)>) -> Learned {
        // Half full: the caller, who is no mail session, writes the group himself and so keeps pace with the disk.
        if self.memory.pending_bytes() >= self.settings.pending_bytes_max / 2 {
            let _failed_and_counted = self.commit();
        }
        let was_pending = self.memory.is_pending();
        let mut chronicle = lock(&self.chronicle);
        let mut claims = VecDeque::new();
        loop {
            // Popped under the chronicle's lock, so that the order is that of the queue.
            let Some(waiting) = lock(&self.queue).waiting.pop_front() else { break };
            if claims.is_empty() {
                claims = self.claim(&waiting, |max| lock(&self.queue).waiting.iter().take(max).cloned().collect());
            }
            self.apply(&waiting, None, claims.pop_front(), &mut chronicle);
        }
        let learned = match observation {
            Some(observation) => {
                let claim = self.claim(observation, |_| Vec::new()).pop_front();
                self.apply(observation, mark, claim, &mut chronicle)
            }
            None => {
                self.memory.put(mark);
                Learned::Counted
            }
        };
        drop(chronicle);
        if !was_pending {
            self.wake_up();
        }
        learned
    }

    fn apply(
        &self,
        observation: &Observation,
        mark: Option<(Key, Bytes)>,
        elsewhere: Option<Elsewhere>,
        chronicle: &mut Chronicle,
    ) -> Learned {
        if self.memory.pending_bytes() >= self.settings.pending_bytes_max {
            return self.drop_one("too much waits to be written");
        }
        match self.merge(observation, mark, elsewhere, chronicle) {
            Ok(None) => Learned::Known,
            Ok(Some(first)) => {
                if first {
                    chronicle.count(observation.query.at);
                    self.tally.show(chronicle);
                }
                Learned::Counted
            }
            Err(why) => self.drop_one(&why),
        }
    }

    /// Merges an observation into all its records and puts them at once. `None` when it changed nothing; else whether
    /// it was the first of its message.
    fn merge(
        &self,
        observation: &Observation,
        mark: Option<(Key, Bytes)>,
        elsewhere: Option<Elsewhere>,
        chronicle: &mut Chronicle,
    ) -> Result<Option<bool>, String> {
        let at = observation.query.at;
        let fact = Fact::of(observation, &self.keyring, &self.settings);
        let message = fact.message;
        let slot = slot_key(&message, self.settings.remembered_messages_max);
        let mut remembered = self
            .read_one(&slot)?
            .and_then(|bytes| Remembered::decode(&bytes))
            .filter(|known| known.is_of(&message, at, self.settings.remembered_days))
            .unwrap_or_else(|| Remembered::new(message, at));
        if let Some(elsewhere) = elsewhere {
            remembered = remembered.with(&elsewhere, self.settings.recipients_learned());
        }
        let marks: Vec<u32> = fact.recipients.iter().map(|(r, _)| self.keyring.correspondent(r)).collect();
        let mut increment = observation.increment();
        increment.trusted &= observation.query.own || self.has_room(&fact)?;
        let addition = remembered.count(increment, &marks, self.settings.recipients_learned());
        let fact = fact.adding(&addition).of_attack(remembered.is_attack());
        if fact.is_nothing() {
            self.memory.put(mark);
            return Ok(None);
        }
        let mut records = self.merged(fact.changes(&self.keyring, self.bounds))?;
        records.insert(slot, Bytes::from(remembered.encode()));
        if self.settings.facts_days > 0 {
            records.insert(fact_key(chronicle.next_fact), Bytes::from(fact.encode()));
            chronicle.next_fact += 1;
            self.expire(chronicle, at, &mut records)?;
        }
        self.shared.get().inspect(|shared| shared.untold.changed(records.keys()));
        self.memory.put(records.into_iter().chain(mark));
        Ok(Some(addition.message.message))
    }

    /// Whether author and network may still build trust today: a flood adds no more than a day's bound.
    fn has_room(&self, fact: &Fact) -> Result<bool, String> {
        let settings = &self.settings;
        let bounds = [
            (Kind::Sender, &fact.author, settings.trusted_daily_of_sender_max),
            (Kind::Network, &fact.network, settings.trusted_daily_of_network_max),
        ];
        let keys = bounds.map(|(kind, part, _)| self.keyring.key(kind, &[part]));
        let (rows, trouble) = self.memory.read(&keys);
        if let Some(why) = trouble {
            return Err(why);
        }
        let below = |((key, row), (.., max)): ((&Key, Option<Bytes>), (Kind, &String, u32))| {
            self.with_known(key, row)
                .and_then(|bytes| Record::decode(&bytes))
                .is_none_or(|record| record.trusted_pace(fact.moment()) < max as f32)
        };
        Ok(keys.iter().zip(rows).zip(bounds).all(below))
    }

    pub(super) fn merged(&self, changes: Vec<(Key, Change)>) -> Result<HashMap<Key, Bytes>, String> {
        let keys: Vec<Key> = changes.iter().map(|(key, _)| *key).collect();
        let (rows, trouble) = self.memory.read(&keys);
        if let Some(why) = trouble {
            return Err(why);
        }
        let mut records: HashMap<Key, Bytes> = HashMap::with_capacity(changes.len() + 1);
        for ((key, change), row) in changes.into_iter().zip(rows) {
            // A key may be changed twice, as by two recipients of one domain.
            let stored = records.get(&key).cloned().or(row);
            let decay = self.decay_of(&key);
            let merged = match change {
                Change::Profile(new) => match stored.as_deref().map(Record::decode) {
                    Some(Some(mut record)) => {
                        record.merge(&new, decay, self.bounds);
                        record.encode()
                    }
                    unread => self.afresh(unread.is_some(), new.encode()),
                },
                Change::Name(new) => match stored.as_deref().map(NameRecord::decode) {
                    Some(Some(mut record)) => {
                        record.merge(&new, self.decay, self.bounds);
                        record.encode()
                    }
                    unread => self.afresh(unread.is_some(), new.encode()),
                },
                Change::Standing { domain, at, trades } => {
                    let profile = profile_key(key);
                    let profile = self.with_known(&profile, records.get(&profile).cloned());
                    match self.protect(&domain, at, trades, stored.is_some(), profile.as_ref()) {
                        Some(row) => row,
                        None => continue,
                    }
                }
            };
            records.insert(key, Bytes::from(merged));
        }
        Ok(records)
    }

    /// How fast the weights of a record fade.
    pub(super) fn decay_of(&self, key: &Key) -> Decay {
        if key[0] == Kind::Campaign as u8 { self.campaign_decay } else { self.decay }
    }

    /// A record begins; also where the stored one cannot be read, which is counted.
    fn afresh(&self, unreadable: bool, encoded: Vec<u8>) -> Vec<u8> {
        self.tally.unreadable.fetch_add(u64::from(unreadable), Ordering::Relaxed);
        encoded
    }

    pub(super) fn read_one(&self, key: &Key) -> Result<Option<Bytes>, String> {
        let (mut rows, trouble) = self.memory.read(&[*key]);
        trouble.map_or_else(|| Ok(rows.pop().flatten()), Err)
    }

    /// Writes all that is merged; when this returns well, it is on disk.
    pub fn commit(&self) -> Result<(), String> {
        let _one_at_a_time = lock(&self.committing);
        if !self.memory.is_pending() {
            return Ok(());
        }
        let (group, next_fact) = {
            let chronicle = lock(&self.chronicle);
            (self.group(&chronicle), chronicle.next_fact)
        };
        self.write(&group, next_fact)
    }

    /// Runs `change` while nothing is learned and all that was learned is on disk; then writes what it put.
    pub fn alone<T>(&self, change: impl FnOnce(&mut Chronicle) -> Result<T, String>) -> Result<T, String> {
        self.learn(None, None);
        let _one_at_a_time = lock(&self.committing);
        let mut chronicle = lock(&self.chronicle);
        self.write(&self.group(&chronicle), chronicle.next_fact)?;
        let changed = change(&mut chronicle)?;
        self.write(&self.group(&chronicle), chronicle.next_fact)?;
        Ok(changed)
    }

    fn group(&self, chronicle: &Chronicle) -> Arc<HashMap<Key, Bytes>> {
        self.memory.put([(STORE_KEY, Bytes::from(chronicle.encode()))]);
        self.memory.take()
    }

    fn write(&self, group: &HashMap<Key, Bytes>, next_fact: u64) -> Result<(), String> {
        let written = self.memory.write(group);
        if written.is_ok() {
            self.shared.get().inspect(|shared| shared.untold.committed(next_fact));
        }
        if let Err(why) = &written {
            self.tally.write_errors.fetch_add(1, Ordering::Relaxed);
            self.wake_up();
            self.unwritten.make(Instant::now(), || {
                format!("what was learned cannot be written: {why}; mail goes on, see to room on the disk")
            });
        }
        written
    }

    fn drop_one(&self, why: &str) -> Learned {
        self.tally.dropped.fetch_add(1, Ordering::Relaxed);
        self.dropped.make(Instant::now(), || format!("a message was not learned: {why}"));
        Learned::Dropped
    }

    /// The writer's life; it ends after [`Learner::stop`], with all written that can be.
    pub fn run(&self) {
        loop {
            let stop = self.rest();
            if !self.memory.is_writable()
                && let Err(why) = self.memory.reopen()
            {
                self.closed.make(Instant::now(), || format!("the store stays closed to writing: {why}"));
            }
            // A panic ends the message that caused it, not the learning: it was taken off the queue before.
            while catch_unwind(AssertUnwindSafe(|| self.learn(None, None))).is_err() {
                self.drop_one("merging it failed");
            }
            if self.memory.is_writable() || stop {
                let _failed_and_counted = self.commit();
            }
            if stop {
                return;
            }
        }
    }

    /// Tells the writer to finish.
    pub fn stop(&self) {
        lock(&self.queue).stop = true;
        self.wake.notify_one();
    }

    /// Has the writer look again. Through the queue's lock, so that it cannot fall between his look and his sleep.
    fn wake_up(&self) {
        drop(lock(&self.queue));
        self.wake.notify_one();
    }

    /// Sleeps until there is work and a group's time is over, or until the store may be opened again; says whether to
    /// finish.
    fn rest(&self) -> bool {
        let settings = &self.settings;
        let idle = |queue: &mut Queue| {
            let work = !queue.waiting.is_empty() || self.memory.is_pending() || !self.memory.is_writable();
            !queue.stop && !work
        };
        let queue = self.wake.wait_while(lock(&self.queue), idle).unwrap_or_else(PoisonError::into_inner);
        let writable = self.memory.is_writable();
        let time = if writable {
            Duration::from_millis(settings.commit_milliseconds)
        } else {
            Duration::from_secs(settings.reopen_seconds.max(1))
        };
        let full = (settings.learn_queue_max / 2).max(1);
        let early = |queue: &mut Queue| {
            let room = !writable || queue.waiting.len() < full;
            !queue.stop && room && self.memory.is_writable() == writable
        };
        let rested = self.wake.wait_timeout_while(queue, time, early);
        rested.unwrap_or_else(PoisonError::into_inner).0.stop
    }
}

/// A lock is never given up: what it guards is changed at once or not at all.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! The thread that tells the shared store what this host learned, and hears which other hosts there are.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::hosts::{Hosts, Marker, told};
use super::label::Label;
use super::link::{Command, Fields, Link};
use super::untold::{Batch, is_told};
use super::{Shared, field};
use crate::baseline::complaint::Complaint;
use crate::baseline::fact::Fact;
use crate::baseline::key::{KEY_BYTES, Key, Kind};
use crate::baseline::learner::{Learner, lock};
use crate::baseline::remembered;
use crate::mail::Moment;

/// How often each host says that it is there and hears of the others: what a new one tells counts from then on.
const BEAT: Duration = Duration::from_secs(1);
/// Beats after which labels are read.
const LABELS_EVERY: u32 = 5;
/// Records that are told in one round trip: of some hundred kB.
const TOGETHER_MAX: usize = 256;
/// Labels that are read: each is a person's work.
const LABELS_MAX: usize = 10_000;
/// Pause after a store did not answer.
const RETRY: Duration = Duration::from_millis(500);
/// After a store lost its data, all hosts have found that by then.
const EMPTIED: Duration = Duration::from_secs(4);
/// A host of the same name that was there so lately may be there still.
const NAMESAKE_SECONDS: i64 = 5;
/// Half-lives after which nothing is left of a campaign.
const CAMPAIGN_HALF_LIVES: f64 = 20.0;

/// Where telling again what the store lacks has come to.
enum Behind {
    /// What facts from this number on changed.
    Facts(u64),
    /// All records after this key.
    Records(Key),
}

pub(super) struct Teller {
    learner: Arc<Learner>,
    shared: Arc<Shared>,
    link: Link,
    behind: Option<Behind>,
    /// All facts before this one are told, as the store knows.
    told: u64,
    /// All facts before this one are on disk.
    next: u64,
    joined: bool,
    /// Whether what is told again was there before: until it is, other hosts miss what they knew.
    lost: bool,
    /// When the store was found to have lost what this host had told.
    emptied: Option<Instant>,
    beats: u32,
    last_beat: Option<Instant>,
    complaint: Complaint,
    strangers: Complaint,
}

impl Teller {
    pub fn new(learner: Arc<Learner>, shared: Arc<Shared>, link: Link) -> Self {
        let next = learner.facts().1;
        Self {
            learner,
            shared,
            link,
            behind: None,
            told: 0,
            next,
            joined: false,
            lost: false,
            emptied: None,
            beats: 0,
            last_beat: None,
            complaint: Complaint::default(),
            strangers: Complaint::default(),
        }
    }

    /// The thread's life: it ends after [`Shared::stop`], with all told that can be.
    pub fn run(mut self) {
        loop {
            let patience = if self.behind.is_some() { Duration::ZERO } else { BEAT };
            let batch = self.shared.untold.take(patience);
            let stop = batch.stop;
            if let Err(why) = self.tell(&batch) {
                self.complaint.make(Instant::now(), || {
                    format!("the shared store was not told what this host learned, and is later: {why}")
                });
                self.last_beat = None;
                self.shared.untold.put_back(batch);
                if !stop && !self.shared.untold.is_stopped() {
                    std::thread::park_timeout(RETRY);
                }
            }
            if stop {
                return;
            }
        }
    }

    fn tell(&mut self, batch: &Batch) -> Result<(), String> {
        if self.last_beat.is_none_or(|last| last.elapsed() >= BEAT) {
            self.beat()?;
        }
        self.next = self.next.max(batch.next_fact);
        if batch.overflown && self.behind.is_none() {
            self.behind = Some(self.since(self.told));
        }
        self.tell_labels(batch)?;
        self.tell_records(&batch.keys)?;
        self.catch_up()?;
        if self.behind.is_none() && (self.told != self.next || self.lost) {
            (self.told, self.lost) = (self.next, false);
            self.mark()?;
        }
        if self.behind.is_none() && !(batch.attacks.is_empty() && batch.labels.is_empty()) {
            self.learner.keep_generation(self.shared.generation);
        }
        Ok(())
    }

    /// Hears which hosts there are and what the store has of this one, and says that it is there.
    fn beat(&mut self) -> Result<(), String> {
        let (started, names) = (Instant::now(), [self.hosts_name(), self.labels_name()]);
        let with_labels = self.beats.is_multiple_of(LABELS_EVERY);
        let reads = if with_labels { &names[..] } else { &names[..1] };
        let reads: Vec<Command> = reads.iter().cloned().map(Command::Read).collect();
        let mut answered = self.link.run(&reads)?.into_iter();
        let own = self.hear(&answered.next().unwrap_or_default());
        self.stand(own)?;
        self.mark()?;
        self.joined = true;
        self.beats = self.beats.wrapping_add(1);
        self.last_beat = Some(Instant::now());
        *lock(&self.shared.heard) = Some(started);
        let mut labels: Vec<_> = answered.next().into_iter().flatten().take(LABELS_MAX).collect();
        // The last word counts, also at a host that hears all of them at once.
        labels.sort_by_key(|(_, label)| Label::decode(label).map(|label| label.at));
        labels.iter().try_for_each(|(id, label)| self.heed(id, label))
    }

    /// Takes the others' markers to heart, and gives the own one.
    fn hear(&mut self, fields: &Fields) -> Option<Marker> {
        let markers =
            fields.iter().filter_map(|(name, bytes)| Some((std::str::from_utf8(name).ok()?, Marker::decode(bytes)?)));
        let (own, others): (Vec<_>, Vec<_>) = markers.partition(|(name, _)| *name == self.shared.host);
        let others = others.into_iter().map(|(name, marker)| (name, field(&self.learner.keyring, name), marker));
        let hosts = Hosts::of(others, self.shared.secret, Moment::now());
        if !hosts.strangers.is_empty() {
            self.strangers.make(Instant::now(), || {
                format!(
                    "{} in the shared store have another secret, so that nothing of theirs is found; give all hosts \
                     the same baseline.shared.secret_file, or other ones another prefix",
                    hosts.strangers.join(", ")
                )
            });
        }
        if self.joined && own.is_empty() {
            self.emptied = Some(Instant::now());
        }
        // The others may not have found it yet.
        let is_known = self.emptied.is_none_or(|at| at.elapsed() >= EMPTIED);
        let hosts = if is_known { hosts } else { hosts.with_earlier(&self.shared.hosts()) };
        self.shared.set_hosts(hosts);
        own.into_iter().next().map(|(_, marker)| marker)
    }

    /// Finds out what the store lacks of this host.
    fn stand(&mut self, own: Option<Marker>) -> Result<(), String> {
        match own {
            Some(marker) if marker.generation == self.shared.generation => {
                let restarted = !self.joined && self.learner.settings.facts_days == 0;
                if self.behind.is_none() && (marker.next_fact != self.told || restarted) {
                    self.lost = marker.next_fact < self.told;
                    self.behind = Some(if restarted { Behind::Records(FIRST) } else { self.since(marker.next_fact) });
                    self.told = marker.next_fact;
                }
                Ok(())
            }
            Some(marker) if self.joined || Moment::now().0.saturating_sub(marker.at.0) < NAMESAKE_SECONDS * 1_000 => {
                Err(format!(
                    "another host, or an earlier store of this one, called itself {:?} a moment ago; give each host a name \
                 of its own (baseline.shared.host)",
                    self.shared.host
                ))
            }
            _ => {
                (self.behind, self.told, self.lost) = (Some(Behind::Records(FIRST)), 0, self.joined);
                Ok(())
            }
        }
    }

    /// How to tell what facts from this number on changed.
    fn since(&self, number: u64) -> Behind {
        let (first, next) = self.learner.facts();
        let kept = self.learner.settings.facts_days > 0 && (first..=next).contains(&number);
        if kept { Behind::Facts(number) } else { Behind::Records(FIRST) }
    }

    /// Says that this host is there, and how far it has told.
    fn mark(&mut self) -> Result<(), String> {
        let tally = &self.learner.tally;
        let marker = Marker {
            generation: self.shared.generation,
            secret: self.shared.secret,
            at: Moment::now(),
            next_fact: self.told,
            learned: tally.learned.load(std::sync::atomic::Ordering::Acquire),
            watched_since: tally.since(),
            retelling: self.lost,
        };
        let name = self.hosts_name();
        self.link.run(&[
            Command::Write(name.clone(), self.shared.host.clone().into_bytes(), marker.encode()),
            Command::Expire(name, self.keep_seconds(None)),
        ])?;
        Ok(())
    }

    /// Tells some of what the store lacks.
    fn catch_up(&mut self) -> Result<(), String> {
        let memory = &self.learner.memory;
        match self.behind.take() {
            None => {}
            Some(Behind::Facts(from)) => {
                // Kept where anything fails.
                self.behind = Some(Behind::Facts(from));
                let facts = memory.facts_from(from, TOGETHER_MAX)?;
                let last = facts.last().map(|(number, _)| *number);
                let mut keys = HashSet::new();
                for (_, bytes) in &facts {
                    let fact = Fact::decode(bytes).ok_or("a fact is damaged")?;
                    let changes = fact.changes(&self.learner.keyring, self.learner.bounds);
                    keys.extend(changes.into_iter().map(|(key, _)| key).filter(is_told));
                }
                self.tell_records(&keys.into_iter().collect::<Vec<_>>())?;
                self.behind = last.map(|last| Behind::Facts(last + 1));
            }
            Some(Behind::Records(after)) => {
                self.behind = Some(Behind::Records(after));
                let records = memory.records_after(&after, TOGETHER_MAX)?;
                let last = records.last().copied();
                let keys: Vec<Key> = records.into_iter().filter(is_told).collect();
                self.tell_records(&keys)?;
                self.behind = last.map(Behind::Records);
            }
        }
        Ok(())
    }

    /// Tells what this host knows of these keys: its whole share, so that telling twice is telling once.
    fn tell_records(&mut self, keys: &[Key]) -> Result<(), String> {
        let (shared, memory) = (Arc::clone(&self.shared), &self.learner.memory);
        for keys in keys.chunks(TOGETHER_MAX) {
            let (rows, trouble) = memory.read(keys);
            if let Some(why) = trouble {
                return Err(why);
            }
            let mut commands = Vec::with_capacity(2 * keys.len());
            for (key, row) in keys.iter().zip(rows) {
                let name = shared.name(key);
                match row {
                    Some(record) => {
                        let value = told(shared.generation, &record);
                        commands.push(Command::Write(name.clone(), shared.field.clone(), value));
                        commands.push(Command::Expire(name, self.keep_seconds(Some(key))));
                    }
                    None => commands.push(Command::Remove(name, shared.field.clone())),
                }
            }
            self.link.run(&commands)?;
        }
        Ok(())
    }

    fn tell_labels(&mut self, batch: &Batch) -> Result<(), String> {
        let mut commands = Vec::new();
        for message in &batch.attacks {
            let name = self.shared.message_name(message);
            let days = u64::from(self.learner.settings.remembered_days.max(1));
            commands.push(Command::Write(name.clone(), vec![remembered::ATTACK], self.shared.field.clone()));
            commands.push(Command::Expire(name, days * 86_400));
        }
        for (id, label) in &batch.labels {
            let name = self.labels_name();
            commands.push(Command::Write(name.clone(), id.clone().into_bytes(), label.clone()));
            commands.push(Command::Expire(name, self.keep_seconds(None)));
        }
        self.link.run(&commands)?;
        if !batch.labels.is_empty() {
            self.learner.set_labels_told();
        }
        Ok(())
    }

    /// Takes back here what a label of another host says.
    fn heed(&self, id: &[u8], label: &[u8]) -> Result<(), String> {
        let Ok(id) = std::str::from_utf8(id) else { return Ok(()) };
        let Some(label) = Label::decode(label) else { return Ok(()) };
        self.learner.heed(id, &label)
    }

    /// Seconds for which a record is kept; of none, what belongs to all hosts.
    fn keep_seconds(&self, key: Option<&Key>) -> u64 {
        let days = f64::from(self.shared.settings.expire_days);
        let of_campaign = key.is_some_and(|key| key[0] == Kind::Campaign as u8);
        let campaign = (CAMPAIGN_HALF_LIVES * self.learner.settings.campaign_half_life_days).max(1.0);
        let days = if of_campaign { days.min(campaign) } else { days };
        (days * 86_400.0) as u64
    }

    fn hosts_name(&self) -> Vec<u8> {
        self.shared.list_name("hosts")
    }

    fn labels_name(&self) -> Vec<u8> {
        self.shared.list_name("labels")
    }
}

/// Before all keys.
const FIRST: Key = [0; KEY_BYTES];

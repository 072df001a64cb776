//! Facts: how they are numbered, kept and let go.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use super::chronicle::Chronicle;
use super::fact::Fact;
use super::key::{Key, Kind, STORE_KEY, fact_key};
use super::learner::{Learner, lock};
use super::overlay::{Bytes, Progress};
use crate::mail::Moment;

/// Facts after which old ones are looked for.
const EXPIRY_EVERY: u64 = 64;

impl Learner {
    /// How far an import came.
    pub fn import_mark(&self, source: &str) -> Option<u64> {
        let bytes = self.read_one(&self.keyring.key(Kind::Import, &[source])).ok()??;
        Some(u64::from_le_bytes((*bytes).try_into().ok()?))
    }

    /// The record of how far an import came.
    pub fn mark(&self, source: &str, position: u64) -> (Key, Bytes) {
        (self.keyring.key(Kind::Import, &[source]), Bytes::from(position.to_le_bytes().as_slice()))
    }

    /// The secret of the keys, which a copy of the store shares.
    pub fn secret(&self) -> [u8; 16] {
        lock(&self.chronicle).secret
    }

    /// Numbers of the first fact that is kept and of the next one.
    pub fn facts(&self) -> (u64, u64) {
        let chronicle = lock(&self.chronicle);
        (chronicle.first_fact, chronicle.next_fact)
    }

    /// Counts a fact that was learned elsewhere, and keeps it here under the number that it has there: who says how far
    /// the baselines were names a number.
    pub fn count_fact(&self, number: u64, fact: &Fact, first: bool, records: &mut HashMap<Key, Bytes>) -> Progress {
        let mut chronicle = lock(&self.chronicle);
        if first {
            chronicle.count(fact.shown());
        }
        if chronicle.next_fact == 0 {
            chronicle.first_fact = number;
        }
        records.insert(fact_key(number), Bytes::from(fact.encode()));
        chronicle.next_fact = number + 1;
        self.tally.show(&chronicle);
        self.progress(&chronicle)
    }

    /// Leaves out numbers of facts that are not there, up to this one.
    pub fn skip_facts(&self, next: u64) {
        let mut chronicle = lock(&self.chronicle);
        chronicle.next_fact = chronicle.next_fact.max(next);
        // Else it would be written with the next record alone, and none may follow.
        let own = (STORE_KEY, Bytes::from(chronicle.encode()));
        self.memory.put_reaching([own], self.progress(&chronicle));
    }

    /// How far learning came.
    pub fn progress(&self, chronicle: &Chronicle) -> Progress {
        chronicle.progress(self.protected.load(Ordering::Acquire))
    }

    /// What tells this store from others, and its secret to nobody.
    pub fn store_number(&self) -> u32 {
        self.keyring.correspondent("store")
    }

    /// Removes facts that are older than the settings keep them: now and then a few, as many as come on average.
    pub fn expire(
        &self,
        chronicle: &mut Chronicle,
        now: Moment,
        records: &mut HashMap<Key, Bytes>,
    ) -> Result<(), String> {
        if !chronicle.next_fact.is_multiple_of(EXPIRY_EVERY) {
            return Ok(());
        }
        for _ in 0..2 * EXPIRY_EVERY {
            let key = fact_key(chronicle.first_fact);
            let old = self
                .read_one(&key)?
                .and_then(|bytes| Fact::decode(&bytes))
                .is_none_or(|fact| now.days_since(fact.moment()) > f64::from(self.settings.facts_days));
            if !old || chronicle.first_fact + 1 >= chronicle.next_fact {
                break;
            }
            records.insert(key, Bytes::from([].as_slice()));
            chronicle.first_fact += 1;
        }
        Ok(())
    }
}

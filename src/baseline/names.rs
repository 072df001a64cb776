//! The names that were learned as important, with their evidence.

use std::collections::HashMap;

use super::baselines::Baselines;
use super::key::{Key, Kind};
use super::name::NameRecord;
use super::portrait::{Portrait, Shape};
use super::snapshot::NameUse;
use crate::mail::Moment;

/// Names that are told; an organisation with more has set the rule too low.
const NAMES_MAX: usize = 10_000;

impl Baselines {
    /// The names of own people that are important by how others of them write, the most regarded first. Reads all names,
    /// and all facts for how they are spelled.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn important_names(&self, at: Moment) -> Result<Vec<Portrait>, String> {
        let learner = &self.learner;
        self.sync()?;
        let mark = |address: &str| learner.keyring.correspondent(address);
        let mut found: HashMap<Key, NameUse> = HashMap::new();
        learner.memory.each_record(Kind::Name, &mut |key, bytes| {
            let record =
                NameRecord::decode(bytes).ok_or("a record is damaged; `kith baseline rebuild` makes it anew")?;
            let used = record.name_use(at, learner.decay, learner.bounds, mark, [None; 2]);
            if used.esteem.important && found.len() < NAMES_MAX {
                found.insert(*key, used);
            }
            Ok(())
        })?;
        let mut spelled: HashMap<Key, String> = HashMap::new();
        learner.each_fact(&mut |_, fact| {
            for name in fact.aliases.iter().map(|(name, _)| name).chain([&fact.name]) {
                let key = learner.keyring.key(Kind::Name, &[name]);
                if found.contains_key(&key) {
                    spelled.entry(key).or_insert_with(|| name.clone());
                }
            }
            Ok(())
        })?;
        let portrait = |(key, used): (Key, NameUse)| Portrait {
            kind: "name",
            key: key.iter().map(|byte| format!("{byte:02x}")).collect(),
            about: spelled.remove(&key).into_iter().collect(),
            shape: Shape::Name(used),
        };
        let mut portraits: Vec<Portrait> = found.into_iter().map(portrait).collect();
        portraits.sort_by_key(|portrait| (std::cmp::Reverse(regard(portrait)), portrait.about.clone()));
        Ok(portraits)
    }
}

/// How many acts of regard are known.
fn regard(portrait: &Portrait) -> u32 {
    match &portrait.shape {
        Shape::Name(used) => used.esteem.copied_by + 2 * used.esteem.deferred_by + used.esteem.written_by / 2,
        Shape::Profile(..) => 0,
    }
}

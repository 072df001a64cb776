//! What the store's folder holds, in memory, so that no message has to search it.

use std::collections::HashMap;

use super::Settings;
use super::store::REPEAT_DAYS;
use crate::decision::DecisionId;
use crate::mail::Moment;

/// A message that is or was in the store.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    /// By which a repetition is found.
    pub print: u64,
    /// Length of its file; 0 where the content was removed.
    pub bytes: u64,
    /// Answers under way that say it is kept.
    pub claims: usize,
    /// Whether the MTA heard such an answer, or may have.
    pub heard: bool,
    /// Whether its file is still `.new`.
    pub new: bool,
}

/// What the folder holds.
#[derive(Default)]
pub(super) struct Index {
    pub items: HashMap<DecisionId, Item>,
    prints: HashMap<u64, Vec<DecisionId>>,
    bytes: u64,
    messages: usize,
}

impl Index {
    /// Bytes that all take.
    #[cfg(test)]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// How many there are.
    #[cfg(test)]
    pub fn messages(&self) -> usize {
        self.messages
    }

    pub fn add(&mut self, id: DecisionId, item: Item) {
        self.bytes += item.bytes;
        self.messages += usize::from(item.bytes > 0);
        self.prints.entry(item.print).or_default().push(id);
        self.items.insert(id, item);
    }

    /// Adds a message where the limits allow it; else the key of the one that does not.
    pub fn reserve(&mut self, id: DecisionId, item: Item, settings: &Settings) -> Result<(), &'static str> {
        if self.bytes + item.bytes > settings.kept_bytes_max {
            return Err("kept_bytes_max");
        }
        if self.messages >= settings.kept_messages_max {
            return Err("kept_messages_max");
        }
        self.add(id, item);
        Ok(())
    }

    /// Whether so little is left that room is to be made: what is needed at once, and a twentieth for those that follow.
    pub fn is_crowded(&self, item: Item, settings: &Settings) -> bool {
        let bytes_max = settings.kept_bytes_max - settings.kept_bytes_max / 20;
        let messages_max = settings.kept_messages_max - settings.kept_messages_max / 20;
        self.bytes + item.bytes > bytes_max || self.messages + 1 > messages_max
    }

    /// What may be the same message as one of this print.
    pub fn recent(&self, print: u64, now: Moment) -> Vec<DecisionId> {
        let ids = self.prints.get(&print).into_iter().flatten();
        ids.filter(|id| now.days_since(id.moment()) <= REPEAT_DAYS).copied().collect()
    }

    /// Claims what may be the same message as one of this print, and names it.
    pub fn claim(&mut self, print: u64, now: Moment) -> Vec<DecisionId> {
        let recent = self.recent(print, now);
        for id in &recent {
            if let Some(item) = self.items.get_mut(id) {
                item.claims += 1;
            }
        }
        recent
    }

    /// Gives the room of a message free whose content was removed.
    pub fn empty(&mut self, id: DecisionId) {
        if let Some(item) = self.items.get_mut(&id) {
            self.bytes -= item.bytes;
            self.messages -= usize::from(item.bytes > 0);
            (item.bytes, item.new) = (0, false);
        }
    }

    pub fn forget(&mut self, id: DecisionId) {
        self.empty(id);
        let Some(item) = self.items.remove(&id) else { return };
        if let Some(ids) = self.prints.get_mut(&item.print) {
            ids.retain(|known| *known != id);
            if ids.is_empty() {
                self.prints.remove(&item.print);
            }
        }
    }
}

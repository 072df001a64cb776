//! Labels given at one host, on which the others act, too.

use serde::{Deserialize, Serialize};

use crate::baseline::anew::Attack;
use crate::baseline::key::{KEY_BYTES, Key, Kind};
use crate::baseline::learner::Learner;
use crate::baseline::overlay::Bytes;
use crate::mail::Moment;

/// The record of labels that were given while nothing was shared. Of a kind that no store made anew takes over, since it
/// names addresses, which may be what is to be forgotten.
const WAITING_KEY: Key = {
    let mut key = [0; KEY_BYTES];
    key[0] = Kind::Generation as u8;
    key[KEY_BYTES - 1] = 1;
    key
};
/// Labels that wait: more than anyone gives while the daemon is stopped.
const WAITING_MAX: usize = 1_000;

/// That something was an attack, as the hosts tell each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::baseline) struct Label {
    /// Whose trust is taken back.
    pub attack: Attack,
    /// When that was known.
    pub at: Moment,
    /// Whether it was found to be none, and is given back.
    #[serde(default)]
    pub given_back: bool,
}

impl Label {
    /// The bytes of it, and the name under which it is told.
    pub fn encode(&self, learner: &Learner) -> Option<(String, Vec<u8>)> {
        let text = serde_json::to_string(self).ok()?;
        Some((format!("{:016x}", learner.keyring.mark(&text)), text.into_bytes()))
    }

    /// `None` for bytes that are none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice(bytes).ok()
    }
}

impl Learner {
    /// Takes back what a label says that another host told, unless that was done.
    ///
    /// # Errors
    /// See [`Learner::take_back`].
    pub(super) fn heed(&self, id: &str, label: &Label) -> Result<(), String> {
        if self.settings.facts_days == 0 || self.import_mark(&source(id)).is_some() {
            return Ok(());
        }
        if label.given_back {
            self.give_back(&label.attack, label.at, false)?;
            self.set_heeded(id);
            return Ok(());
        }
        let taken = self.take_back(&label.attack, label.at, false)?;
        self.set_heeded(id);
        if taken.messages > 0 {
            log::info!("baseline: another host labelled {} messages of this one as attacks", taken.messages);
        }
        Ok(())
    }

    /// Keeps a label that was given while nothing is shared, to be told when it is.
    pub(in crate::baseline) fn keep_label(&self, label: Label) {
        let mut waiting = self.waiting_labels();
        if waiting.len() >= WAITING_MAX {
            log::warn!("baseline: {WAITING_MAX} labels wait to be told the other hosts; the earliest is told no more");
            waiting.remove(0);
        }
        waiting.push(label);
        let row = serde_json::to_vec(&waiting).unwrap_or_default();
        self.memory.put([(WAITING_KEY, Bytes::from(row))]);
    }

    /// The labels that wait; none where they cannot be read, which whoever reads all else hears of.
    pub(super) fn waiting_labels(&self) -> Vec<Label> {
        let row = self.read_one(&WAITING_KEY).ok().flatten();
        row.and_then(|row| serde_json::from_slice(&row).ok()).unwrap_or_default()
    }

    /// All labels that waited are told.
    pub(super) fn set_labels_told(&self) {
        if !self.waiting_labels().is_empty() {
            self.memory.put([(WAITING_KEY, Bytes::from([].as_slice()))]);
        }
    }

    /// Remembers that a label was acted on here.
    pub(in crate::baseline) fn set_heeded(&self, id: &str) {
        self.memory.put([self.mark(&source(id), 1)]);
    }
}

fn source(id: &str) -> String {
    format!("baseline.shared label {id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Address;

    #[test]
    fn a_label_is_read_as_it_was_told() {
        let author = Address::parse("eve@evil.example").expect("valid");
        let attack = Attack::Message { message_id: "1@evil.example".to_owned(), author };
        let label = Label { attack, at: Moment(5), given_back: false };
        let bytes = serde_json::to_vec(&label).expect("plain");
        assert_eq!(Label::decode(&bytes), Some(label));
        assert_eq!(Label::decode(b"{}"), None);
    }
}

//! Labels given at one host, on which the others act, too.

use serde::{Deserialize, Serialize};

use crate::baseline::anew::Attack;
use crate::baseline::learner::Learner;
use crate::mail::Moment;

/// That something was an attack, as the hosts tell each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::baseline) struct Label {
    /// Whose trust is taken back.
    pub attack: Attack,
    /// When that was known.
    pub at: Moment,
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
        let taken = self.take_back(&label.attack, label.at, false)?;
        self.set_heeded(id);
        if taken.messages > 0 {
            log::info!("baseline: another host labelled {} messages of this one as attacks", taken.messages);
        }
        Ok(())
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
        let label = Label { attack, at: Moment(5) };
        let bytes = serde_json::to_vec(&label).expect("plain");
        assert_eq!(Label::decode(&bytes), Some(label));
        assert_eq!(Label::decode(b"{}"), None);
    }
}

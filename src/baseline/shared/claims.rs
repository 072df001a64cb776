//! A message that reaches two hosts is counted by one of them: each part of it belongs to who claimed it first.

use std::collections::VecDeque;
use std::iter::once;

use super::Shared;
use super::link::{Command, Fields};
use crate::baseline::fact::Fact;
use crate::baseline::key::{KEY_BYTES, Key, Kind};
use crate::baseline::learner::Learner;
use crate::baseline::observation::Observation;
use crate::baseline::remembered::{self, Remembered};

/// Messages whose parts are claimed in one round trip.
const TOGETHER_MAX: usize = 64;

/// What other hosts counted of a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::baseline) struct Elsewhere {
    /// Outcomes, as [`Remembered`] keeps them.
    pub counted: u8,
    /// Marks of the recipients.
    pub recipients: Vec<u32>,
}

impl Learner {
    /// Claims what is to be counted of a message and of those that wait behind it, in one round trip. Empty where nothing
    /// is shared. While the store is away nothing is claimed, and a message that reaches two hosts is counted by both.
    pub fn claim(&self, first: &Observation, behind: impl FnOnce(usize) -> Vec<Observation>) -> VecDeque<Elsewhere> {
        let Some(shared) = self.shared.get().filter(|shared| shared.is_answered()) else { return VecDeque::new() };
        let behind = behind(TOGETHER_MAX - 1);
        let all: Vec<&Observation> = once(first).chain(&behind).collect();
        let commands = all.iter().flat_map(|observation| self.claims(shared, observation)).collect();
        match shared.asker.ask_blocking(commands) {
            Ok(answered) => answered.iter().map(|fields| counted(fields, &shared.field)).collect(),
            Err(_said_already) => all.iter().map(|_| Elsewhere::default()).collect(),
        }
    }

    fn claims(&self, shared: &Shared, observation: &Observation) -> Vec<Command> {
        let fact = Fact::of(observation, &self.keyring, &self.settings);
        let name = shared.message_name(&fact.message);
        let outcomes = remembered::outcomes(observation.increment());
        let marks = fact.recipients.iter().map(|(recipient, _)| self.keyring.correspondent(recipient));
        let parts = outcomes.map(|outcome| vec![outcome]).chain(marks.map(|mark| mark.to_le_bytes().to_vec()));
        let claim = |part| Command::Claim(name.clone(), part, shared.field.clone());
        let keep = u64::from(self.settings.remembered_days.max(1)) * 86_400;
        let rest = [Command::Expire(name.clone(), keep), Command::Read(name.clone())];
        parts.map(claim).chain(rest).collect()
    }
}

impl Shared {
    /// The name under which the parts of a message are claimed.
    pub(super) fn message_name(&self, message: &[u8; 16]) -> Vec<u8> {
        let mut key: Key = [Kind::Remembered as u8; KEY_BYTES];
        key[1..].copy_from_slice(message);
        self.name(&key)
    }
}

/// What belongs to others. A label belongs to everybody.
fn counted(fields: &Fields, own: &[u8]) -> Elsewhere {
    let mut elsewhere = Elsewhere::default();
    for (part, owner) in fields {
        match part.as_slice() {
            [outcome] if *outcome == remembered::ATTACK || owner != own => elsewhere.counted |= outcome,
            [a, b, c, d] if owner != own => elsewhere.recipients.push(u32::from_le_bytes([*a, *b, *c, *d])),
            _ => {}
        }
    }
    elsewhere
}

impl Remembered {
    /// The same with what other hosts counted.
    pub(in crate::baseline) fn with(mut self, elsewhere: &Elsewhere, recipients_max: usize) -> Self {
        self.count_elsewhere(elsewhere.counted, &elsewhere.recipients, recipients_max);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_claimed_is_counted_elsewhere() {
        let (own, other) = (b"own!".to_vec(), b"othr".to_vec());
        let fields = vec![
            (vec![0x80], own.clone()),
            (vec![1], other.clone()),
            (vec![remembered::ATTACK], own.clone()),
            (7u32.to_le_bytes().to_vec(), other.clone()),
            (8u32.to_le_bytes().to_vec(), own.clone()),
            (b"of a later version".to_vec(), other),
        ];
        let expected = Elsewhere { counted: 1 | remembered::ATTACK, recipients: vec![7] };
        assert_eq!(counted(&fields, &own), expected);
        assert_eq!(counted(&Vec::new(), &own), Elsewhere::default());
    }
}

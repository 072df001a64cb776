//! Which messages were learned, so that a repeated delivery is not counted twice.

use super::codec::{Reader, put_moment};
use super::record::Increment;
use crate::mail::Moment;

const VERSION: u8 = 1;
const TRUSTED: u8 = 1;
const REFUSED: u8 = 2;
const WRITTEN: u8 = 4;
/// It was labelled as an attack: no later delivery of it builds trust.
pub(super) const ATTACK: u8 = 8;
/// It was counted at all.
const COUNTED: u8 = 0x80;

/// What was counted of one message. A sender's host delivers a message once for all recipients or once for each, again
/// after a temporary failure, and with another outcome after a hold: each recipient and each outcome counts once.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Remembered {
    message: [u8; 16],
    at: Moment,
    counted: u8,
    recipients: Vec<u32>,
}

/// The outcomes that a delivery counts, each as one flag.
pub(super) fn outcomes(full: Increment) -> impl Iterator<Item = u8> {
    let flags = [(true, COUNTED), (full.trusted, TRUSTED), (full.refused, REFUSED), (full.written_to, WRITTEN)];
    flags.into_iter().filter(|(yes, _)| *yes).map(|(_, flag)| flag)
}

/// What a delivery adds: to the keys of the message, and to those of each recipient.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Addition {
    /// To the author, his domain, name and network.
    pub message: Increment,
    /// To each recipient given, in order.
    pub recipients: Vec<Increment>,
}

impl Remembered {
    /// Whether these are the facts of that message, and not too old.
    pub fn is_of(&self, message: &[u8; 16], at: Moment, days_max: u16) -> bool {
        self.message == *message && at.days_since(self.at).abs() <= f64::from(days_max)
    }

    /// Whether these are the facts of that message, however old.
    pub fn is_message(&self, message: &[u8; 16]) -> bool {
        self.message == *message
    }

    /// A message of which nothing was counted yet.
    pub fn new(message: [u8; 16], at: Moment) -> Self {
        Self { message, at, ..Self::default() }
    }

    /// What this delivery adds to what was counted, which it then is. `full` is what a first delivery adds.
    pub fn count(&mut self, full: Increment, recipients: &[u32], recipients_max: usize) -> Addition {
        let fresh = |flag: u8| self.counted & flag == 0;
        let again = Increment {
            message: false,
            trusted: full.trusted && fresh(TRUSTED),
            refused: full.refused && fresh(REFUSED),
            written_to: full.written_to && fresh(WRITTEN),
        };
        let first = self.recipients.is_empty() && self.counted == 0;
        let mut addition = Addition {
            message: if first { full } else { again },
            recipients: recipients.iter().map(|r| if self.recipients.contains(r) { again } else { full }).collect(),
        };
        addition.message.written_to = false;
        self.count_elsewhere(0, recipients, recipients_max);
        let flags = [(full.trusted, TRUSTED), (full.refused, REFUSED), (full.written_to, WRITTEN)];
        self.counted |= COUNTED | flags.into_iter().filter(|(yes, _)| *yes).fold(0, |sum, (_, flag)| sum | flag);
        addition
    }

    /// Takes what was counted elsewhere for counted.
    pub fn count_elsewhere(&mut self, counted: u8, recipients: &[u32], recipients_max: usize) {
        self.counted |= counted;
        for recipient in recipients {
            if !self.recipients.contains(recipient) && self.recipients.len() < recipients_max {
                self.recipients.push(*recipient);
            }
        }
    }

    /// Whether it was labelled as an attack.
    pub fn is_attack(&self) -> bool {
        self.counted & ATTACK != 0
    }

    /// The same, not labelled as an attack any more.
    pub fn no_attack(mut self) -> Self {
        self.counted &= !ATTACK;
        self
    }

    /// The same, labelled as an attack.
    pub fn attack(mut self) -> Self {
        self.counted |= ATTACK;
        self
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(27 + 4 * self.recipients.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.message);
        put_moment(&mut bytes, self.at);
        bytes.push(self.counted);
        let kept = &self.recipients[..self.recipients.len().min(255)];
        bytes.push(kept.len() as u8);
        for recipient in kept {
            bytes.extend_from_slice(&recipient.to_le_bytes());
        }
        bytes
    }

    /// `None` for bytes that are no record of this version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::of_version(bytes, VERSION)?;
        let (message, at, counted, kept) = (reader.key()?, reader.moment()?, reader.u8()?, reader.u8()?);
        let recipients = (0..kept).map(|_| reader.u32()).collect::<Option<_>>()?;
        reader.is_at_end().then_some(Self { message, at, counted, recipients })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Increment = Increment { message: true, trusted: false, refused: false, written_to: false };
    const TRUST: Increment = Increment { message: true, trusted: true, refused: false, written_to: false };
    const NOTHING: Increment = Increment { message: false, trusted: false, refused: false, written_to: false };

    /// The additions of several deliveries of one message, each with its recipients.
    fn check(deliveries: &[(Increment, &[u32])], expected: &[(Increment, &[Increment])]) {
        let mut remembered = Remembered::new([1; 16], Moment(0));
        for ((full, recipients), (message, each)) in deliveries.iter().zip(expected) {
            let addition = remembered.count(*full, recipients, 50);
            assert_eq!((addition.message, addition.recipients.as_slice()), (*message, *each));
            remembered = Remembered::decode(&remembered.encode()).expect("what was written");
        }
    }

    #[test]
    fn a_repeated_delivery_adds_nothing() {
        check(&[(TRUST, &[1, 2]), (TRUST, &[2, 1])], &[(TRUST, &[TRUST, TRUST]), (NOTHING, &[NOTHING, NOTHING])]);
        check(&[(SEEN, &[]), (SEEN, &[])], &[(SEEN, &[]), (NOTHING, &[])]);
    }

    #[test]
    fn a_delivery_to_another_recipient_counts_for_him() {
        check(&[(TRUST, &[1]), (TRUST, &[2])], &[(TRUST, &[TRUST]), (NOTHING, &[TRUST])]);
    }

    #[test]
    fn another_outcome_counts_once() {
        let trust_alone = Increment { message: false, ..TRUST };
        check(
            &[(SEEN, &[1]), (TRUST, &[1]), (TRUST, &[1])],
            &[(SEEN, &[SEEN]), (trust_alone, &[trust_alone]), (NOTHING, &[NOTHING])],
        );
    }

    #[test]
    fn writing_to_someone_counts_once_for_each_recipient() {
        let write = Increment { written_to: true, ..TRUST };
        check(&[(write, &[1]), (write, &[1, 2])], &[(TRUST, &[write]), (NOTHING, &[NOTHING, write])]);
    }

    #[test]
    fn that_it_was_an_attack_is_remembered_until_it_is_corrected() {
        let mut remembered = Remembered::new([1; 16], Moment(0));
        remembered.count(TRUST, &[1], 50);
        let before = remembered.clone();
        let attack = Remembered::decode(&remembered.attack().encode()).expect("whole");
        assert!(attack.is_attack() && !before.is_attack());
        assert_eq!(attack.no_attack(), before);
    }

    #[test]
    fn recipients_have_a_bound() {
        let mut remembered = Remembered::new([1; 16], Moment(0));
        let recipients: Vec<u32> = (0..300).collect();
        remembered.count(SEEN, &recipients, 255);
        assert_eq!(remembered.encode().len(), 27 + 4 * 255);
        assert_eq!(Remembered::decode(&remembered.encode()), Some(remembered));
    }

    #[test]
    fn age_ends_memory() {
        let day = 86_400_000;
        let remembered = Remembered::new([1; 16], Moment(10 * day));
        assert!(remembered.is_of(&[1; 16], Moment(16 * day), 6));
        assert!(!remembered.is_of(&[1; 16], Moment(16 * day + 1), 6));
        assert!(remembered.is_of(&[1; 16], Moment(4 * day), 6));
        assert!(!remembered.is_of(&[2; 16], Moment(10 * day), 6));
    }

    #[test]
    fn broken_bytes_are_no_record() {
        let bytes = Remembered::new([1; 16], Moment(0)).encode();
        for end in 0..bytes.len() {
            assert_eq!(Remembered::decode(&bytes[..end]), None, "{end}");
        }
    }
}

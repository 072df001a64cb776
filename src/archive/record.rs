//! A message as it is kept: what was known of it when it was decided on, and its bytes.

use std::io;

use serde::{Deserialize, Serialize};

use crate::auth::AuthResults;
use crate::baseline::Reached;
use crate::decision::DecisionId;
use crate::mail::{Envelope, Moment};
use crate::mailbox::{MESSAGE_BYTES_MAX, pack, unpack};

/// How a record begins; the last byte is the version of what follows.
const MAGIC: [u8; 4] = *b"KAR\x01";
/// Magic, id, how far the baselines were (flag, store, facts), flags, two lengths, checksum of all that.
pub(super) const HEAD_BYTES: usize = 4 + 16 + 13 + 1 + 8 + 4;
/// The message stands as what differs from the copy that the quarantine keeps of a decision.
const DIFFERS: u8 = 1;
/// Most bytes of what is known of a message: some thousands of recipients.
const FACTS_BYTES_MAX: usize = 4 << 20;

/// What was known of a message when it was decided on, and cannot be had again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// When the message came.
    pub at: Moment,
    /// What the SMTP session said.
    pub envelope: Envelope,
    /// What the sender proved, which rests on DNS as it was.
    pub auth: AuthResults,
    /// The decision after which a person had released the message.
    pub released: Option<DecisionId>,
    /// The decision whose copy in Kith's quarantine the message differs from, where it is kept as that.
    pub kept_as: Option<DecisionId>,
}

/// Where a record's parts lie, and what its head says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// The decision.
    pub id: DecisionId,
    /// How far the baselines were when it was decided; `None` where that cannot be had again.
    pub reached: Option<Reached>,
    /// Whether the message stands as what differs from another copy of it.
    pub differs: bool,
    /// Bytes of the facts.
    pub(super) facts: usize,
    /// Bytes of the message.
    pub(super) message: usize,
}

impl Head {
    /// Bytes of the whole record.
    pub(super) fn bytes(&self) -> usize {
        HEAD_BYTES + self.facts + self.message
    }

    fn encode(&self) -> [u8; HEAD_BYTES] {
        let reached = self.reached.unwrap_or(Reached { store: 0, facts: 0 });
        let lengths = [self.facts, self.message].map(|bytes| (bytes as u32).to_le_bytes());
        let head = [
            &MAGIC[..],
            &u128::from(self.id).to_be_bytes(),
            &[u8::from(self.reached.is_some())],
            &reached.store.to_le_bytes(),
            &reached.facts.to_le_bytes(),
            &[if self.differs { DIFFERS } else { 0 }],
            &lengths[0],
            &lengths[1],
        ]
        .concat();
        let mut bytes = [0; HEAD_BYTES];
        bytes[..HEAD_BYTES - 4].copy_from_slice(&head);
        bytes[HEAD_BYTES - 4..].copy_from_slice(&checksum(&head).to_le_bytes());
        bytes
    }

    /// `None` for bytes that are no head.
    pub(super) fn decode(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        let (head, sum) = bytes.split_at(HEAD_BYTES - 4);
        if head[..4] != MAGIC || sum != checksum(head).to_le_bytes() {
            return None;
        }
        let u32_at = |at: usize| head[at..at + 4].try_into().ok().map(u32::from_le_bytes);
        let facts = head[25..33].try_into().ok().map(u64::from_le_bytes)?;
        let id = head[4..20].try_into().ok().map(u128::from_be_bytes)?;
        let reached = Reached { store: u32_at(21)?, facts };
        let lengths = (u32_at(34)? as usize, u32_at(38)? as usize);
        Some(Self {
            id: DecisionId::from(id),
            reached: (head[20] != 0).then_some(reached),
            differs: head[33] & DIFFERS != 0,
            facts: lengths.0,
            message: lengths.1,
        })
    }
}

/// FNV-1a: it tells a head from other bytes; what follows has checksums of its own.
fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// A record as it is written.
///
/// # Errors
/// It cannot be packed.
pub(super) fn encode(
    id: DecisionId,
    reached: Option<Reached>,
    facts: &Facts,
    message: &[u8],
    near: Option<&[u8]>,
) -> io::Result<Vec<u8>> {
    let facts = pack(&serde_json::to_vec(facts)?, None)?;
    let message = pack(message, near)?;
    let head = Head { id, reached, differs: near.is_some(), facts: facts.len(), message: message.len() };
    Ok([&head.encode()[..], &facts, &message].concat())
}

/// The facts of a record, from their bytes.
///
/// # Errors
/// They are damaged.
pub(super) fn facts(bytes: &[u8]) -> io::Result<Facts> {
    Ok(serde_json::from_slice(&unpack(bytes, None, FACTS_BYTES_MAX)?)?)
}

/// The message of a record, from its bytes.
///
/// # Errors
/// They are damaged, or `near` is not what it was.
pub(super) fn message(bytes: &[u8], near: Option<&[u8]>) -> io::Result<Vec<u8>> {
    unpack(bytes, near, MESSAGE_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Address;

    fn sample() -> (DecisionId, Option<Reached>, Facts) {
        let envelope = Envelope {
            client: "192.0.2.1".parse().ok(),
            helo: Some("mx.example.org".to_owned()),
            recipients: Address::parse("anna@own.example").into_iter().collect(),
            unread_paths: 1,
            ..Envelope::default()
        };
        let facts = Facts { at: Moment(1_700_000_000_123), envelope, ..Facts::default() };
        (DecisionId::new(facts.at, u128::MAX), Some(Reached { store: 7, facts: 1 << 40 }), facts)
    }

    #[test]
    fn a_record_comes_back_as_it_was() {
        let (id, reached, facts_of) = sample();
        for (reached, near) in [(reached, None), (None, Some(&b"Subject: a\r\n\r\ntext"[..]))] {
            let bytes = encode(id, reached, &facts_of, b"Subject: b\r\n\r\ntext", near).expect("packed");
            let head = Head::decode(bytes[..HEAD_BYTES].try_into().expect("long enough")).expect("a head");
            assert_eq!((head.id, head.reached, head.differs), (id, reached, near.is_some()));
            assert_eq!(head.bytes(), bytes.len());
            let (one, other) = bytes[HEAD_BYTES..].split_at(head.facts);
            assert_eq!(facts(one).expect("whole"), facts_of);
            assert_eq!(message(other, near).expect("whole"), b"Subject: b\r\n\r\ntext");
        }
    }

    #[test]
    fn other_bytes_are_no_head() {
        let (id, reached, facts) = sample();
        let bytes = encode(id, reached, &facts, b"text", None).expect("packed");
        for at in 0..HEAD_BYTES {
            let mut head: [u8; HEAD_BYTES] = bytes[..HEAD_BYTES].try_into().expect("long enough");
            head[at] ^= 0x10;
            assert_eq!(Head::decode(&head), None, "{at}");
        }
        assert_eq!(Head::decode(&[0; HEAD_BYTES]), None);
    }
}

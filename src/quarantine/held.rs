//! A held message in its file: one line of JSON that says what it is, then the message.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::content::{digest, fields};
use super::grounds;
use crate::decision::{Decision, DecisionId, Reason};
use crate::mail::{Address, Category, Envelope};

/// Longest line of JSON that is read: 10,000 recipients fit.
const HEAD_BYTES_MAX: u64 = 8 << 20;
/// Bytes kept of a subject or an author: as much as tells one from another.
const TEXT_BYTES_MAX: usize = 512;
/// Reasons kept.
const REASONS_MAX: usize = 10;
/// Reasons kept in words: as many as a recipient reads.
const WORDED_MAX: usize = 3;

/// What is known of a held message beside its content.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Held {
    /// The decision by which it was held. Its name in the store, too.
    pub id: DecisionId,
    /// The MTA's name of the message.
    pub queue_id: Option<String>,
    /// Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// Reverse-path; `None` for the null sender.
    pub sender: Option<Address>,
    /// Forward-paths for which it is kept here.
    pub recipients: Vec<Address>,
    /// The author's address (From).
    pub author: Option<String>,
    /// The decoded subject.
    pub subject: Option<String>,
    /// The kind of attack.
    pub category: Option<Category>,
    /// Log-odds of an attack.
    pub score: Option<f32>,
    /// The names of the strongest reasons.
    pub reasons: Vec<String>,
    /// What held it beside its score, see [`grounds`].
    pub grounds: Vec<String>,
    /// The strongest reasons in words. They may hold what the message says.
    pub because: Vec<String>,
    /// Which message it is, see [`Identity`].
    pub identity: String,
    /// Length of the message in bytes.
    pub bytes: u64,
    /// SHA-256 of the message, in hexadecimal.
    pub sha256: String,
    /// Of a letter of Kith's own: the messages of which it tells.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told: Vec<DecisionId>,
}

impl Held {
    /// What is known of a message that is to be held; `content` is what would be delivered.
    pub fn new(id: DecisionId, decision: &Decision, envelope: &Envelope, identity: &Identity, content: &[u8]) -> Self {
        Self {
            id,
            queue_id: envelope.queue_id.clone(),
            sender: envelope.sender.clone(),
            recipients: envelope.recipients.clone(),
            category: decision.category,
            score: decision.score,
            reasons: decision.reasons.iter().take(REASONS_MAX).map(|reason| reason.name.clone()).collect(),
            grounds: grounds(&decision.reasons),
            because: because(&decision.reasons),
            identity: identity.whole(),
            bytes: content.len() as u64,
            sha256: hex(&Sha256::digest(content)),
            ..Self::default()
        }
    }

    /// Whether it is kept for this recipient.
    pub(super) fn is_for(&self, one: &Address) -> bool {
        self.recipients.iter().any(|other| other.is_same_mailbox(one))
    }

    /// The same with what the message says of itself.
    pub fn said(mut self, message_id: Option<&str>, author: Option<String>, subject: &str) -> Self {
        let clip = |text: &str| text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_owned();
        self.message_id = message_id.map(clip);
        self.author = author.map(|text| clip(&text));
        self.subject = Some(clip(subject));
        self
    }

    /// The file of a message.
    pub(super) fn encode(&self, content: &[u8]) -> io::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(content);
        Ok(bytes)
    }

    /// Reads the line that stands first in a file.
    pub(super) fn read_head(path: &Path) -> io::Result<Self> {
        head(&mut BufReader::with_capacity(4_096, File::open(path)?))
    }

    /// Reads a file with its message, which is as it was written, by its digest.
    pub(super) fn read(path: &Path) -> io::Result<(Self, Vec<u8>)> {
        let mut file = BufReader::new(File::open(path)?);
        let held = head(&mut file)?;
        let mut content = Vec::new();
        file.read_to_end(&mut content)?;
        if hex(&Sha256::digest(&content)) != held.sha256 {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the message was changed since it was held"));
        }
        Ok((held, content))
    }
}

/// The strongest reasons for holding a message, in words.
fn because(reasons: &[Reason]) -> Vec<String> {
    let speaking = reasons.iter().filter(|reason| reason.contribution >= 0.0);
    let words = speaking.take(WORDED_MAX).map(|reason| &reason.because);
    words.map(|text| text[..text.floor_char_boundary(TEXT_BYTES_MAX)].to_owned()).collect()
}

fn head(file: &mut impl BufRead) -> io::Result<Held> {
    let mut line = Vec::new();
    file.by_ref().take(HEAD_BYTES_MAX).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}

/// SHA-256 of a message.
pub(super) fn sha256(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which message it is, whatever hop brings it again: by Message-ID, Date and reverse-path, and with those by the
/// content of the seal. Recipients are told apart, since a host may bring them in other groups.
pub struct Identity<'a> {
    raw: &'a [u8],
    /// Digest of Message-ID, Date and reverse-path: cheap to make of every message.
    outer: [u8; 32],
}

impl<'a> Identity<'a> {
    /// Of a message as it came.
    pub fn new(sender: Option<&Address>, raw: &'a [u8]) -> Self {
        let mut sha = Sha256::new();
        for name in ["message-id", "date"] {
            let values = fields(raw).filter(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()));
            for (_, value) in values.take(1) {
                sha.update(value.trim_ascii());
            }
            sha.update([0]);
        }
        sha.update(sender.map(Address::key).unwrap_or_default());
        Self { raw, outer: sha.finalize().into() }
    }

    /// A number by which it is looked up.
    pub(super) fn print(&self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|n| self.outer[n]))
    }

    /// The identity with the content: reads all of it.
    pub(super) fn whole(&self) -> String {
        format!("{}{}", hex(&self.outer[..8]), hex(&digest(self.raw)[..16]))
    }

    /// The number of an identity that was written down.
    pub(super) fn print_of(identity: &str) -> Option<u64> {
        u64::from_str_radix(identity.get(..16)?, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "Message-ID: <1@x.example>\r\nDate: today\r\nFrom: a@x.example\r\n\r\nText\r\n";

    fn identity(sender: &str, raw: &str) -> String {
        Identity::new(Address::parse(sender).as_ref(), raw.as_bytes()).whole()
    }

    #[test]
    fn a_repeated_message_is_the_same_one() {
        let first = identity("a@x.example", MAIL);
        assert_eq!(identity("A@x.example", &format!("Received: by another\r\n{MAIL}")), first);
        assert_eq!(
            Identity::print_of(&first),
            Some(Identity::new(Address::parse("a@x.example").as_ref(), MAIL.as_bytes()).print())
        );
        for (sender, raw) in [
            ("b@x.example", MAIL.to_owned()),
            ("", MAIL.to_owned()),
            ("a@x.example", MAIL.replace("1@", "2@")),
            ("a@x.example", MAIL.replace("today", "now")),
            ("a@x.example", MAIL.replace("Text", "Test")),
        ] {
            assert_ne!(identity(sender, &raw), first, "{sender} {raw}");
        }
    }

    #[test]
    fn a_file_that_was_changed_is_told() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("file");
        let held = Held { bytes: 4, sha256: hex(&Sha256::digest(b"\nabc")), ..Held::default() };
        let bytes = held.encode(b"\nabc").expect("plain");
        std::fs::write(&path, &bytes).expect("writable");
        assert_eq!(Held::read_head(&path).expect("read"), held);
        assert_eq!(Held::read(&path).expect("read"), (held, b"\nabc".to_vec()));
        std::fs::write(&path, [&bytes[..], b"d"].concat()).expect("writable");
        assert!(Held::read(&path).is_err());
        std::fs::write(&path, b"{\"id\":").expect("writable");
        assert!(Held::read_head(&path).is_err());
    }
}

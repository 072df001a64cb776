//! The seal that goes with held mail, by which it is known again once a person released it.
//!
//! What is defended: a message that Kith held, and a person released into a path that leads through Kith once more, is
//! accepted there instead of held again. An outsider can read seals (they are delivered with released mail, to whoever
//! reads that) and put any header into his own mail. He must not be able to make one without the key, nor to use one
//! that he saw for another content, another author or subject, or a recipient whom the held message did not have. What he
//! can do is to send the very same content to the very same recipients again for as long as a seal lasts: mail which a
//! person looked at and let through. Fields outside [`super::content`]'s list, such as To and Date, are his to choose.
//! What Kith keeps itself is released by a token that counts once instead ([`super::permit`]).
//! Whoever reads the key file can forge seals. Kith removes seals from messages that pass it.

use std::collections::HashSet;

use hmac::Mac;

use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

use super::content::{digest, fields};
use super::permit::{self, Permit};
use super::{SealKey, Settings};

/// The header field that holds a seal.
pub const SEAL_HEADER: &str = "X-Kith-Seal";

/// What is sealed, and how; another layout gets another word, so that tags of one never fit the other.
const VERSION: &str = "v1";
/// 80 bits: each guess costs an attacker a message, and mail is slow.
const TAG_BYTES: usize = 10;
/// Most recipients sealed, as many as an MTA takes at once (Postfix: smtpd_recipient_limit = 1000). The field stays
/// below Postfix's header_size_limit of 102,400 bytes.
const RECIPIENTS_MAX: usize = 1_000;
/// Seals looked at in one message: more than one means that somebody tries.
const SEALS_MAX: usize = 4;

/// The proof that a message of some content, for some recipients, was held: one tag (a truncated HMAC-SHA-256) for each
/// recipient over decision id, content and recipient, since an MTA may release recipients apart from one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    id: DecisionId,
    tags: Vec<[u8; TAG_BYTES]>,
}

/// Why a seal does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It is no seal of ours by its form.
    Malformed,
    /// It was made for other content or other recipients, with another key, or by nobody.
    Mismatch,
    /// It is older than the settings allow.
    Expired,
}

impl Flaw {
    /// In words, for the log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Malformed => "the seal cannot be read",
            Self::Mismatch => "the seal does not belong to this message and these recipients",
            Self::Expired => "the seal is too old",
        }
    }
}

impl Seal {
    /// Seals a message as it will be when it is held (with the edits of the answer made). `None` without recipients or
    /// with more than 1,000: such a message passes the filter again when it is released.
    pub fn new(key: &SealKey, id: DecisionId, raw: &[u8], recipients: &[Address]) -> Option<Self> {
        if recipients.is_empty() || recipients.len() > RECIPIENTS_MAX {
            return None;
        }
        let content = digest(raw);
        let tags = recipients.iter().map(|recipient| tag(key, id, &content, recipient)).collect();
        Some(Self { id, tags })
    }

    /// The value of the field: version, id, tags in hexadecimal; folded by LF and tab.
    pub fn value(&self) -> String {
        let mut text = format!("{VERSION} {}", self.id);
        for (nth, tag) in self.tags.iter().enumerate() {
            // Three tags of 20 characters to a line.
            text.push_str(if nth % 3 == 0 { "\n\t" } else { " " });
            for byte in tag {
                text.push_str(&format!("{byte:02x}"));
            }
        }
        text
    }

    /// Reads a field's value, however it is folded. `None` where it is none.
    pub fn parse(value: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(value).ok()?.split_ascii_whitespace();
        if words.next() != Some(VERSION) {
            return None;
        }
        let id = DecisionId::parse(words.next()?)?;
        let tags: Option<Vec<_>> = words.take(RECIPIENTS_MAX + 1).map(unhex).collect();
        let tags = tags.filter(|tags| !tags.is_empty() && tags.len() <= RECIPIENTS_MAX)?;
        Some(Self { id, tags })
    }

    /// Whether the seal was made for this content and for each of these recipients; the id of the decision to hold.
    pub fn verify(
        &self,
        key: &SealKey,
        raw: &[u8],
        recipients: &[Address],
        now: Moment,
        settings: &Settings,
    ) -> Result<DecisionId, Flaw> {
        self.verify_content(key, &digest(raw), recipients, now, settings)
    }

    fn verify_content(
        &self,
        key: &SealKey,
        content: &[u8; 32],
        recipients: &[Address],
        now: Moment,
        settings: &Settings,
    ) -> Result<DecisionId, Flaw> {
        // A set keyed by chance: how long a search takes tells nothing of the tags in it.
        let tags: HashSet<&[u8; TAG_BYTES]> = self.tags.iter().collect();
        let sealed = |recipient: &Address| tags.contains(&tag(key, self.id, content, recipient));
        if recipients.is_empty() || recipients.len() > RECIPIENTS_MAX || !recipients.iter().all(sealed) {
            return Err(Flaw::Mismatch);
        }
        if now.days_since(self.id.moment()) > f64::from(settings.seal_days_max) || settings.seal_days_max == 0 {
            return Err(Flaw::Expired);
        }
        Ok(self.id)
    }
}

/// The tag of one recipient.
fn tag(key: &SealKey, id: DecisionId, content: &[u8; 32], recipient: &Address) -> [u8; TAG_BYTES] {
    let mut mac = key.mac();
    mac.update(b"x-kith-seal ");
    mac.update(VERSION.as_bytes());
    // Id and content have fixed lengths, so that no two inputs run together into the same bytes.
    mac.update(id.to_string().as_bytes());
    mac.update(content);
    mac.update(recipient.key().as_bytes());
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    std::array::from_fn(|n| full[n])
}

fn unhex(word: &str) -> Option<[u8; TAG_BYTES]> {
    if word.len() != 2 * TAG_BYTES || !word.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut tag = [0; TAG_BYTES];
    for (byte, pair) in tag.iter_mut().zip(word.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(tag)
}

/// What the seals of a message say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// There is none.
    Absent,
    /// A person released it after the decision of this id.
    Released(DecisionId),
    /// It is released from Kith's store by this token, if the store says that it counts.
    Permitted(DecisionId, String),
    /// There is one that does not hold: a forgery, or a message that was changed after it was held.
    Broken(Flaw),
}

/// Looks for a seal in a message and verifies it. Costs next to nothing for a message without one.
pub fn unseal(key: &SealKey, raw: &[u8], recipients: &[Address], now: Moment, settings: &Settings) -> Sealing {
    let is_seal = |name: &[u8]| name.eq_ignore_ascii_case(SEAL_HEADER.as_bytes());
    let mut content = None;
    let mut sealing = Sealing::Absent;
    for (_, value) in fields(raw).filter(|(name, _)| is_seal(name)).take(SEALS_MAX) {
        let content = content.get_or_insert_with(|| digest(raw));
        if let Some(permit) = Permit::parse(value) {
            match permit.verify(key, content, recipients, now) {
                Ok(()) => return Sealing::Permitted(permit.id, permit.token),
                Err(flaw) => sealing = Sealing::Broken(flaw),
            }
            continue;
        }
        let Some(seal) = Seal::parse(value) else {
            sealing = Sealing::Broken(Flaw::Malformed);
            continue;
        };
        match seal.verify_content(key, content, recipients, now, settings) {
            Ok(id) => return Sealing::Released(id),
            Err(flaw) => sealing = Sealing::Broken(flaw),
        }
    }
    sealing
}

/// The decision of whose release a message bears the token, whether or not that is a true one.
pub fn release_of(raw: &[u8]) -> Option<DecisionId> {
    let seals = fields(raw).filter(|(name, _)| name.eq_ignore_ascii_case(SEAL_HEADER.as_bytes())).take(SEALS_MAX);
    seals.into_iter().find_map(|(_, value)| permit::claimed(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_700_000_000_000);
    const MAIL: &str = "From: anna@example.org\r\nSubject: Hello\r\n\r\nText\r\n";

    fn key(byte: u8) -> SealKey {
        SealKey([byte; 32])
    }

    fn to(texts: &[&str]) -> Vec<Address> {
        texts.iter().map(|text| Address::parse(text).expect("valid")).collect()
    }

    fn id() -> DecisionId {
        DecisionId::new(NOW, 1)
    }

    fn sealed(recipients: &[&str]) -> String {
        let seal = Seal::new(&key(1), id(), MAIL.as_bytes(), &to(recipients)).expect("sealed");
        format!("Received: by mx\r\n{SEAL_HEADER}: {}\r\n{MAIL}", seal.value().replace('\n', "\r\n"))
    }

    fn check(mail: &str, recipients: &[&str], expected: Sealing) {
        let found = unseal(&key(1), mail.as_bytes(), &to(recipients), NOW, &Settings::default());
        assert_eq!(found, expected, "{mail} {recipients:?}");
    }

    const MISMATCH: Sealing = Sealing::Broken(Flaw::Mismatch);

    #[test]
    fn a_released_message_is_known_again() {
        let both = ["a@own.example", "b@own.example"];
        check(&sealed(&both), &both, Sealing::Released(id()));
        check(&sealed(&both), &["B@own.example"], Sealing::Released(id()));
        check(&sealed(&both).replace("\r\n", "\n"), &both, Sealing::Released(id()));
        check(&sealed(&both).replace("X-Kith-Seal", "x-kith-seal"), &both, Sealing::Released(id()));
        check(MAIL, &both, Sealing::Absent);
    }

    #[test]
    fn a_seal_fits_no_other_content() {
        let mail = sealed(&["a@own.example"]);
        check(&mail.replace("Text", "Test"), &["a@own.example"], MISMATCH);
        check(&mail.replace("Hello", "Help"), &["a@own.example"], MISMATCH);
        check(&mail.replace("anna@", "bert@"), &["a@own.example"], MISMATCH);
    }

    #[test]
    fn a_seal_fits_no_other_recipient_key_or_id() {
        let mail = sealed(&["a@own.example"]);
        check(&mail, &["c@own.example"], MISMATCH);
        check(&mail, &["a@own.example", "c@own.example"], MISMATCH);
        check(&mail, &[], MISMATCH);
        check(&mail.replace(&id().to_string(), &id().next().to_string()), &["a@own.example"], MISMATCH);
        let other = unseal(&key(2), mail.as_bytes(), &to(&["a@own.example"]), NOW, &Settings::default());
        assert_eq!(other, MISMATCH);
    }

    #[test]
    fn a_seal_expires() {
        let mail = sealed(&["a@own.example"]);
        let at = |days: u32, after_ms: i64| {
            let now = Moment(NOW.0 + after_ms);
            unseal(
                &key(1),
                mail.as_bytes(),
                &to(&["a@own.example"]),
                now,
                &Settings { seal_days_max: days, ..Settings::default() },
            )
        };
        assert_eq!(at(30, 30 * 86_400_000), Sealing::Released(id()));
        assert_eq!(at(30, 30 * 86_400_000 + 1), Sealing::Broken(Flaw::Expired));
        assert_eq!(at(0, 0), Sealing::Broken(Flaw::Expired));
    }

    #[test]
    fn forged_seals_beside_a_true_one_do_no_harm() {
        let forged = |n: usize| format!("{SEAL_HEADER}: v1 nonsense\r\n").repeat(n) + &sealed(&["a@own.example"]);
        check(&forged(SEALS_MAX - 1), &["a@own.example"], Sealing::Released(id()));
        check(&forged(SEALS_MAX), &["a@own.example"], Sealing::Broken(Flaw::Malformed));
    }

    #[test]
    fn what_is_no_seal_is_malformed() {
        let tag = "0".repeat(2 * TAG_BYTES);
        for value in [String::new(), "v1".into(), format!("v1 {}", id()), format!("v2 {} {tag}", id())] {
            check(&format!("{SEAL_HEADER}: {value}\n{MAIL}"), &["a@own.example"], Sealing::Broken(Flaw::Malformed));
        }
        for tag in [&tag[1..], &format!("{tag}0"), &tag.replace('0', "g"), "ä"] {
            assert_eq!(Seal::parse(format!("v1 {} {tag}", id()).as_bytes()), None);
        }
        assert!(Seal::parse(format!("v1 {} {tag}", id()).as_bytes()).is_some());
        assert_eq!(Seal::parse(b"v1 \xff"), None);
    }

    #[test]
    fn seals_have_a_limit_of_recipients() {
        let many =
            |n: usize| (0..n).map(|i| Address::parse(&format!("u{i}@own.example")).expect("valid")).collect::<Vec<_>>();
        let seal = |n| Seal::new(&key(1), id(), MAIL.as_bytes(), &many(n));
        assert_eq!(seal(0), None);
        assert_eq!(seal(RECIPIENTS_MAX + 1), None);
        let full = seal(RECIPIENTS_MAX).expect("sealed");
        let value = full.value();
        assert!(value.len() < 102_400 && value.lines().all(|line| line.len() < 78), "{}", value.len());
        assert_eq!(Seal::parse(value.as_bytes()).as_ref(), Some(&full));
        assert_eq!(full.verify(&key(1), MAIL.as_bytes(), &many(RECIPIENTS_MAX), NOW, &Settings::default()), Ok(id()));
        assert_eq!(Seal::parse(format!("{value} {}", "0".repeat(2 * TAG_BYTES)).as_bytes()), None);
    }
}

//! The token of a message that is released from Kith's store: once, for these recipients, until then.
//!
//! As [`super::seal`], but it expires by itself, and the store knows which token counts: that of the last attempt to
//! release, until the message came. Whoever sees one in a delivered message can do nothing with it any more.

use hmac::Mac;

use super::content::digest;
use super::held::hex;
use super::seal::Flaw;
use super::{SealKey, key};
use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

/// What is sealed, and how; another layout gets another word.
pub(super) const VERSION: &str = "v2";
/// 128 bits.
const TAG_BYTES: usize = 16;
/// Most recipients of one, as many as SMTP servers must take (RFC 5321 §4.5.3.1.8).
pub(super) const RECIPIENTS_MAX: usize = 100;

/// The token of one attempt to release a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The decision by which it was held.
    pub id: DecisionId,
    /// Until when it counts, in seconds since 1970.
    expires: u64,
    /// Which attempt, in hexadecimal.
    pub token: String,
    /// A truncated HMAC-SHA-256 for each recipient over all of this, content and recipient.
    tags: Vec<[u8; TAG_BYTES]>,
}

impl Permit {
    /// The token of a fresh attempt.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub(super) fn new(
        key: &SealKey,
        id: DecisionId,
        raw: &[u8],
        recipients: &[Address],
        expires: Moment,
    ) -> std::io::Result<Self> {
        let token = hex(&key::random::<16>()?);
        let expires = u64::try_from(expires.secs()).unwrap_or(0);
        let content = digest(raw);
        let tags = recipients.iter().map(|one| tag(key, (id, expires, &token), &content, one)).collect();
        Ok(Self { id, expires, token, tags })
    }

    /// The value of the field, folded.
    pub(super) fn value(&self) -> String {
        let mut text = format!("{VERSION} {} {} {}", self.id, self.expires, self.token);
        for (nth, tag) in self.tags.iter().enumerate() {
            text.push_str(if nth % 2 == 0 { "\r\n\t" } else { " " });
            text.push_str(&hex(tag));
        }
        text
    }

    /// Reads a field's value, however it is folded. `None` where it is none.
    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(value).ok()?.split_ascii_whitespace();
        if words.next() != Some(VERSION) {
            return None;
        }
        let id = DecisionId::parse(words.next()?)?;
        let expires = words.next().filter(|word| word.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
        let token = words.next().filter(|word| unhex::<16>(word).is_some())?.to_owned();
        let tags: Option<Vec<_>> = words.take(RECIPIENTS_MAX + 1).map(unhex).collect();
        let tags = tags.filter(|tags| !tags.is_empty() && tags.len() <= RECIPIENTS_MAX)?;
        Some(Self { id, expires, token, tags })
    }

    /// Whether it was made for this content and each of these recipients, and still counts by its time.
    pub(super) fn verify(
        &self,
        key: &SealKey,
        content: &[u8; 32],
        recipients: &[Address],
        now: Moment,
    ) -> Result<(), Flaw> {
        let sealed = |one: &Address| {
            let right = tag(key, (self.id, self.expires, &self.token), content, one);
            self.tags.iter().fold(false, |found, tag| found | is_same(tag, &right))
        };
        if recipients.is_empty() || recipients.len() > RECIPIENTS_MAX || !recipients.iter().all(sealed) {
            return Err(Flaw::Mismatch);
        }
        if u64::try_from(now.secs()).is_ok_and(|now| now <= self.expires) { Ok(()) } else { Err(Flaw::Expired) }
    }
}

/// The decision that a field's value names, where it has the form of a token; nothing of it is verified.
pub(super) fn claimed(value: &[u8]) -> Option<DecisionId> {
    let mut words = std::str::from_utf8(value).ok()?.split_ascii_whitespace();
    words.next().filter(|word| *word == VERSION)?;
    DecisionId::parse(words.next()?)
}

/// Compares in a time that does not depend on where they differ.
pub(super) fn is_same<const N: usize>(one: &[u8; N], other: &[u8; N]) -> bool {
    one.iter().zip(other).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

fn tag(
    key: &SealKey,
    (id, expires, token): (DecisionId, u64, &str),
    content: &[u8; 32],
    recipient: &Address,
) -> [u8; TAG_BYTES] {
    let mut mac = key.mac();
    mac.update(b"x-kith-seal ");
    mac.update(VERSION.as_bytes());
    // All but the recipient have fixed lengths, so that no two inputs run together into the same bytes.
    mac.update(id.to_string().as_bytes());
    mac.update(&expires.to_be_bytes());
    mac.update(token.as_bytes());
    mac.update(content);
    mac.update(recipient.key().as_bytes());
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    std::array::from_fn(|n| full[n])
}

pub(super) fn unhex<const N: usize>(word: &str) -> Option<[u8; N]> {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if word.len() != 2 * N || !word.bytes().all(is_hex) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(word.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::content::fields;
    use super::super::{SEAL_HEADER, Sealing, Settings, unseal};
    use super::*;

    const NOW: Moment = Moment(1_700_000_000_000);
    const MAIL: &str = "From: anna@example.org\r\nSubject: Hello\r\n\r\nText\r\n";
    const BOTH: [&str; 2] = ["a@own.example", "b@own.example"];

    fn key() -> SealKey {
        SealKey([1; 32])
    }

    fn id() -> DecisionId {
        DecisionId::new(NOW, 1)
    }

    fn to(texts: &[&str]) -> Vec<Address> {
        texts.iter().map(|text| Address::parse(text).expect("valid")).collect()
    }

    fn permit(recipients: &[&str]) -> Permit {
        let expires = Moment(NOW.0 + 3_600_000);
        Permit::new(&key(), id(), MAIL.as_bytes(), &to(recipients), expires).expect("randomness")
    }

    fn mail(permit: &Permit) -> String {
        format!("Received: by mx\r\n{SEAL_HEADER}: {}\r\n{MAIL}", permit.value())
    }

    fn found(mail: &[u8], recipients: &[&str], now: Moment) -> Sealing {
        unseal(&key(), mail, &to(recipients), now, &Settings::default())
    }

    const MISMATCH: Sealing = Sealing::Broken(Flaw::Mismatch);

    #[test]
    fn a_token_is_known_for_its_recipients_until_it_expires() {
        let permit = permit(&BOTH);
        let mail = mail(&permit);
        let permitted = Sealing::Permitted(id(), permit.token.clone());
        assert_eq!(found(mail.as_bytes(), &BOTH, NOW), permitted);
        assert_eq!(found(mail.replace("\r\n", "\n").as_bytes(), &BOTH[1..], NOW), permitted);
        assert_eq!(found(mail.as_bytes(), &BOTH, Moment(NOW.0 + 3_600_999)), permitted);
        assert_eq!(found(mail.as_bytes(), &BOTH, Moment(NOW.0 + 3_601_000)), Sealing::Broken(Flaw::Expired));
        assert_eq!(found(mail.as_bytes(), &[], NOW), MISMATCH);
        assert_eq!(found(mail.as_bytes(), &["a@own.example", "c@own.example"], NOW), MISMATCH);
        let other = unseal(&SealKey([2; 32]), mail.as_bytes(), &to(&BOTH), NOW, &Settings::default());
        assert_eq!(other, MISMATCH);
    }

    #[test]
    fn a_token_fits_nothing_that_was_altered() {
        let permit = permit(&BOTH);
        let mail = mail(&permit);
        let later = permit.expires + 1_000_000;
        for altered in [
            mail.replace("Text", "Test"),
            mail.replace("Hello", "Help"),
            mail.replace("anna@", "bert@"),
            mail.replace(&permit.expires.to_string(), &later.to_string()),
            mail.replace(&id().to_string(), &id().next().to_string()),
            mail.replace(&permit.token, &"0".repeat(32)),
        ] {
            assert_eq!(found(altered.as_bytes(), &BOTH, NOW), MISMATCH, "{altered}");
        }
        let old = mail.replace("v2 ", "v1 ");
        assert!(matches!(found(old.as_bytes(), &BOTH, NOW), Sealing::Broken(_)));
    }

    #[test]
    fn tokens_have_a_limit_of_recipients_and_a_short_line() {
        let many: Vec<String> = (0..RECIPIENTS_MAX).map(|n| format!("u{n}@own.example")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let value = permit(&many).value();
        assert!(value.lines().all(|line| line.len() < 78));
        assert!(Permit::parse(value.as_bytes()).is_some());
        assert_eq!(Permit::parse(format!("{value} {}", "0".repeat(32)).as_bytes()), None);
        assert_eq!(Permit::parse(b"v2 \xff"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Whoever changes any byte of a token's meaning has no token.
        #[test]
        fn no_changed_token_is_accepted(at in 0usize..300, byte: u8) {
            let permit = permit(&BOTH);
            let mut bytes = permit.value().into_bytes();
            let at = at % bytes.len();
            let spaces = |b: u8| b.is_ascii_whitespace();
            prop_assume!(bytes[at] != byte && !(spaces(bytes[at]) && spaces(byte)));
            bytes[at] = byte;
            let head = [SEAL_HEADER.as_bytes(), b": ", &bytes, b"\r\n", MAIL.as_bytes()].concat();
            // A line end in the middle makes fields of other names; a letter of the id may be written small.
            let values: Vec<_> = fields(&head).map(|(_, value)| value.to_vec()).collect();
            let same = values.iter().any(|value| Permit::parse(value) == Some(permit.clone()));
            prop_assume!(!same);
            let sealing = found(&head, &BOTH, NOW);
            prop_assert!(!matches!(sealing, Sealing::Permitted(..)), "{:?}", head.escape_ascii().to_string());
        }

        #[test]
        fn no_token_is_made_without_the_key(words in "v2 [0-9A-HJKMNP-TV-Z]{26} [0-9]{1,12} [0-9a-f]{32}( [0-9a-f]{32}){1,3}") {
            let mail = format!("{SEAL_HEADER}: {words}\r\n{MAIL}");
            prop_assert!(!matches!(found(mail.as_bytes(), &BOTH, NOW), Sealing::Permitted(..)));
        }
    }
}

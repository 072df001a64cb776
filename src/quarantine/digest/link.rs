//! The link by which a recipient lets go what is held for him: nobody can make one, and it says itself until when.

use std::fmt;
use std::io;

use hmac::Mac;

use super::super::event::{Part, Stage};
use super::super::folder::Folder;
use super::super::held::{Held, hex};
use super::super::key::SealKey;
use super::super::permit::{is_same, unhex};
use super::letter::facts;
use crate::decision::DecisionId;
use crate::mail::{Address, Moment};

/// 128 bits.
const TAG_BYTES: usize = 16;
/// What the tag is over, and to do what; another layout or another deed gets other words.
const DEED: &[u8] = b"x-kith-link v1 release ";
/// Length of a message's digest in hexadecimal.
const DIGEST_CHARS: usize = 64;

/// A link: which message, for which of its recipients, until when, and the proof that Kith made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    id: DecisionId,
    /// Which of the recipients for whom the message is kept, from 0.
    nth: usize,
    /// In seconds since 1970.
    expires: u64,
    /// A truncated HMAC-SHA-256 over deed, message, its digest, moment and recipient.
    tag: [u8; TAG_BYTES],
}

/// Why a link does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFlaw {
    /// Kith did not make it, or knows of the message no longer.
    Unknown,
    /// Its time is over.
    Expired,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Linked {
    /// The message.
    pub held: Held,
    /// For whom it would be let go.
    pub recipient: Address,
    /// How it stands for him; `None` where it was removed.
    pub part: Option<Part>,
    /// Whether the MTA may not know that it is kept, so that a person has to look first.
    pub unheard: bool,
}

impl Linked {
    /// What he is told of it, by name; nothing of it is alive.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        facts(&self.held)
    }

    /// Whether it has been let go for him.
    pub fn is_done(&self) -> bool {
        matches!(self.part, Some(Part::Released | Part::Releasing(_, Stage::Heard(_))))
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}-{}", self.id, self.nth, self.expires, hex(&self.tag))
    }
}

impl Link {
    /// The link for one of the recipients of a message.
    pub(super) fn new(key: &SealKey, held: &Held, nth: usize, expires: Moment) -> Option<Self> {
        let expires = u64::try_from(expires.secs()).unwrap_or(0);
        let tag = tag(key, held, held.recipients.get(nth)?, expires)?;
        Some(Self { id: held.id, nth, expires, tag })
    }

    /// Reads what [`Link`] displays as; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let id = DecisionId::parse(parts.next()?)?;
        let mut number = || parts.next().filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        let (nth, expires) = (number()?.parse().ok()?, number()?.parse().ok()?);
        let tag = unhex(parts.next()?)?;
        parts.next().is_none().then_some(Self { id, nth, expires, tag })
    }

    /// Whether it was made for this message and still counts; the recipient.
    fn verify<'a>(&self, key: &SealKey, held: &'a Held, now: Moment) -> Result<&'a Address, LinkFlaw> {
        let recipient = held.recipients.get(self.nth).ok_or(LinkFlaw::Unknown)?;
        let right = tag(key, held, recipient, self.expires).ok_or(LinkFlaw::Unknown)?;
        if !is_same(&self.tag, &right) {
            return Err(LinkFlaw::Unknown);
        }
        let is_young = u64::try_from(now.secs()).is_ok_and(|now| now <= self.expires);
        if is_young { Ok(recipient) } else { Err(LinkFlaw::Expired) }
    }

    /// What a text leads to, where it is a link that counts. Nothing is changed by looking.
    ///
    /// # Errors
    /// The message cannot be read.
    pub fn follow(folder: &Folder, key: &SealKey, text: &str, now: Moment) -> io::Result<Result<Linked, LinkFlaw>> {
        let Some(link) = Self::parse(text) else { return Ok(Err(LinkFlaw::Unknown)) };
        let Some(held) = folder.head(link.id)? else { return Ok(Err(LinkFlaw::Unknown)) };
        let recipient = match link.verify(key, &held, now) {
            Ok(recipient) => recipient.clone(),
            Err(flaw) => return Ok(Err(flaw)),
        };
        let kept = folder.find(link.id)?.filter(|kept| !kept.standing.removed);
        let unheard = kept.as_ref().is_some_and(|kept| kept.unheard);
        let mut parts = kept.into_iter().flat_map(|kept| kept.standing.parts);
        let part = parts.find(|(one, _)| one.is_same_mailbox(&recipient)).map(|(_, part)| part);
        Ok(Ok(Linked { held, recipient, part, unheard }))
    }
}

/// `None` where the message has no digest by which it could be known.
fn tag(key: &SealKey, held: &Held, recipient: &Address, expires: u64) -> Option<[u8; TAG_BYTES]> {
    if held.sha256.len() != DIGEST_CHARS {
        return None;
    }
    let mut mac = key.mac();
    mac.update(DEED);
    // All but the recipient have fixed lengths, so that no two inputs run together into the same bytes.
    mac.update(held.id.to_string().as_bytes());
    mac.update(&expires.to_be_bytes());
    mac.update(held.sha256.as_bytes());
    mac.update(recipient.key().as_bytes());
    let full: [u8; 32] = mac.finalize().into_bytes().into();
    Some(std::array::from_fn(|n| full[n]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Moment = Moment(1_700_000_000_000);

    fn key(n: u8) -> SealKey {
        SealKey([n; 32])
    }

    fn held() -> Held {
        let recipients = ["a@own.example", "b@own.example"].map(|text| Address::parse(text).expect("valid")).to_vec();
        Held { id: DecisionId::new(NOW, 1), recipients, sha256: "ab".repeat(32), ..Held::default() }
    }

    fn link() -> Link {
        Link::new(&key(1), &held(), 1, Moment(NOW.0 + 60_000)).expect("a recipient")
    }

    #[test]
    fn a_link_counts_for_its_recipient_until_it_expires() {
        let (link, held) = (link(), held());
        assert_eq!(Link::parse(&link.to_string()), Some(link.clone()));
        let verify = |now: i64| link.verify(&key(1), &held, Moment(now)).map(ToString::to_string);
        assert_eq!(verify(NOW.0), Ok("b@own.example".to_owned()));
        assert_eq!(verify(NOW.0 + 60_999), Ok("b@own.example".to_owned()));
        assert_eq!(verify(NOW.0 + 61_000), Err(LinkFlaw::Expired));
        assert_eq!(Link::new(&key(1), &held, 2, NOW), None);
        assert_eq!(Link::new(&key(1), &Held { sha256: String::new(), ..held }, 0, NOW), None);
    }

    #[test]
    fn a_link_fits_nothing_else() {
        let (link, held) = (link(), held());
        let check = |link: &Link, key: &SealKey, held: &Held| {
            assert_eq!(link.verify(key, held, NOW), Err(LinkFlaw::Unknown), "{link}");
        };
        check(&link, &key(2), &held);
        check(&link, &key(1), &Held { sha256: "ac".repeat(32), ..held.clone() });
        check(&link, &key(1), &Held { id: held.id.next(), ..held.clone() });
        check(&Link { nth: 0, ..link.clone() }, &key(1), &held);
        check(&Link { nth: 9, ..link.clone() }, &key(1), &held);
        check(&Link { expires: link.expires + 1, ..link.clone() }, &key(1), &held);
        let mut others = held.clone();
        others.recipients.swap(0, 1);
        check(&link, &key(1), &others);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Whoever changes any character of a link's meaning has no link.
        #[test]
        fn no_changed_link_counts(at in 0usize..200, byte in 32u8..127) {
            let (link, text) = (link(), link().to_string());
            let mut bytes = text.into_bytes();
            let at = at % bytes.len();
            bytes[at] = byte;
            let changed = String::from_utf8(bytes).expect("ASCII");
            let Some(parsed) = Link::parse(&changed) else { return Ok(()) };
            prop_assume!(parsed != link);
            // The id says which message is looked up; every other one has another digest and another id.
            let looked_up = Held { id: parsed.id, ..held() };
            prop_assert_eq!(parsed.verify(&key(1), &looked_up, NOW), Err(LinkFlaw::Unknown));
        }

        #[test]
        fn no_link_is_made_without_the_key(tag in "[0-9a-f]{32}", expires in 1_700_000_000u64.., nth in 0usize..3) {
            let held = held();
            let forged = format!("{}-{nth}-{expires}-{tag}", held.id);
            let parsed = Link::parse(&forged).expect("of the right form");
            prop_assert_eq!(parsed.verify(&key(1), &held, NOW), Err(LinkFlaw::Unknown));
        }

        #[test]
        fn whatever_text_comes_is_read_or_refused(text in ".{0,200}") {
            prop_assert!(Link::parse(&text).is_none_or(|link| Link::parse(&link.to_string()) == Some(link)));
        }
    }
}

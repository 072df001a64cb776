//! What became of a message, and what that adds to which profiles.

use super::fact::stored;
use super::key::{Key, Keyring, Kind};
use super::name::alike;
use super::query::Query;
use super::record::Increment;
use super::settings::Settings;
use crate::mail::{Address, Domain};

/// A message after its answer. What was neither delivered nor refused was put off, and comes again.
///
/// What an attacker gains by sending: mail that is not delivered, or whose author is not proved, raises `messages`,
/// `seen`, `first_seen` (until a trusted message sets it anew) and distinct correspondents. It never raises `trusted`,
/// adds no infrastructure to the domain it claims, ties no address to a display name, and makes nothing solicited. A
/// forged author can so become *seen*, never *trusted*; whoever proves his own domain builds up that domain alone.
#[derive(Clone, Debug)]
pub struct Observation {
    /// The message's facts, as they were asked.
    pub query: Query,
    /// Whether it was let through to its recipients.
    pub delivered: bool,
    /// Whether it was held or rejected.
    pub refused: bool,
}

/// What became of an observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Learned {
    /// It waits to be learned.
    Queued,
    /// It is learned: every later recall sees it.
    Counted,
    /// It was learned before; nothing was added.
    Known,
    /// It is not learned, since too much waits already or the store cannot be read; it was counted as dropped.
    Dropped,
}

impl Observation {
    /// What a first delivery adds.
    pub(super) fn increment(&self) -> Increment {
        let delivered = self.delivered && !self.refused;
        Increment {
            message: true,
            trusted: delivered && self.query.authenticated,
            refused: self.refused,
            written_to: delivered && self.query.own,
        }
    }

    /// The hash by which a repeated delivery is known. Proof is part of it, so that a forgery sent ahead cannot take
    /// the place of the true message.
    pub(super) fn identity(&self, keyring: &Keyring) -> [u8; 16] {
        let author = self.query.author.as_ref().map(Address::key).unwrap_or_default();
        Self::identity_of(&self.query.message_id, &author, self.query.authenticated, keyring)
    }

    pub(super) fn identity_of(message_id: &str, author: &str, proved: bool, keyring: &Keyring) -> [u8; 16] {
        keyring.message(&[message_id, author, if proved { "proved" } else { "" }])
    }
}

/// Whose profile is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An address as author.
    Sender(Address),
    /// A domain as author; counted by its registrable domain.
    Domain(Domain),
    /// An address as recipient.
    Recipient(Address),
    /// An author towards a recipient.
    Pair(Address, Address),
    /// A display name, in any spelling.
    Name(String),
}

impl Subject {
    pub(super) fn key(&self, keyring: &Keyring, settings: &Settings) -> Key {
        let address = |address: &Address| stored(&address.key(), keyring, settings);
        match self {
            Self::Sender(author) => keyring.key(Kind::Sender, &[&address(author)]),
            Self::Domain(domain) => keyring.key(Kind::Domain, &[domain.registrable().as_str()]),
            Self::Recipient(recipient) => keyring.key(Kind::Recipient, &[&address(recipient)]),
            Self::Pair(from, to) => keyring.key(Kind::Pair, &[&address(from), &address(to)]),
            Self::Name(name) => keyring.key(Kind::Name, &[&stored(&alike(name, None), keyring, settings)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::Fact;
    use super::super::remembered::Remembered;
    use super::*;
    use crate::auth::AuthResults;
    use crate::mail::{Envelope, Moment, Organisation};
    use crate::message::Message;

    fn observation(recipients: &[&str], delivered: bool, authenticated: bool, own: bool) -> Observation {
        let envelope = Envelope {
            client: "192.0.2.1".parse().ok(),
            sender: Address::parse("anna@example.org"),
            recipients: recipients.iter().filter_map(|r| Address::parse(r)).collect(),
            ..Envelope::default()
        };
        let organisation = Organisation::default();
        let mut query = Query::of(&envelope, &Message::default(), &AuthResults::default(), &organisation, Moment(1));
        (query.authenticated, query.own, query.name) = (authenticated, own, "anna".to_owned());
        Observation { query, delivered, refused: !delivered }
    }

    fn check(observation: &Observation, expected: usize) {
        let (keyring, settings) = (Keyring::new([1; 16]), Settings::default());
        let fact = Fact::of(observation, &keyring, &settings);
        let marks: Vec<u32> = fact.recipients.iter().map(|(r, _)| keyring.correspondent(r)).collect();
        let fact = fact.adding(&Remembered::default().count(observation.increment(), &marks, 50));
        assert_eq!(fact.changes(&keyring, settings.bounds()).len(), expected);
        assert_eq!(Fact::decode(&fact.encode()), Some(fact));
    }

    #[test]
    fn a_message_changes_its_author_and_each_recipient() {
        // Author, domain and its standing, network, name and thread; recipient, pair and domain pair; five of whom was
        // written to.
        check(&observation(&[], true, true, false), 6);
        check(&observation(&["a@x.example"], true, true, false), 9);
        check(&observation(&["a@x.example", "A@x.example", "b@x.example"], true, true, false), 12);
        check(&observation(&["a@x.example"], true, true, true), 14);
        check(&observation(&["a@x.example"], false, true, true), 8);
    }

    #[test]
    fn trust_needs_delivery_and_proof() {
        assert!(observation(&[], true, true, false).increment().trusted);
        assert!(!observation(&[], false, true, false).increment().trusted);
        assert!(!observation(&[], true, false, false).increment().trusted);
        let both = Observation { refused: true, ..observation(&[], true, true, true) };
        assert!(!both.increment().trusted && !both.increment().written_to);
    }

    #[test]
    fn a_forgery_is_not_the_same_message() {
        let keyring = Keyring::new([1; 16]);
        let identity = |authenticated| observation(&[], true, authenticated, false).identity(&keyring);
        assert_eq!(identity(true), identity(true));
        assert_ne!(identity(true), identity(false));
    }

    #[test]
    fn recipients_beyond_the_bound_are_not_learned() {
        let addresses: Vec<String> = (0..51).map(|n| format!("r{n}@x.example")).collect();
        let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
        let (keyring, settings) = (Keyring::new([1; 16]), Settings::default());
        let learned = |to: &[&str]| Fact::of(&observation(to, true, true, false), &keyring, &settings).recipients.len();
        assert_eq!((learned(&addresses[..49]), learned(&addresses[..50]), learned(&addresses)), (49, 50, 50));
    }
}

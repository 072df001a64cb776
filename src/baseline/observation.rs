//! What became of a message, and what that adds to which profiles.

use super::key::{Key, Keyring, Kind};
use super::name::NameRecord;
use super::query::Query;
use super::record::{Increment, Place, Record};
use super::remembered::Addition;
use super::settings::Bounds;
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

/// What is to be merged into one record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    Profile(Record),
    Name(NameRecord),
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

    /// The recipients that are learned, each once.
    pub(super) fn recipients(&self, max: usize) -> Vec<(String, &Domain)> {
        let mut recipients: Vec<(String, &Domain)> = Vec::new();
        for recipient in self.query.recipients.iter().take(max) {
            let key = recipient.key();
            if !recipients.iter().any(|(known, _)| *known == key) {
                recipients.push((key, recipient.domain()));
            }
        }
        recipients
    }

    /// The hash by which a repeated delivery is known. Proof is part of it, so that a forgery sent ahead cannot take
    /// the place of the true message.
    pub(super) fn identity(&self, keyring: &Keyring) -> [u8; 16] {
        let proof = if self.query.authenticated { "proved" } else { "" };
        keyring.message(&[&self.query.message_id, &self.query.author_key(), proof])
    }

    /// All changes, in the order in which they are made. A key may occur more than once.
    pub(super) fn changes(
        &self,
        addition: &Addition,
        recipients: &[(String, &Domain)],
        keyring: &Keyring,
        bounds: Bounds,
    ) -> Vec<(Key, Change)> {
        let mut changes = Vec::with_capacity(4 + 7 * recipients.len());
        let author = self.query.author_key();
        if !addition.message.is_nothing() || addition.recipients.iter().any(|r| r.message) {
            self.author_changes(&author, addition.message, recipients, keyring, bounds, &mut changes);
        }
        for ((recipient, domain), increment) in recipients.iter().zip(&addition.recipients) {
            self.recipient_changes(&author, recipient, *increment, keyring, bounds, &mut changes);
            if increment.written_to && !author.is_empty() {
                let written = Increment { written_to: true, ..Increment::default() };
                let record = Change::Profile(Record::of(self.query.at, written));
                let domain = domain.registrable();
                let there = [
                    keyring.key(Kind::Sender, &[recipient]),
                    keyring.key(Kind::Domain, &[domain.as_str()]),
                    keyring.key(Kind::Pair, &[recipient, &author]),
                    keyring.key(Kind::DomainPair, &[domain.as_str(), &author]),
                ];
                changes.extend(there.map(|key| (key, record.clone())));
            }
        }
        changes
    }

    /// What is counted once for a message: its author, his domain, name and network.
    fn author_changes(
        &self,
        author: &str,
        increment: Increment,
        recipients: &[(String, &Domain)],
        keyring: &Keyring,
        bounds: Bounds,
        changes: &mut Vec<(Key, Change)>,
    ) {
        let query = &self.query;
        let reached = if self.delivered { recipients } else { &[] };
        let to = || reached.iter().map(|(recipient, _)| keyring.correspondent(recipient));
        let record = || Record::of(query.at, increment);
        if let Some(domain) = &query.domain {
            let key = keyring.key(Kind::Sender, &[author]);
            changes.push((key, Change::Profile(record().with_correspondents(to(), bounds))));
            let place = |fact: Option<&str>| fact.filter(|_| increment.trusted).map(|text| keyring.mark(text));
            let network = query.network.map(|n| n.to_string());
            let profile = record()
                .with_correspondents(to(), bounds)
                .with_place(Place::Dkim, place(query.dkim_domain.as_ref().map(Domain::as_str)))
                .with_place(Place::Spf, place(query.spf_domain.as_ref().map(Domain::as_str)))
                .with_place(Place::Network, place(network.as_deref()))
                .with_place(Place::Helo, place(query.helo_domain.as_ref().map(Domain::as_str)));
            changes.push((keyring.key(Kind::Domain, &[domain.as_str()]), Change::Profile(profile)));
        }
        if let Some(network) = query.network {
            let from = query.domain.as_ref().filter(|_| self.delivered).map(|d| keyring.correspondent(d.as_str()));
            let profile = record().with_correspondents(from, bounds);
            changes.push((keyring.key(Kind::Network, &[&network.to_string()]), Change::Profile(profile)));
        }
        if !query.name.is_empty() {
            let own = query.own && self.delivered && !self.refused;
            let bearer = increment.trusted.then_some(author);
            let used = NameRecord::of(query.at, increment.message, own, bearer);
            changes.push((keyring.key(Kind::Name, &[&query.name]), Change::Name(used)));
        }
    }

    /// What is counted for each recipient.
    fn recipient_changes(
        &self,
        author: &str,
        recipient: &str,
        increment: Increment,
        keyring: &Keyring,
        bounds: Bounds,
        changes: &mut Vec<(Key, Change)>,
    ) {
        let received = Increment { written_to: false, ..increment };
        if received.is_nothing() {
            return;
        }
        let record = Record::of(self.query.at, received);
        let from = Some(author).filter(|a| self.delivered && !a.is_empty()).map(|a| keyring.correspondent(a));
        let profile = record.clone().with_correspondents(from, bounds);
        changes.push((keyring.key(Kind::Recipient, &[recipient]), Change::Profile(profile)));
        if let Some(domain) = &self.query.domain {
            changes.push((keyring.key(Kind::Pair, &[author, recipient]), Change::Profile(record.clone())));
            changes.push((keyring.key(Kind::DomainPair, &[domain.as_str(), recipient]), Change::Profile(record)));
        }
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
}

impl Subject {
    pub(super) fn key(&self, keyring: &Keyring) -> Key {
        match self {
            Self::Sender(address) => keyring.key(Kind::Sender, &[&address.key()]),
            Self::Domain(domain) => keyring.key(Kind::Domain, &[domain.registrable().as_str()]),
            Self::Recipient(address) => keyring.key(Kind::Recipient, &[&address.key()]),
            Self::Pair(from, to) => keyring.key(Kind::Pair, &[&from.key(), &to.key()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::remembered::Remembered;
    use super::super::settings::Settings;
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
        let keyring = Keyring::new([1; 16]);
        let recipients = observation.recipients(50);
        let marks: Vec<u32> = recipients.iter().map(|(r, _)| keyring.correspondent(r)).collect();
        let addition = Remembered::default().count(observation.increment(), &marks, 50);
        let changes = observation.changes(&addition, &recipients, &keyring, Settings::default().bounds());
        assert_eq!(changes.len(), expected);
    }

    #[test]
    fn a_message_changes_its_author_and_each_recipient() {
        check(&observation(&[], true, true, false), 4);
        check(&observation(&["a@x.example"], true, true, false), 7);
        check(&observation(&["a@x.example", "A@x.example", "b@x.example"], true, true, false), 10);
        check(&observation(&["a@x.example"], true, true, true), 11);
        check(&observation(&["a@x.example"], false, true, true), 7);
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
        assert_eq!(observation(&addresses[..50], true, true, false).recipients(50).len(), 50);
        assert_eq!(observation(&addresses, true, true, false).recipients(50).len(), 50);
    }
}

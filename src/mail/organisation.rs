//! Whose mail this is: the organisation's own domains and networks, and which way a message goes.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::{Address, Domain, Envelope, Network};

/// The organisation that this host filters for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organisation {
    /// Domains whose mail is the organisation's own; their sub-domains are too. Empty: what comes by login or from
    /// `networks` is outbound, all else inbound.
    pub domains: Vec<Domain>,
    /// Networks from which only own mail comes.
    pub networks: Vec<Network>,
    /// People whose names are worth protecting, by display name or address: executives, whoever may order payments.
    pub vips: Vec<String>,
    /// Groups of own people by name, such as a department, with their addresses: who of outside writes to a group is
    /// remembered for it.
    pub groups: BTreeMap<String, Vec<Address>>,
}

impl Default for Organisation {
    /// No domain can be guessed; loopback is always one's own.
    fn default() -> Self {
        let loopback = [IpAddr::from([127, 0, 0, 1]), IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1])];
        Self {
            domains: Vec::new(),
            networks: vec![Network::new(loopback[0], 8), Network::new(loopback[1], 128)],
            vips: Vec::new(),
            groups: BTreeMap::new(),
        }
    }
}

/// Groups of one message that are looked at.
const GROUPS_MAX: usize = 2;

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From outside to the organisation.
    Inbound,
    /// From the organisation to at least one outside recipient.
    Outbound,
    /// Between the organisation's own.
    Internal,
}

impl Organisation {
    /// Whether the domain is the organisation's own.
    pub fn owns(&self, domain: &Domain) -> bool {
        self.domains.iter().any(|own| domain.is_within(own))
    }

    /// Whether the client stands in an own network.
    pub fn hosts(&self, client: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(client))
    }

    /// The groups that recipients belong to, in alphabetical order; bounded.
    pub fn groups_of(&self, recipients: &[Address]) -> Vec<String> {
        let holds = |(_, members): &(&String, &Vec<Address>)| {
            members.iter().any(|member| recipients.iter().any(|recipient| recipient.is_same_mailbox(member)))
        };
        self.groups.iter().filter(holds).map(|(name, _)| name.clone()).take(GROUPS_MAX).collect()
    }

    /// The direction of a message. Only a login or an own network proves an own sender: an own domain in the
    /// reverse-path is a claim that anyone can make.
    pub fn direction(&self, envelope: &Envelope) -> Direction {
        let own_sender = envelope.login.is_some() || envelope.client.is_some_and(|client| self.hosts(client));
        let own_recipient = |address: &Address| self.owns(address.domain());
        if !own_sender {
            Direction::Inbound
        } else if !envelope.recipients.is_empty() && envelope.recipients.iter().all(own_recipient) {
            Direction::Internal
        } else {
            Direction::Outbound
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(client: Option<&str>, login: bool, recipients: &[&str], expected: Direction) {
        let organisation =
            Organisation { domains: vec![Domain::parse("own.example").expect("valid")], ..Organisation::default() };
        let envelope = Envelope {
            client: client.map(|c| c.parse().expect("valid")),
            login: login.then(|| "anna".to_owned()),
            recipients: recipients.iter().filter_map(|r| Address::parse(r)).collect(),
            ..Envelope::default()
        };
        assert_eq!(organisation.direction(&envelope), expected);
    }

    #[test]
    fn direction_follows_proof_of_origin() {
        check(Some("192.0.2.1"), false, &["a@own.example"], Direction::Inbound);
        check(Some("192.0.2.1"), true, &["a@other.example"], Direction::Outbound);
        check(Some("127.0.0.1"), false, &["a@mail.own.example"], Direction::Internal);
        check(Some("::1"), false, &["a@own.example", "b@other.example"], Direction::Outbound);
        check(None, false, &["b@other.example"], Direction::Inbound);
    }
}

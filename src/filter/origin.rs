//! Where a message at rest came from: as the user says, or as its own header fields tell.

use std::net::IpAddr;

use crate::auth::Trust;
use crate::mail::{Address, Envelope, Organisation};
use crate::message::{Hop, Message};

/// What is said of messages at rest beside their content. Whatever is not said is taken from the message.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// Address of the SMTP client.
    pub client: Option<IpAddr>,
    /// Argument of HELO.
    pub helo: Option<String>,
    /// Reverse-path.
    pub sender: Option<Address>,
    /// Whether the reverse-path is the null one.
    pub null_sender: bool,
    /// Forward-paths; empty: the addresses of To and Cc.
    pub recipients: Vec<Address>,
    /// Whether client and HELO come from the newest Received field that names an outside host.
    pub received_client: bool,
    /// Whose Authentication-Results are trusted; `None` as the settings say.
    pub trust: Option<Trust>,
    /// Whether the baselines learn the message after it was judged.
    pub learn: bool,
    /// Whether this is mail of one's own keeping: what has an own author and no outside hop was then sent by him, as if
    /// by login. Of mail that anyone may have brought, that is a claim.
    pub kept: bool,
}

impl Origin {
    /// The envelope that a message probably had.
    pub fn envelope(&self, message: &Message, organisation: &Organisation) -> Envelope {
        let outside = self.received_client.then(|| outside_hop(message, organisation)).flatten();
        let mut recipients = self.recipients.clone();
        if recipients.is_empty() {
            recipients.extend(message.to.iter().chain(&message.cc).filter_map(|mailbox| mailbox.address.clone()));
        }
        let sender = self.sender.clone().or_else(|| message.return_path.clone());
        let author = message.author().filter(|author| organisation.owns(author.domain()));
        let login = author.filter(|_| self.kept && outside_hop(message, organisation).is_none());
        Envelope {
            client: self.client.or_else(|| outside.and_then(|hop| hop.from_ip)),
            client_name: outside.and_then(|hop| hop.from_name.clone()),
            helo: self.helo.clone().or_else(|| outside.and_then(|hop| hop.from_helo.clone())),
            sender: if self.null_sender { None } else { sender },
            recipients,
            login: login.map(ToString::to_string),
            ..Envelope::default()
        }
    }
}

/// The newest hop whose client stands outside: where the mail entered the organisation.
fn outside_hop<'a>(message: &'a Message, organisation: &Organisation) -> Option<&'a Hop> {
    message.hops.iter().find(|hop| hop.from_ip.is_some_and(|ip| is_public(ip) && !organisation.hosts(ip)))
}

/// Whether an address can stand on the open Internet: not loopback, private (RFC 1918, RFC 4193), shared (RFC 6598) or
/// link-local.
fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            !(v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified() || shared)
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            !(v6.is_loopback() || v6.is_unspecified() || first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::Domain;
    use crate::message;

    const MAIL: &[u8] = b"Return-Path: <bounce@a.example>\r\n\
        Received: from inner.own.example (inner.own.example [10.0.0.3]) by mx.own.example; Mon, 1 Jan 2024 10:00:02 +0000\r\n\
        Received: from helo.a.example (mail.a.example [192.0.2.9]) by inner.own.example with ESMTPS; Mon, 1 Jan 2024 10:00:01 +0000\r\n\
        Received: from x (x [198.51.100.1]) by helo.a.example; Mon, 1 Jan 2024 10:00:00 +0000\r\n\
        From: A <a@a.example>\r\nTo: b@own.example, c@own.example\r\nCc: d@own.example\r\n\r\ntext\r\n";

    fn envelope(origin: &Origin) -> Envelope {
        origin.envelope(&message::parse(MAIL, &message::Settings::default()), &Organisation::default())
    }

    #[test]
    fn the_client_is_that_of_the_newest_outside_hop() {
        let found = envelope(&Origin { received_client: true, ..Origin::default() });
        assert_eq!(found.client, Some("192.0.2.9".parse().expect("valid")));
        assert_eq!(found.helo.as_deref(), Some("helo.a.example"));
        assert_eq!(found.client_name.as_deref(), Some("mail.a.example"));
        assert_eq!(found.sender.map(|a| a.to_string()).as_deref(), Some("bounce@a.example"));
        assert_eq!(found.recipients.len(), 3);
    }

    #[test]
    fn what_is_said_wins_over_what_is_found() {
        let origin = Origin {
            client: Some("203.0.113.5".parse().expect("valid")),
            null_sender: true,
            recipients: vec![Address::parse("z@own.example").expect("valid")],
            received_client: true,
            ..Origin::default()
        };
        let found = envelope(&origin);
        assert_eq!(found.client, origin.client);
        assert_eq!(found.sender, None);
        assert_eq!(found.recipients, origin.recipients);
    }

    #[test]
    fn kept_mail_of_an_own_author_was_sent_by_him() {
        let own =
            Organisation { domains: vec![Domain::parse("own.example").expect("valid")], ..Organisation::default() };
        let sent = b"From: Me <me@own.example>\r\nTo: you@a.example\r\n\r\ntext\r\n";
        let login = |raw: &[u8], kept| {
            Origin { kept, ..Origin::default() }
                .envelope(&message::parse(raw, &message::Settings::default()), &own)
                .login
        };
        assert_eq!(login(sent, true).as_deref(), Some("me@own.example"));
        assert_eq!(login(sent, false), None);
        assert_eq!(login(MAIL, true), None);
        let forged =
            [b"Received: from x ([192.0.2.9]) by mx.own.example; Mon, 1 Jan 2024 10:00:00 +0000\r\n", &sent[..]];
        assert_eq!(login(&forged.concat(), true), None);
    }

    #[test]
    fn nothing_is_guessed_unasked() {
        assert_eq!(envelope(&Origin::default()).client, None);
    }

    #[test]
    fn private_addresses_are_not_outside() {
        for (ip, expected) in [
            ("192.0.2.1", true),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("169.254.1.1", false),
            ("2001:db8::1", true),
            ("fd00::1", false),
            ("fe80::1", false),
            ("::ffff:127.0.0.1", false),
        ] {
            assert_eq!(is_public(ip.parse().expect("valid")), expected, "{ip}");
        }
    }
}

//! A message to measure, for tests: an ordinary one between correspondents who know each other, to be changed.

use crate::auth::{AuthResults, DkimSignature, DmarcCheck, Outcome, Source, SpfCheck};
use crate::baseline::{Baseline, Counts, Likeness, LikenessKind, Likenesses, NameUse, Profile, RecipientView, Usual};
use crate::mail::{Address, Direction, Domain, Envelope, Mailbox, Moment, Organisation};
use crate::message::{Attachment, Contents, Header, Link, LinkPlace, Message};
use crate::traits::{TRAITS, find};

use super::Evidence;

/// When the message comes: in January 2026.
pub const NOW: Moment = Moment(1_768_000_000_000);
/// One day, in milliseconds.
pub const DAY: i64 = 86_400_000;

/// The parts of an [`Evidence`], owned.
pub struct Fixture {
    /// What the SMTP session said.
    pub envelope: Envelope,
    /// The parsed message.
    pub message: Message,
    /// What the sender proved.
    pub auth: AuthResults,
    /// What is usual.
    pub baseline: Baseline,
    /// Whose mail this is.
    pub organisation: Organisation,
    /// When the message came.
    pub received_at: Moment,
}

/// A domain that is known to be one.
pub fn domain(text: &str) -> Domain {
    Domain::parse(text).expect("the test names a domain")
}

/// An address that is known to be one.
pub fn address(text: &str) -> Address {
    Address::parse(text).expect("the test names an address")
}

/// What is as in all earlier messages.
const USUAL: Usual = Usual { weight: 15.0, all: 15.0, values: 1 };

/// A profile that was first seen 100 days ago and last one day ago, in 20 messages.
pub fn profile() -> Profile {
    Profile {
        first_seen: Moment(NOW.0 - 100 * DAY),
        last_seen: Moment(NOW.0 - DAY),
        seen: 20,
        counts: Counts {
            messages: 15.0,
            trusted: 15.0,
            written_to: 5.0,
            answered: 4.0,
            solicited: 6.0,
            ..Counts::default()
        },
        correspondents: 3,
        written_to: 5,
        pace: 0.3,
        newcomers: 0.0,
        trade: None,
        young: false,
        habits: TRAITS.iter().map(|own| (own.number, USUAL)).collect(),
    }
}

/// A likeness with the partner's domain.
pub fn likeness(kind: LikenessKind) -> Option<Likeness> {
    Some(Likeness { domain: domain("partner.example"), kind })
}

fn mailbox(display_name: &str, text: &str) -> Mailbox {
    Mailbox { display_name: display_name.to_owned(), address: Address::parse(text) }
}

/// Anna Partner of partner.example writes to Bob of harbour.example, as she often does, and proves it.
pub fn mail() -> Fixture {
    let (anna, bob, partner) =
        (address("anna@partner.example"), address("bob@harbour.example"), domain("partner.example"));
    let message = Message {
        from: vec![mailbox("Anna Partner", "anna@partner.example")],
        to: vec![mailbox("Bob", "bob@harbour.example")],
        subject: "Minutes of Tuesday".to_owned(),
        message_id: Some("1@partner.example".to_owned()),
        date: Some(NOW),
        ..Message::default()
    };
    let auth = AuthResults {
        source: Source::Ourselves,
        spf: SpfCheck { outcome: Outcome::Pass, domain: Some(partner.clone()) },
        dkim: vec![DkimSignature { outcome: Outcome::Pass, domain: Some(partner.clone()), selector: "s".to_owned() }],
        dmarc: DmarcCheck { outcome: Outcome::Pass, domain: Some(partner), ..DmarcCheck::default() },
        ..AuthResults::default()
    };
    let baseline = Baseline {
        watched_since: Some(Moment(NOW.0 - 400 * DAY)),
        learned: 1000,
        sender: Some(profile()),
        sender_domain: Some(profile()),
        network: Some(profile()),
        name: Some(NameUse {
            addresses: vec![("anna@partner.example".to_owned(), 15.0)],
            seen: 20,
            ..NameUse::default()
        }),
        settled: true,
        sees_own: true,
        likenesses: Likenesses { protected: 100, ..Likenesses::default() },
        local_part: Some(NameUse {
            addresses: vec![("anna@partner.example".to_owned(), 15.0)],
            seen: 20,
            ..NameUse::default()
        }),
        recipients: vec![RecipientView {
            address: bob.clone(),
            profile: Some(profile()),
            pair: Some(profile()),
            domain_pair: Some(profile()),
        }],
        ..Baseline::unknown(Direction::Inbound, None)
    };
    let envelope = Envelope {
        client: "198.51.100.7".parse().ok(),
        client_name: Some("mx.partner.example".to_owned()),
        helo: Some("mx.partner.example".to_owned()),
        sender: Some(anna),
        recipients: vec![bob],
        ..Envelope::default()
    };
    let organisation = Organisation { domains: vec![domain("harbour.example")], ..Organisation::default() };
    Fixture { envelope, message, auth, baseline, organisation, received_at: NOW }
        .text("Dear Bob,\n\nplease find the minutes of Tuesday below. Anything missing?\n\nKind regards\nAnna")
}

impl Fixture {
    /// Changes anything.
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Changes display name and address of From.
    pub fn from(self, name: &str, address: &str) -> Self {
        self.with(|m| m.message.from = vec![mailbox(name, address)])
    }

    /// Sets Reply-To.
    pub fn reply_to(self, address: &str) -> Self {
        self.with(|m| m.message.reply_to = vec![mailbox("", address)])
    }

    /// Changes the subject.
    pub fn subject(self, subject: &str) -> Self {
        self.with(|m| m.message.subject = subject.to_owned())
    }

    /// Changes the plain text.
    pub fn text(self, text: &str) -> Self {
        self.with(|m| m.message.texts.plain = text.to_owned())
    }

    /// Adds an HTML body with this visible text.
    pub fn html(self, visible: &str) -> Self {
        self.with(|m| {
            m.message.html.present = true;
            m.message.texts.visible = visible.to_owned();
        })
    }

    /// Adds a header field.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(|m| m.message.headers.push(Header { name: name.to_owned(), value: value.to_owned() }))
    }

    /// Adds a recipient to the envelope.
    pub fn recipient(self, text: &str) -> Self {
        self.with(|m| m.envelope.recipients.push(address(text)))
    }

    /// Adds an `a` element.
    pub fn link(self, target: &str, label: &str) -> Self {
        self.with(|m| m.message.links.push(link(target, label)))
    }

    /// Adds a file by its name and, where it shows one, its type by the first bytes.
    pub fn attachment(self, name: &str, actual_type: Option<&'static str>) -> Self {
        let extension = name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_lowercase());
        self.with(|m| {
            m.message.attachments.push(Attachment {
                name: name.to_owned(),
                declared_type: "application/octet-stream".to_owned(),
                content_id: String::new(),
                extension,
                actual_type,
                sha256: [0; 32],
                bytes: 10_000,
                disposition: String::new(),
                inline: false,
                contents: Contents::default(),
            });
        })
    }

    /// In all profiles that keep the trait, what the message shows of it was in so many of 15 messages.
    pub fn habit(self, name: &str, weight: f32) -> Self {
        let number = find(name).expect("the test names a trait").number;
        let set = |profile: &mut Profile| {
            profile.habits.iter_mut().filter(|(n, _)| *n == number).for_each(|(_, usual)| usual.weight = weight);
        };
        self.with(|m| {
            let b = &mut m.baseline;
            let own = [&mut b.sender, &mut b.sender_domain, &mut b.thread, &mut b.campaign];
            let pairs = b.recipients.iter_mut().map(|recipient| &mut recipient.pair);
            own.into_iter().chain(pairs).flatten().for_each(set);
        })
    }

    /// The author's domain would pass for the partner's.
    pub fn lookalike(self, kind: LikenessKind) -> Self {
        self.with(|m| m.baseline.likenesses.author = likeness(kind))
    }

    /// It answers a message of a thread that passed here, in which the author took part.
    pub fn in_thread(self) -> Self {
        self.with(|m| {
            m.message.in_reply_to = vec!["0@harbour.example".to_owned()];
            m.baseline.thread = Some(profile());
        })
    }

    /// Copies of it were seen before.
    pub fn in_campaign(self) -> Self {
        self.with(|m| m.baseline.campaign = Some(profile()))
    }

    /// One of the organisation's own people wrote it, to others of them.
    pub fn internal(self) -> Self {
        self.from("Anna Own", "anna@harbour.example").with(|m| m.baseline.direction = Direction::Internal)
    }

    /// The settings protect this person.
    pub fn vip(self, name_or_address: &str) -> Self {
        self.with(|m| m.organisation.vips.push(name_or_address.to_owned()))
    }

    /// The settings name a group with this member.
    pub fn group(self, name: &str, member: &str) -> Self {
        self.with(|m| m.organisation.groups.entry(name.to_owned()).or_default().push(address(member)))
    }

    /// The author, the author's domain, name and network were never seen, by a baseline that would know.
    pub fn stranger(self) -> Self {
        self.with(|m| {
            m.baseline.sender = None;
            m.baseline.sender_domain = None;
            m.baseline.network = None;
            m.baseline.name = Some(NameUse::default());
            m.baseline.local_part = Some(NameUse::default());
            for recipient in &mut m.baseline.recipients {
                recipient.pair = None;
                recipient.domain_pair = None;
            }
        })
    }

    /// Nothing is known of what is usual.
    pub fn unknown(self) -> Self {
        self.with(|m| m.baseline = Baseline::unknown(Direction::Inbound, None))
    }

    /// Nothing was checked.
    pub fn unchecked(self) -> Self {
        self.with(|m| m.auth = AuthResults::default())
    }

    /// The checks were made, and all fail.
    pub fn unproved(self) -> Self {
        self.with(|m| {
            m.auth.spf.outcome = Outcome::Fail;
            m.auth.dmarc.outcome = Outcome::Fail;
            m.auth.dkim[0].outcome = Outcome::Fail;
        })
    }

    /// The evidence.
    pub fn evidence(&self) -> Evidence<'_> {
        Evidence::new(&self.envelope, &self.message, &self.auth, &self.baseline, &self.organisation, self.received_at)
    }
}

/// A link as `message` would describe it.
fn link(target: &str, label: &str) -> Link {
    let (scheme, rest) = target.split_once(':').unwrap_or(("", target));
    let authority = rest.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("").split(':').next().unwrap_or("");
    let ip: Option<std::net::IpAddr> = host.parse().ok();
    let named = label.split_whitespace().next().filter(|l| l.contains('.')).unwrap_or("");
    Link {
        target: target.to_owned(),
        scheme: scheme.to_owned(),
        host: if ip.is_some() || scheme == "mailto" { None } else { Domain::parse(host) },
        ip,
        label: label.to_owned(),
        label_host: Domain::parse(named.trim_start_matches("https://")),
        place: LinkPlace::Anchor,
    }
}

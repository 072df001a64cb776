//! The infrastructure that the archive did not keep, made up so that each domain is stable and some change honestly.
//!
//! A domain sends from its own servers, from a shared provider's or from a bulk service's; it signs or it does not. It
//! moves now and then; single messages come by forwarders, lists, services or from a journey. So a change alone proves
//! nothing, and what an attacker hires is no newer than what honest newcomers hire.

use std::collections::HashMap;
use std::net::IpAddr;

use kith::mail::{Address, Domain, Envelope, Moment};

use super::draw::{Draw, hash};

/// Domains where anyone has a mailbox: many networks, always signed.
pub const FREE_MAIL: &[&str] = &[
    "hotmail.com",
    "yahoo.com",
    "aol.com",
    "msn.com",
    "earthlink.net",
    "home.com",
    "rr.com",
    "prodigy.net",
    "juno.com",
    "netscape.net",
    "excite.com",
    "mindspring.com",
    "att.net",
    "bellsouth.net",
    "swbell.net",
    "pacbell.net",
    "attbi.com",
    "compuserve.com",
    "flash.net",
    "ev1.net",
    "netzero.net",
    "mail.com",
    "gmx.net",
    "bigfoot.com",
    "lycos.com",
];

/// Providers that host the mail of many domains.
const PROVIDERS: usize = 8;

/// Services that send for others.
const SERVICES: usize = 6;

/// Where a domain sends from.
#[derive(Clone, Debug)]
pub struct Host {
    /// First two octets of its networks, and how many networks it has.
    base: [u8; 2],
    networks: usize,
    /// What the machines are called: the domain of HELO and of their reverse names.
    pub name: String,
    /// Whether the reverse name tells only the number.
    is_generic: bool,
    pub signs: Option<String>,
    pub selector: String,
    /// Result of SPF for mail that comes from here: `pass`, `none` or `softfail`.
    pub spf: &'static str,
    pub has_dmarc: bool,
}

/// How a message comes in: its envelope, and the fields that stand above it.
pub struct Session {
    pub envelope: Envelope,
    pub fields: String,
}

pub struct World {
    seed: u64,
    draw: Draw,
    hosts: HashMap<String, (Host, Moment)>,
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self { seed, draw: Draw::new(seed, "world"), hosts: HashMap::new() }
    }

    /// Where a registrable domain sends from now. Meanwhile it may have moved.
    pub fn host(&mut self, domain: &str, at: Moment) -> Host {
        let seed = self.seed;
        let (host, last) = self
            .hosts
            .entry(domain.to_owned())
            .or_insert_with(|| (Host::first(domain, &mut Draw::new(seed, domain)), at));
        let days = at.days_since(*last).max(0.0);
        *last = at;
        let moved = |years: f64, draw: &mut Draw| draw.chance(1.0 - (-days / (365.0 * years)).exp());
        if !FREE_MAIL.contains(&domain) {
            if moved(1.5, &mut self.draw) {
                host.base = octets(self.draw.number());
            }
            if moved(2.0, &mut self.draw) {
                *host = Host::first(domain, &mut self.draw);
            }
            if moved(1.0, &mut self.draw) {
                host.selector = format!("s{}", self.draw.digits(4));
            }
        }
        host.clone()
    }

    /// An ordinary message of an outside author, by whatever way it comes this time.
    pub fn ordinary(&mut self, author: &Address, recipients: Vec<Address>, at: Moment) -> Session {
        let domain = author.domain().registrable().as_str().to_owned();
        let host = self.host(&domain, at);
        match self.draw.share() {
            way if way < 0.015 => self.forwarded(&host, author, recipients),
            way if way < 0.030 => self.by_list(author, recipients),
            way if way < 0.040 => self.by_service(author, recipients),
            way if way < 0.048 => self.session_of_journey(&host, author, recipients),
            _ => session(&host, &mut self.draw, author, author, recipients),
        }
    }

    /// As the author's own servers send it, without detours: what a mailbox taken over looks like from outside.
    pub fn direct(&mut self, author: &Address, recipients: Vec<Address>, at: Moment) -> Session {
        let host = self.host(author.domain().registrable().as_str(), at);
        session(&host, &mut self.draw, author, author, recipients)
    }

    /// A message of one of our own, by login: from our network, now and then from home or from a journey.
    pub fn own(&mut self, author: &Address, recipients: Vec<Address>) -> Session {
        if !self.draw.chance(0.03) {
            return self.at_desk(author, recipients);
        }
        let home = hash(&format!("home of {}", author.key()));
        let network = if self.draw.chance(0.7) { home } else { self.draw.number() };
        self.remote(author, recipients, network)
    }

    /// A message of one of our own by login from elsewhere.
    pub fn remote(&mut self, author: &Address, recipients: Vec<Address>, network: u64) -> Session {
        let [one, other] = octets(network);
        let mut session = self.at_desk(author, recipients);
        session.envelope.client = Some(IpAddr::from([one, other, (network >> 16) as u8, 9]));
        session.envelope.client_name = None;
        session.envelope.helo = Some("[192.168.1.5]".to_owned());
        session
    }

    /// A message of one of our own, by login from our network.
    pub fn at_desk(&self, author: &Address, recipients: Vec<Address>) -> Session {
        let n = hash(&author.key());
        let client = IpAddr::from([10, 20, (n >> 8) as u8 % 40, n as u8]);
        let envelope = Envelope {
            client: Some(client),
            client_name: Some(format!("pc-{}.corp.{}", n % 4_000, author.domain())),
            helo: Some(format!("pc-{}.corp.{}", n % 4_000, author.domain())),
            login: Some(author.to_string()),
            tls: Some("TLSv1.3".to_owned()),
            sender: Some(author.clone()),
            recipients,
            ..Envelope::default()
        };
        Session { envelope, fields: String::new() }
    }

    /// A message of one of our own from outside, not logged in: a service that the house uses, or a private mailbox.
    pub fn own_from_outside(&mut self, author: &Address, recipients: Vec<Address>) -> Session {
        let service = self.draw.below(SERVICES);
        let mut host = Host::service(service);
        host.spf = if self.draw.chance(0.6) { "pass" } else { "softfail" };
        host.signs = self.draw.chance(0.6).then(|| author.domain().to_string());
        session(&host, &mut self.draw, author, author, recipients)
    }

    /// Passed on by another host: its client, the first host's signature if it still holds.
    fn forwarded(&mut self, host: &Host, author: &Address, recipients: Vec<Address>) -> Session {
        let mut by = Host::provider(self.draw.below(PROVIDERS));
        by.signs = host.signs.clone().filter(|_| self.draw.chance(0.85));
        by.spf = if self.draw.chance(0.5) { "softfail" } else { "fail" };
        by.has_dmarc = host.has_dmarc;
        session(&by, &mut self.draw, author, author, recipients)
    }

    /// Passed on by a list, which changes the text and so breaks the signature.
    fn by_list(&mut self, author: &Address, recipients: Vec<Address>) -> Session {
        let list = format!("list{}.example.org", self.draw.below(30));
        let host = Host { signs: Some(list.clone()), ..Host::first(&list, &mut Draw::new(self.seed, &list)) };
        let sender = Address::parse(&format!("talk-bounces@{list}")).unwrap_or_else(|| author.clone());
        let mut session = session(&host, &mut self.draw, author, &sender, recipients);
        session.fields.push_str(&format!("List-Id: <talk.{list}>\r\nPrecedence: list\r\n"));
        session
    }

    /// Sent for the author by a service: invoices, invitations, surveys.
    fn by_service(&mut self, author: &Address, recipients: Vec<Address>) -> Session {
        let host = Host::service(self.draw.below(SERVICES));
        let sender = Address::parse(&format!("bounce+{}@{}", self.draw.digits(8), host.name));
        let sender = sender.unwrap_or_else(|| author.clone());
        session(&host, &mut self.draw, author, &sender, recipients)
    }

    /// Sent from a journey by a host of the place.
    fn session_of_journey(&mut self, host: &Host, author: &Address, recipients: Vec<Address>) -> Session {
        let place = format!("hotel-{}.example.net", self.draw.below(4_000));
        let by = Host {
            signs: host.signs.clone().filter(|_| self.draw.chance(0.3)),
            spf: "softfail",
            has_dmarc: host.has_dmarc,
            ..Host::first(&place, &mut Draw::new(self.seed, &place))
        };
        session(&by, &mut self.draw, author, author, recipients)
    }
}

impl Host {
    /// Where a domain sends from, drawn from what is usual.
    pub fn first(domain: &str, draw: &mut Draw) -> Self {
        let mut host = if FREE_MAIL.contains(&domain) {
            let base = octets(hash(domain));
            Self {
                base,
                networks: 40,
                signs: Some(domain.to_owned()),
                has_dmarc: true,
                ..Self::own_server(domain, draw)
            }
        } else if draw.chance(0.45) {
            Self::own_server(domain, draw)
        } else if draw.chance(0.75) {
            Self::provider(draw.below(PROVIDERS))
        } else {
            Self::service(draw.below(SERVICES))
        };
        if FREE_MAIL.contains(&domain) {
            host.spf = "pass";
            return host;
        }
        host.signs = match draw.share() {
            share if share < 0.70 => Some(domain.to_owned()),
            share if share < 0.82 => Some(format!("{}.{}", hash(domain) % 10_000, host.name)),
            _ => None,
        };
        host.selector = draw.word(&["selector1", "s1", "default", "k1", "mail", "google"]).to_owned();
        host.spf = match draw.share() {
            share if share < 0.88 => "pass",
            share if share < 0.96 => "none",
            _ => "softfail",
        };
        host.has_dmarc = draw.chance(0.6);
        host
    }

    /// A machine of one's own.
    fn own_server(domain: &str, draw: &mut Draw) -> Self {
        Self {
            base: octets(draw.number()),
            networks: draw.between(1, 2),
            name: domain.to_owned(),
            is_generic: draw.chance(0.06),
            signs: None,
            selector: "default".to_owned(),
            spf: "pass",
            has_dmarc: false,
        }
    }

    /// A hired machine, as anyone hires one by the hour.
    pub fn hired(domain: &str, draw: &mut Draw) -> Self {
        let is_generic = draw.chance(0.4);
        let signs = draw.chance(0.85).then(|| domain.to_owned());
        Self { networks: 1, is_generic, signs, has_dmarc: draw.chance(0.6), ..Self::own_server(domain, draw) }
    }

    /// A hired machine that claims to be another host's domain, which it cannot prove.
    pub fn forging(theirs: &Self, spf: &'static str, draw: &mut Draw) -> Self {
        Self { signs: None, spf, has_dmarc: theirs.has_dmarc, ..Self::hired("vps-net.com", draw) }
    }

    /// One of the providers that host the mail of many; the same in every world.
    pub fn provider(n: usize) -> Self {
        let name = format!("mailhost{n}.net");
        Self { base: octets(hash(&name)), networks: 30, ..Self::own_server(&name, &mut Draw::new(7, &name)) }
    }

    /// A mailbox at a provider with a domain of one's own.
    pub fn rented(domain: &str, draw: &mut Draw) -> Self {
        let signs = draw.chance(0.9).then(|| domain.to_owned());
        Self { signs, has_dmarc: draw.chance(0.6), ..Self::provider(draw.below(PROVIDERS)) }
    }

    fn service(n: usize) -> Self {
        let name = format!("bulkmail{n}.com");
        let own = Self::own_server(&name, &mut Draw::new(7, &name));
        Self { base: octets(hash(&name)), networks: 20, signs: Some(name.clone()), ..own }
    }

    fn client(&self, draw: &mut Draw) -> [u8; 4] {
        let network = draw.below(self.networks);
        [self.base[0], self.base[1], (network * 7 + 3) as u8, draw.between(2, 250) as u8]
    }
}

/// A message from a host: what its client says, and what the border host found out of it.
pub fn session(host: &Host, draw: &mut Draw, author: &Address, sender: &Address, recipients: Vec<Address>) -> Session {
    let ip = host.client(draw);
    let name = if host.is_generic {
        format!("{}-{}-{}-{}.static.{}", ip[0], ip[1], ip[2], ip[3], host.name)
    } else {
        format!("mail{}.{}", ip[2] % 9, host.name)
    };
    let helo = format!("mail{}.{}", ip[2] % 9, host.name);
    let spf_passes = host.spf == "pass";
    let aligned = |domain: &str| Domain::parse(domain).is_some_and(|d| d.is_aligned_with(author.domain()));
    let passes =
        spf_passes && sender.domain().is_aligned_with(author.domain()) || host.signs.as_deref().is_some_and(aligned);
    let dkim = host.signs.as_ref().map_or_else(
        || "dkim=none".to_owned(),
        |domain| format!("dkim=pass header.d={domain} header.s={}", host.selector),
    );
    let dmarc = match (host.has_dmarc, passes) {
        (false, _) => "none",
        (true, true) => "pass",
        (true, false) => "fail",
    };
    let fields = format!(
        "Authentication-Results: {BORDER};\r\n\tspf={} smtp.mailfrom={sender};\r\n\t{dkim};\r\n\tdmarc={dmarc} \
         header.from={}\r\n",
        host.spf,
        author.domain()
    );
    let envelope = Envelope {
        client: Some(IpAddr::from(ip)),
        client_name: Some(name),
        helo: Some(helo),
        tls: Some("TLSv1.3".to_owned()),
        sender: Some(sender.clone()),
        recipients,
        ..Envelope::default()
    };
    Session { envelope, fields }
}

/// The host whose Authentication-Results are trusted.
pub const BORDER: &str = "border.kith.example";

/// The first half of a network's address, on the open Internet.
fn octets(number: u64) -> [u8; 2] {
    [20 + (number >> 8) as u8 % 80, number as u8]
}

//! Who writes in the benches of the baselines, what, and how it is drawn who writes next.

use std::collections::HashMap;
use std::net::Ipv4Addr;

use kith::auth::AuthResults;
use kith::baseline::{Observation, Query};
use kith::mail::{Address, Domain, Envelope, Moment, Network, Organisation};
use kith::message;
use kith::traits::{Shown, TRAITS};

/// Milliseconds between two messages: a busy host, so that a store of a million relationships spans two months.
const BETWEEN: i64 = 10_000;

/// How it is drawn who writes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Draw {
    /// Each author as often as any other: no cache helps, the worst there is
    Even,
    /// By Zipf's law, the n-th of all authors 1/n as often as the first, as people write
    Zipf,
}

impl Draw {
    /// Who of so many writes the n-th message.
    pub fn author(self, n: u64, authors: u64) -> u64 {
        let authors = authors.max(1);
        match self {
            Self::Even => drawn(n, authors),
            Self::Zipf => {
                // Density 1/rank: the logarithm of the rank is even. Neighbours in rank are no neighbours otherwise.
                let even = drawn(n, 1 << 40) as f64 / (1u64 << 40) as f64;
                let rank = (authors as f64).powf(even) as u64 - 1;
                (rank.min(authors - 1) * 0x9E37_79B1) % authors
            }
        }
    }
}

/// A number below `below`, well mixed.
pub fn drawn(n: u64, below: u64) -> u64 {
    (n.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) % below.max(1)
}

/// Those who write, with habits that stay theirs.
pub struct People {
    organisation: Organisation,
    limits: message::Settings,
    /// What was read of a letter of each manner.
    patterns: HashMap<Manner, Query>,
}

/// What differs between authors and letters, as it is written into them.
struct Names {
    person: String,
    company: String,
    telephone: String,
    users: [String; 2],
    message: String,
    item: String,
    network: Ipv4Addr,
}

impl Names {
    fn of(author: u64, message: u64) -> Self {
        let user = |n: u64| format!("{:04}", n % 5_000);
        Self {
            person: format!("{author:08}"),
            company: format!("{:08}", author / 5),
            telephone: format!("{:08}", 20_000_000 + author % 70_000_000),
            users: [user(author), user(author * 7 + 1)],
            message: format!("{message:010}"),
            // In letters, so that none is taken for an account or a telephone number.
            item: (0..8).map(|place| (b'a' + (message / 26u64.pow(place) % 26) as u8) as char).collect(),
            network: Ipv4Addr::from_bits((author / 20) as u32 * 256 + 7),
        }
    }

    /// As [`Names::of`], with texts that occur nowhere else.
    fn placeholders() -> Self {
        let text = |text: &str| text.to_owned();
        Self {
            person: text("72727272"),
            company: text("81818181"),
            telephone: text("29292929"),
            users: [text("6464"), text("3535")],
            message: text("9393939393"),
            item: text("zqzqzqzq"),
            network: Ipv4Addr::new(203, 177, 199, 7),
        }
    }

    fn address(&self) -> Option<Address> {
        Address::parse(&format!("person{}@mail.company{}.example", self.person, self.company))
    }

    fn recipients(&self) -> Vec<Address> {
        self.users.iter().filter_map(|user| Address::parse(&format!("user{user}@own.example"))).collect()
    }

    /// What the text of a pattern is here.
    fn in_place_of(&self, pattern: &Self, text: &str) -> String {
        let networks = [pattern.network, self.network].map(|client| Network::of_client(client.into()).to_string());
        let texts = [
            (&pattern.person, &self.person),
            (&pattern.company, &self.company),
            (&pattern.telephone, &self.telephone),
            (&pattern.users[0], &self.users[0]),
            (&pattern.users[1], &self.users[1]),
            (&pattern.message, &self.message),
            (&pattern.item, &self.item),
            (&networks[0], &networks[1]),
        ];
        // Marked first: a name put in may hold what stands for another.
        let mark = |place: usize| char::from_u32(0xE000 + place as u32).unwrap_or_default();
        let marked = texts.iter().enumerate().fold(text.to_owned(), |text, (place, (old, _))| {
            if text.contains(old.as_str()) { text.replace(old.as_str(), &mark(place).to_string()) } else { text }
        });
        texts.iter().enumerate().fold(marked, |text, (place, (_, new))| {
            if text.contains(mark(place)) { text.replace(mark(place), new) } else { text }
        })
    }
}

impl People {
    /// With the host's own domain.
    pub fn new() -> Self {
        let domains = Domain::parse("own.example").into_iter().collect();
        let organisation = Organisation { domains, ..Organisation::default() };
        Self { organisation, limits: message::Settings::default(), patterns: HashMap::new() }
    }

    /// A delivered letter of an author to the two to whom he writes, and what is asked of it. To read each letter would
    /// cost more than to learn it: one of each manner is read, and its names exchanged; one in a thousand is read by
    /// itself, to show that this is the same.
    pub fn observation(&mut self, author: u64, message: u64) -> Observation {
        let (manner, names) = (Manner::of(author, message), Names::of(author, message));
        let at = Moment(message as i64 * BETWEEN);
        let pattern = Names::placeholders();
        if !self.patterns.contains_key(&manner) {
            let read = self.read(&manner, &pattern, at);
            self.patterns.insert(manner.clone(), read);
        }
        let mut query = self.patterns[&manner].clone();
        query.at = at;
        query.author = names.address();
        query.domain = query.author.as_ref().map(|author| author.domain().registrable());
        query.network = Some(Network::of_client(names.network.into()));
        query.recipients = names.recipients();
        for text in [&mut query.name, &mut query.message_id, &mut query.thread] {
            *text = names.in_place_of(&pattern, text);
        }
        let (empty, results) = (message::Message::default(), AuthResults::default());
        let shown = Shown { envelope: &Envelope::default(), message: &empty, auth: &results, at };
        for (number, shows, asks) in &mut query.traits.entries {
            match TRAITS.iter().find(|own| own.number == *number && ["hour", "weekday"].contains(&own.name)) {
                Some(timely) => {
                    *shows = (timely.shows)(&shown);
                    *asks = timely.asks.map_or_else(|| shows.clone(), |asks| asks(&shown));
                }
                None => shows.iter_mut().chain(asks).for_each(|text| *text = names.in_place_of(&pattern, text)),
            }
        }
        query.campaign = campaign(message);
        if message.is_multiple_of(1_000) {
            assert_eq!(format!("{query:?}"), format!("{:?}", self.read(&manner, &names, at)));
        }
        Observation { query, delivered: true, refused: false }
    }

    /// What is asked of a letter, by reading it.
    fn read(&self, manner: &Manner, names: &Names, at: Moment) -> Query {
        let envelope = Envelope {
            client: Some(names.network.into()),
            helo: Some(format!("mx.company{}.example", names.company)),
            sender: names.address(),
            recipients: names.recipients(),
            ..Envelope::default()
        };
        let raw = manner.letter(names);
        let mail = message::parse(raw.as_bytes(), &self.limits);
        let query = Query::of(&envelope, &mail, &AuthResults::default(), &self.organisation, at);
        let message = names.message.parse().unwrap_or_default();
        Query { authenticated: true, campaign: campaign(message), ..query }
    }
}

/// Each letter is another text, which the letters here are not: without this, all would be one campaign.
fn campaign(message: u64) -> Vec<u64> {
    (0..4).map(|band| (message * 4 + band + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect()
}

/// An author's manner of writing business letters: greeting, closing, program and zone stay the same, the subject does
/// not.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Manner {
    greeting: &'static str,
    closing: &'static str,
    program: &'static str,
    zone: &'static str,
    subject: &'static str,
}

impl Manner {
    fn of(author: u64, message: u64) -> Self {
        let of = |words: &[&'static str], salt: u64| words[(drawn(author + salt, words.len() as u64)) as usize];
        Self {
            greeting: of(&["Hello", "Dear colleagues", "Hi", "Good morning", "Sehr geehrte Damen und Herren"], 1),
            closing: of(&["Best regards", "Thanks", "Kind regards", "Mit freundlichen Grüßen", "Cheers"], 2),
            program: of(&["Microsoft Outlook 16.0", "Apple Mail (2.3654)", "Thunderbird 115", "Roundcube 1.6"], 3),
            zone: of(&["+0000", "+0100", "-0500", "-0800", "+0530"], 4),
            subject: of(&["Delivery", "Minutes of the meeting", "Offer", "Question", "Schedule"], message % 7),
        }
    }

    fn letter(&self, names: &Names) -> String {
        let Names { person, company, telephone, users, message, item, .. } = names;
        let Self { greeting, closing, program, zone, subject } = self;
        format!(
            "From: \"Person Number {person}\" <person{person}@mail.company{company}.example>\r\n\
             To: user{}@own.example\r\nSubject: {subject} {item}\r\nDate: Tue, 03 Mar 2026 10:00:00 {zone}\r\n\
             Message-ID: <{message}@company{company}.example>\r\nX-Mailer: {program}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{greeting},\r\n\r\nplease find the figures of item {item} \
             at https://www.company{company}.example/items/{item} and tell me whether they suit you.\r\n\r\n{closing}\r\n\
             Person Number {person}\r\nTel. +49 30 {telephone}\r\n",
            users[0],
        )
    }
}

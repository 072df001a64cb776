//! Who writes in the benches of the baselines, what, and how it is drawn who writes next.

use kith::auth::AuthResults;
use kith::baseline::{Observation, Query};
use kith::mail::{Address, Domain, Envelope, Moment, Organisation};
use kith::message;

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
}

impl People {
    /// With the host's own domain.
    pub fn new() -> Self {
        let domains = Domain::parse("own.example").into_iter().collect();
        Self { organisation: Organisation { domains, ..Organisation::default() }, limits: message::Settings::default() }
    }

    /// A delivered letter of an author to the two to whom he writes, and what is asked of it.
    pub fn observation(&self, author: u64, message: u64) -> Observation {
        let company = author / 5;
        let sender = Address::parse(&format!("person{author}@mail.company{company}.example"));
        let recipient = |n: u64| Address::parse(&format!("user{}@own.example", n % 5_000)).expect("valid");
        let envelope = Envelope {
            client: Some(std::net::Ipv4Addr::from_bits((author / 20) as u32 * 256 + 7).into()),
            helo: Some(format!("mx.company{company}.example")),
            sender,
            recipients: vec![recipient(author), recipient(author * 7 + 1)],
            ..Envelope::default()
        };
        let raw = letter(author, company, message);
        let mail = message::parse(raw.as_bytes(), &self.limits);
        let at = Moment(message as i64 * BETWEEN);
        let query = Query::of(&envelope, &mail, &AuthResults::default(), &self.organisation, at);
        Observation { query: Query { authenticated: true, ..query }, delivered: true, refused: false }
    }
}

/// A business letter in its author's manner: greeting, closing, program, zone, signature and links stay the same.
fn letter(author: u64, company: u64, message: u64) -> String {
    let of = |words: &[&'static str], salt: u64| words[(drawn(author + salt, words.len() as u64)) as usize];
    let greeting = of(&["Hello", "Dear colleagues", "Hi", "Good morning", "Sehr geehrte Damen und Herren"], 1);
    let closing = of(&["Best regards", "Thanks", "Kind regards", "Mit freundlichen Grüßen", "Cheers"], 2);
    let program = of(&["Microsoft Outlook 16.0", "Apple Mail (2.3654)", "Thunderbird 115", "Roundcube 1.6"], 3);
    let zone = of(&["+0000", "+0100", "-0500", "-0800", "+0530"], 4);
    let subject = of(&["Delivery", "Minutes of the meeting", "Offer", "Question", "Schedule"], message % 7);
    format!(
        "From: \"Person Number {author}\" <person{author}@mail.company{company}.example>\r\nTo: user{}@own.example\r\n\
         Subject: {subject} {}\r\nDate: Tue, 03 Mar 2026 10:00:00 {zone}\r\n\
         Message-ID: <{message}@company{company}.example>\r\nX-Mailer: {program}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{greeting},\r\n\r\nplease find the figures of item {message} at \
         https://www.company{company}.example/items/{message} and tell me whether they suit you.\r\n\r\n{closing}\r\n\
         Person Number {author}\r\nTel. +49 30 {}\r\n",
        author % 5_000,
        message % 97,
        1_000_000 + author
    )
}

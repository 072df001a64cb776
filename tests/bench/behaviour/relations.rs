//! Who is who and who writes to whom, as an attacker who has read some of the mail may know it: learned from the
//! ordinary mail up to the moment.

use std::collections::{HashMap, HashSet};

use kith::mail::{Address, Moment};

use super::corpus::Letter;
use super::draw::Draw;

/// Tries to draw someone fit for a part before any is taken.
const TRIES: usize = 300;

/// A person, or what bears an address.
pub struct Person {
    pub address: Address,
    /// The latest display name of at least two words; empty where there was none.
    pub name: String,
    pub sent: u32,
    pub received: u32,
    /// Whether it is somebody, and no function: its address says so in an archive of an organisation, where that is made
    /// of names; that it writes under a name says so on a list.
    pub is_person: bool,
    /// Whom it wrote to or heard from, by number.
    pub contacts: HashSet<usize>,
}

/// One of our own and an outsider who wrote to each other.
pub struct Tie {
    pub own: usize,
    pub outside: usize,
    pub received: u32,
    pub sent: u32,
    /// The latest message between them.
    pub subject: String,
    pub message_id: String,
    pub text: String,
    pub at: Moment,
}

#[derive(Default)]
pub struct Relations {
    pub people: Vec<Person>,
    numbers: HashMap<String, usize>,
    own: Vec<usize>,
    pub ties: Vec<Tie>,
    tied: HashMap<(usize, usize), usize>,
}

impl Relations {
    /// Learns an ordinary letter that was sent to `recipients` under this id.
    pub fn learn(
        &mut self,
        letter: &Letter,
        recipients: &[Address],
        message_id: &str,
        is_own: &dyn Fn(&Address) -> bool,
    ) {
        let Some(author) = &letter.from.address else { return };
        let from = self.number(author, is_own(author));
        self.people[from].sent += 1;
        if letter.from.display_name.split_whitespace().count() >= 2 {
            self.people[from].name = letter.from.display_name.clone();
            self.people[from].is_person |= !letter.is_bare;
        }
        for recipient in recipients.iter().take(40) {
            let to = self.number(recipient, is_own(recipient));
            self.people[to].received += 1;
            self.people[to].contacts.insert(from);
            self.people[from].contacts.insert(to);
            match (is_own(author), is_own(recipient)) {
                (false, true) => self.tie(to, from, false, letter, message_id),
                (true, false) => self.tie(from, to, true, letter, message_id),
                _ => {}
            }
        }
    }

    fn number(&mut self, address: &Address, is_own: bool) -> usize {
        if let Some(n) = self.numbers.get(&address.key()) {
            return *n;
        }
        let n = self.people.len();
        self.people.push(Person {
            address: address.clone(),
            name: String::new(),
            sent: 0,
            received: 0,
            is_person: address.local().contains('.'),
            contacts: HashSet::new(),
        });
        self.numbers.insert(address.key(), n);
        if is_own {
            self.own.push(n);
        }
        n
    }

    fn tie(&mut self, own: usize, outside: usize, was_sent: bool, letter: &Letter, message_id: &str) {
        let at = *self.tied.entry((own, outside)).or_insert_with(|| {
            self.ties.push(Tie {
                own,
                outside,
                received: 0,
                sent: 0,
                subject: String::new(),
                message_id: String::new(),
                text: String::new(),
                at: letter.at,
            });
            self.ties.len() - 1
        });
        let tie = &mut self.ties[at];
        if was_sent {
            tie.sent += 1
        } else {
            tie.received += 1
        }
        tie.subject.clone_from(&letter.subject);
        message_id.clone_into(&mut tie.message_id);
        tie.text.clone_from(&letter.text);
        tie.at = letter.at;
    }

    /// One of our own that is a person who gets mail.
    pub fn victim(&self, draw: &mut Draw) -> Option<usize> {
        self.drawn(draw, &self.own, |n| {
            let person = &self.people[n];
            person.received >= 3 && person.is_person && person.sent + person.received >= 5
        })
    }

    /// One of our own with standing: of several that write, the one with most contacts.
    pub fn executive(&self, draw: &mut Draw) -> Option<usize> {
        let some: Vec<usize> = (0..12).filter_map(|_| self.colleague(draw)).collect();
        some.into_iter().max_by_key(|n| self.people[*n].contacts.len())
    }

    /// One of our own with a name, who writes.
    pub fn colleague(&self, draw: &mut Draw) -> Option<usize> {
        self.drawn(draw, &self.own, |n| !self.people[n].name.is_empty() && self.people[n].sent >= 3)
    }

    /// A tie with an outsider who wrote at least so often, not long ago.
    pub fn partner(&self, draw: &mut Draw, received: u32, at: Moment) -> Option<&Tie> {
        (0..TRIES).map(|_| draw.below(self.ties.len())).filter_map(|n| self.ties.get(n)).find(|tie| {
            let outside = &self.people[tie.outside];
            let is_person = self.people[tie.own].is_person;
            tie.received >= received && !outside.name.is_empty() && at.days_since(tie.at) < 90.0 && is_person
        })
    }

    fn drawn(&self, draw: &mut Draw, from: &[usize], is_fit: impl Fn(usize) -> bool) -> Option<usize> {
        (0..TRIES).filter_map(|_| from.get(draw.below(from.len()))).copied().find(|n| is_fit(*n))
    }
}

/// A name as people write it: `Muster, Anna M` is Anna M Muster.
pub fn natural(name: &str) -> String {
    match name.split_once(',') {
        Some((last, first)) => format!("{} {}", first.trim(), last.trim()),
        None => name.trim().to_owned(),
    }
}

/// The first name.
pub fn first_name(person: &Person) -> String {
    let natural = natural(&person.name);
    let first = natural
        .split_whitespace()
        .next()
        .unwrap_or_else(|| person.address.local().split(['.', '_']).find(|part| !part.is_empty()).unwrap_or("there"));
    let mut letters = first.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()).unwrap_or_default()
}

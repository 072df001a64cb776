//! What is learned of one message, as it is kept: everything by which its profiles can be made anew.

use serde::{Deserialize, Serialize};

use super::habits::Habits;
use super::key::{Key, Keyring, Kind};
use super::likeness::standing_key;
use super::name::NameRecord;
use super::observation::Observation;
use super::query::Query;
use super::record::{Increment, Record};
use super::remembered::Addition;
use super::settings::{Addresses, Bounds, Settings};
use super::watch::Watch;
use crate::mail::{Address, Moment};
use crate::traits::{ACCOUNT, ATTACHMENT_KIND, Keeper, LOCAL_PART, MONEY_TALK, TRAITS};

/// Version of the bytes; a later one may follow.
const VERSION: u8 = 3;

/// A learned message. Addresses stand in it as the settings say: plain, or as keyed hashes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Fact {
    /// When it came, in milliseconds.
    pub at: i64,
    /// What identifies it.
    pub message: [u8; 16],
    /// The author; empty where there is none.
    pub author: String,
    /// The author's registrable domain; empty where there is none.
    pub domain: String,
    /// The display name as it is counted.
    pub name: String,
    /// The client's network.
    pub network: String,
    /// Recipients with their registrable domains.
    pub recipients: Vec<(String, String)>,
    /// Names given to addresses.
    pub aliases: Vec<(String, String)>,
    /// Marks of the values shown, by number of the trait.
    pub traits: Vec<(u8, Vec<u32>)>,
    /// The thread, by the mark of the Message-ID that began it.
    pub thread: u64,
    /// The mailing list; empty for none.
    pub list: String,
    /// Link domains.
    pub links: Vec<String>,
    /// Attached files, by the first bytes of their SHA-256.
    pub files: Vec<u64>,
    /// Keys of the campaign.
    pub campaign: Vec<u64>,
    /// Groups of recipients.
    pub groups: Vec<String>,
    /// One bit for each of what follows.
    pub flags: u8,
    /// What it adds to the keys of the message, as bits of an [`Increment`].
    pub adds: u8,
    /// What it adds to those of each recipient.
    pub adds_recipients: Vec<u8>,
    /// When it, or what it answers, was labelled as an attack, in milliseconds.
    pub labelled: Option<i64>,
    /// How the letter regards those that `aliases` name, in their order.
    pub regards: Vec<u8>,
}

/// Accounts that are looked up and learned by themselves.
pub(super) const MARKS_MAX: usize = 2;

pub(super) const OWN: u8 = 1;
pub(super) const DELIVERED: u8 = 2;
pub(super) const ANSWERS: u8 = 4;
const SOLICITED: u8 = 8;
pub(super) const TAKEN_BACK: u8 = 16;
/// Stands beside what a fact adds to a recipient: the author was new to him.
const NEWCOMER: u8 = 32;

/// What is to be merged into one record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Change {
    Profile(Record),
    Name(NameRecord),
    /// The domain whose profile was changed just before may have won standing.
    Standing {
        domain: String,
        at: Moment,
        /// It spoke of money.
        trades: bool,
    },
}

impl Fact {
    /// What is learned of an observation; what it adds is told later, by [`Fact::adding`].
    pub fn of(observation: &Observation, keyring: &Keyring, settings: &Settings) -> Self {
        let Query { at, domain, own, name, network, .. } = &observation.query;
        let query = &observation.query;
        let address = |address: &Address| stored(&address.key(), keyring, settings);
        let flag = |yes: bool, bit: u8| if yes { bit } else { 0 };
        let mut recipients: Vec<(String, String)> = Vec::new();
        for recipient in query.recipients.iter().take(settings.recipients_learned()) {
            let key = address(recipient);
            if !recipients.iter().any(|(known, _)| *known == key) {
                recipients.push((key, recipient.domain().registrable().as_str().to_owned()));
            }
        }
        let marks = |values: &[String]| values.iter().map(|value| keyring.correspondent(value)).collect();
        let alias = |(name, alias): &(String, Address)| (stored(name, keyring, settings), address(alias));
        let delivered = observation.delivered && !observation.refused;
        let is_new = |known: &str| query.first_contacts.iter().any(|(who, new)| *new && address(who) == known);
        Self {
            at: at.0,
            message: observation.identity(keyring),
            author: query.author.as_ref().map(address).unwrap_or_default(),
            domain: domain.as_ref().map(|domain| domain.as_str().to_owned()).unwrap_or_default(),
            name: stored(name, keyring, settings),
            network: network.map(|network| network.to_string()).unwrap_or_default(),
            adds_recipients: recipients.iter().map(|(known, _)| flag(is_new(known), NEWCOMER)).collect(),
            recipients,
            aliases: query.aliases.iter().map(alias).collect(),
            traits: query.traits.entries.iter().map(|(number, shows, _)| (*number, marks(shows))).collect(),
            thread: keyring.mark(&query.thread),
            list: query.list.clone().unwrap_or_default(),
            links: query.link_domains.iter().map(|domain| domain.as_str().to_owned()).collect(),
            files: query.attachments.iter().map(short).collect(),
            campaign: query.campaign.clone(),
            groups: query.groups.clone(),
            flags: flag(*own, OWN)
                | flag(delivered, DELIVERED)
                | flag(query.answers, ANSWERS)
                | flag(query.solicited, SOLICITED),
            adds: 0,
            labelled: None,
            regards: query.regards.clone(),
        }
    }

    /// What it shows of which mail passes.
    pub fn shown(&self) -> Watch {
        let outside = self.recipients.iter().any(|(_, domain)| *domain != self.domain);
        Watch::of(self.moment(), self.is(OWN) && self.is_delivered() && outside)
    }

    /// The same, with what it adds.
    pub fn adding(mut self, addition: &Addition) -> Self {
        self.adds = addition.message.bits();
        let mut new = std::mem::take(&mut self.adds_recipients).into_iter().map(|bits| bits & NEWCOMER);
        let bits = |increment: &Increment| {
            let new = new.next().filter(|_| increment.message).unwrap_or_default();
            increment.bits() | new
        };
        self.adds_recipients = addition.recipients.iter().map(bits).collect();
        self
    }

    /// Whether it adds anything.
    pub fn is_nothing(&self) -> bool {
        self.adds == 0 && self.adds_recipients.iter().all(|bits| *bits == 0)
    }

    pub fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// When it came.
    pub fn moment(&self) -> Moment {
        Moment(self.at)
    }

    /// All changes, in the order in which they are made. A key may occur more than once.
    pub fn changes(&self, keyring: &Keyring, bounds: Bounds) -> Vec<(Key, Change)> {
        self.all_changes(keyring, bounds, None)
    }

    /// What the keys of all changes are about.
    pub fn subjects(&self, keyring: &Keyring, bounds: Bounds) -> Vec<(Key, Vec<String>)> {
        let mut about = Vec::new();
        self.all_changes(keyring, bounds, Some(&mut about));
        about
    }

    fn all_changes(
        &self,
        keyring: &Keyring,
        bounds: Bounds,
        about: Option<&mut Vec<(Key, Vec<String>)>>,
    ) -> Vec<(Key, Change)> {
        let mut changes = Changes { fact: self, keyring, bounds, made: Vec::with_capacity(12), about };
        let (adds, each) = self.added();
        if !adds.is_nothing() || each.iter().any(|increment| increment.message) {
            changes.of_author(adds);
            changes.of_content(adds);
            changes.of_marks(adds);
        }
        for (((recipient, domain), increment), bits) in self.recipients.iter().zip(&each).zip(&self.adds_recipients) {
            changes.of_recipient(recipient, *increment, bits & NEWCOMER != 0);
            if increment.written_to && !self.author.is_empty() {
                changes.of_written_to(recipient, domain);
            }
        }
        if self.is(OWN) && self.is_delivered() && adds.trusted {
            changes.of_aliases();
        }
        changes.made
    }

    /// The bytes of it.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to memory what has a fixed shape cannot fail.
        postcard::to_extend(self, vec![VERSION]).unwrap_or_default()
    }

    /// `None` for bytes that are no fact of this version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_first()?;
        postcard::from_bytes(rest).ok().filter(|_| *version == VERSION)
    }
}

/// An address as it is stored.
pub(super) fn stored(address: &str, keyring: &Keyring, settings: &Settings) -> String {
    match settings.addresses {
        _ if address.is_empty() => String::new(),
        Addresses::Plain => address.to_owned(),
        Addresses::Hashed => keyring.pseudonym(address),
    }
}

/// The part of a digest by which a file is known.
pub(super) fn short(sha256: &[u8; 32]) -> u64 {
    sha256.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

pub(super) struct Changes<'a> {
    pub fact: &'a Fact,
    pub keyring: &'a Keyring,
    bounds: Bounds,
    made: Vec<(Key, Change)>,
    about: Option<&'a mut Vec<(Key, Vec<String>)>>,
}

impl Changes<'_> {
    fn push(&mut self, kind: Kind, parts: &[&str], record: Record) {
        self.push_change(kind, parts, Change::Profile(record));
    }

    pub fn push_change(&mut self, kind: Kind, parts: &[&str], change: Change) {
        let key = self.keyring.key(kind, parts);
        if let Some(about) = &mut self.about {
            about.push((key, parts.iter().map(|part| (*part).to_owned()).collect()));
        }
        self.made.push((key, change));
    }

    fn push_domain(&mut self, domain: &str, record: Record) {
        self.push(Kind::Domain, &[domain], record);
        let key = self.keyring.key(Kind::Domain, &[domain]);
        let (at, trades) = (self.fact.moment(), self.shows(MONEY_TALK));
        self.made.push((standing_key(key), Change::Standing { domain: domain.to_owned(), at, trades }));
    }

    /// Whether the message shows anything of a trait.
    fn shows(&self, number: u8) -> bool {
        self.fact.traits.iter().any(|(known, marks)| *known == number && !marks.is_empty())
    }

    fn record(&self, increment: Increment) -> Record {
        Record::of(self.fact.moment(), increment).solicited(self.fact.is(SOLICITED)).attack(self.fact.is(TAKEN_BACK))
    }

    /// What a trusted message shows of the traits that a kind of profile keeps; of one that builds no trust, only what
    /// its campaign keeps.
    fn habits(&self, keeper: Keeper, increment: Increment) -> Habits {
        // The copies of an attack are seldom proved, and who sends them is to be counted all the same.
        if !(increment.trusted || keeper == Keeper::Campaign && increment.message) {
            return Habits::default();
        }
        let kept = |number: u8| TRAITS.iter().any(|own| own.number == number && own.kept_by.contains(&keeper));
        let shown = self.fact.traits.iter().filter(|(number, marks)| kept(*number) && !marks.is_empty());
        Habits::of(shown.map(|(number, marks)| (*number, marks.clone())))
    }

    /// The author, his domain, name and network.
    fn of_author(&mut self, adds: Increment) {
        let (fact, bounds) = (self.fact, self.bounds);
        let reached = if fact.is_delivered() { fact.recipients.as_slice() } else { &[] };
        let to: Vec<u32> = reached.iter().map(|(recipient, _)| self.keyring.correspondent(recipient)).collect();
        if !fact.domain.is_empty() {
            let record = |keeper| {
                self.record(adds).with_correspondents(to.iter().copied(), bounds).with_habits(self.habits(keeper, adds))
            };
            let trades = !fact.is(OWN) && self.shows(MONEY_TALK);
            let (sender, domain) = (record(Keeper::Sender), record(Keeper::Domain).with_trade(trades));
            self.push(Kind::Sender, &[&fact.author], sender);
            self.push_domain(&fact.domain, domain);
            for group in &fact.groups {
                let record = self.record(adds);
                self.push(Kind::DomainGroup, &[&fact.domain, group], record);
            }
        }
        if !fact.network.is_empty() {
            let profile = self.record(adds).with_correspondents(self.author_domain(), bounds);
            self.push(Kind::Network, &[&fact.network], profile);
        }
        if !fact.name.is_empty() {
            let own = fact.is(OWN) && fact.is_delivered();
            let bearer = adds.trusted.then_some(fact.author.as_str());
            let used = NameRecord::of(fact.moment(), adds.message, own, bearer);
            let used = if adds.trusted { used.with_bonds(&self.vouched_for()) } else { used };
            self.push_change(Kind::Name, &[&fact.name], Change::Name(used));
        }
    }

    /// The author's domain as a correspondent, where the message was delivered.
    fn author_domain(&self) -> Option<u32> {
        let known = self.fact.is_delivered() && !self.fact.domain.is_empty();
        known.then(|| self.keyring.correspondent(&self.fact.domain))
    }

    /// Thread, list, link domains, files and campaign.
    fn of_content(&mut self, adds: Increment) {
        let (fact, bounds) = (self.fact, self.bounds);
        let from = self.author_domain();
        if fact.is_delivered() {
            let own = Increment { written_to: fact.is(OWN) && adds.message, ..adds };
            let thread = self.record(own).with_habits(self.habits(Keeper::Thread, adds));
            self.push(Kind::Thread, &[&fact.thread.to_string()], thread);
        }
        let all = self.record(adds).with_correspondents(from, bounds);
        if !fact.list.is_empty() {
            self.push(Kind::List, &[&fact.list], all.clone());
        }
        for domain in &fact.links {
            self.push(Kind::LinkDomain, &[domain], all.clone());
        }
        for file in &fact.files {
            self.push(Kind::Attachment, &[&file.to_string()], all.clone());
        }
        if adds.trusted && !fact.is(OWN) && self.shows(ATTACHMENT_KIND) {
            let brought = self.record(adds).with_habits(self.habits(Keeper::Organisation, adds));
            self.push(Kind::Organisation, &[], brought);
        }
        let to = fact.recipients.iter().map(|(recipient, _)| self.keyring.correspondent(recipient));
        let shown = self.habits(Keeper::Campaign, adds);
        let campaign = self.record(adds).with_correspondents(to, bounds).with_habits(shown);
        for key in &fact.campaign {
            self.push(Kind::Campaign, &[&key.to_string()], campaign.clone());
        }
    }

    /// Accounts by who names them, and the author's local part by who bears it.
    fn of_marks(&mut self, adds: Increment) {
        let fact = self.fact;
        for (number, marks) in &fact.traits {
            for mark in marks.iter().take(MARKS_MAX) {
                if *number == ACCOUNT {
                    let profile = self.record(adds).with_correspondents(self.author_domain(), self.bounds);
                    self.push(Kind::Account, &[&mark.to_string()], profile);
                } else if *number == LOCAL_PART {
                    let bearer = adds.trusted.then_some(fact.author.as_str());
                    let used = NameRecord::of(fact.moment(), adds.message, false, bearer);
                    let key = self.keyring.key(Kind::Local, &[&mark.to_string()]);
                    self.made.push((key, Change::Name(used)));
                }
            }
        }
    }

    /// A recipient, and the author towards him.
    fn of_recipient(&mut self, recipient: &str, increment: Increment, is_new: bool) {
        let received = Increment { written_to: false, ..increment };
        if received.is_nothing() {
            return;
        }
        let (fact, bounds) = (self.fact, self.bounds);
        let record = self.record(received);
        let from = Some(&fact.author).filter(|author| fact.is_delivered() && !author.is_empty());
        let from = from.map(|author| self.keyring.correspondent(author));
        let alone = record.clone().with_correspondents(from, bounds).with_newcomer(is_new);
        self.push(Kind::Recipient, &[recipient], alone);
        if !fact.domain.is_empty() {
            let pair = record.clone().with_habits(self.habits(Keeper::Pair, received));
            self.push(Kind::Pair, &[&fact.author, recipient], pair);
            self.push(Kind::DomainPair, &[&fact.domain, recipient], record);
        }
    }

    /// Whom one of our own wrote to.
    fn of_written_to(&mut self, recipient: &str, domain: &str) {
        let written = Increment { written_to: true, ..Increment::default() };
        let record = Record::of(self.fact.moment(), written).answered(self.fact.is(ANSWERS));
        let author = &self.fact.author;
        self.push(Kind::Sender, &[recipient], record.clone());
        self.push_domain(domain, record.clone());
        self.push(Kind::Pair, &[recipient, author], record.clone());
        self.push(Kind::DomainPair, &[domain, author], record);
    }
}

//! One replay: each letter is sent again, judged, compared and learned; attacks are mixed in where a seed says.

use std::collections::HashMap;
use std::io;

use kith::auth::Trust;
use kith::filter::{Filter, Judged, Origin, Passage};
use kith::mail::{Address, Domain, Envelope, Moment, Network};
use kith::message;
use kith::settings::Settings;
use tokio::runtime::Handle;

use super::Options;
use super::archive::Archive;
use super::attack::{Attack, Attackers, mailbox};
use super::corpus::Letter;
use super::draw::Draw;
use super::habits::{Habits, date};
use super::measured::{Measured, Stage};
use super::relations::Relations;
use super::world::{BORDER, Session, World};

/// Of our own people, so many get what others write to a list: what a letter is learned of.
const SUBSCRIBERS: usize = 6;

struct Replay<'a> {
    options: &'a Options,
    filter: Filter,
    own: Domain,
    trust: Trust,
    world: World,
    habits: Habits,
    relations: Relations,
    draw: Draw,
    /// For each mailbox of the archive, how often each own address got its mail.
    owners: HashMap<String, HashMap<String, (u32, Address)>>,
    /// Of our own people, those who wrote last.
    subscribers: Vec<Address>,
    archive: Option<Archive>,
}

/// Sends all letters and attacks, and gives each with what was measured, in their order.
pub fn replay(
    letters: &[Letter],
    options: &Options,
    seed: u64,
    each: &mut dyn FnMut(Measured) -> io::Result<()>,
) -> Result<(), String> {
    let state = tempfile::tempdir().map_err(|error| error.to_string())?;
    let own = Domain::parse(&options.own).ok_or("--own is no domain")?;
    let mut settings = Settings::default();
    "off".clone_into(&mut settings.auth.resolver);
    settings.organisation.domains.push(own.clone());
    settings.organisation.networks.push(Network::try_from("10.0.0.0/8".to_owned())?);
    // The bench compares by itself, with its own budget: twice would be paid twice.
    settings.anomaly.alerts_per_day = 0.0;
    let filter = Filter::open(&settings.filter(), Some(state.path())).map_err(|error| error.to_string())?;
    let mut replay = Replay {
        options,
        filter,
        own,
        trust: Trust::Named(vec![BORDER.to_owned()]),
        world: World::new(seed),
        habits: Habits::new(seed),
        relations: Relations::default(),
        draw: Draw::new(seed, "replay"),
        owners: HashMap::new(),
        subscribers: Vec::new(),
        archive: options.write.as_deref().map(Archive::new).transpose().map_err(|error| error.to_string())?,
    };
    replay.run(letters, seed, each).map_err(|error| error.to_string())?;
    replay.filter.close();
    replay.archive.take().map_or(Ok(()), Archive::close).map_err(|error| error.to_string())
}

impl Replay<'_> {
    fn run(
        &mut self,
        letters: &[Letter],
        seed: u64,
        each: &mut dyn FnMut(Measured) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut attackers = Attackers::new(seed, &self.options.own);
        let mut probing = Attackers::probing(seed, &self.options.own);
        // One letter in two hundred may bear a date of another age: the warm-up begins with the rest.
        let Some(first) = letters.get(letters.len() / 200) else { return Ok(()) };
        for letter in letters {
            let is_measured = letter.at.days_since(first.at) >= self.options.days_warm;
            each(self.ordinary(letter, if is_measured { Stage::Learned } else { Stage::Warm })?)?;
            if !is_measured {
                continue;
            }
            let at = Moment(letter.at.0 + 1_000);
            if self.draw.chance(1.0 / self.options.rate)
                && let Some(attack) = attackers.attack(&self.relations, &mut self.world, &mut self.habits, at)
            {
                if let Some(archive) = &mut self.archive {
                    archive.add(attack.kind.name(), Some(&attack.session), &attack.raw, at)?;
                }
                each(self.attack(&attack, at, Stage::Learned))?;
            }
            if self.options.probes > 0.0
                && self.draw.chance(1.0 / self.options.probes)
                && let Some(attack) = probing.attack(&self.relations, &mut self.world, &mut self.habits, at)
            {
                each(self.attack(&attack, at, Stage::Probed))?;
            }
        }
        Ok(())
    }

    fn attack(&self, attack: &Attack, at: Moment, stage: Stage) -> Measured {
        let judged = self.judge(&attack.raw, &attack.session.envelope, at, true);
        if stage != Stage::Probed {
            self.filter.learn_stored(&judged);
        }
        let measured = measured(&judged, stage);
        if self.options.show {
            show(attack, &measured);
        }
        Measured { kind: Some(attack.kind), text: attack.text, ..measured }
    }

    fn judge(&self, raw: &[u8], envelope: &Envelope, at: Moment, is_ours: bool) -> Judged {
        let trust = if is_ours { &self.trust } else { &Trust::Newest };
        let passage = Passage { envelope, raw, received_at: at, trust: Some(trust), known: None };
        Handle::current().block_on(self.filter.judge(&passage))
    }

    fn ordinary(&mut self, letter: &Letter, stage: Stage) -> io::Result<Measured> {
        let own = self.own.clone();
        // A list's own domain is no person's, and its members write from the domain above it.
        let is_own = |address: &Address| match letter.is_bare {
            true => address.domain().is_within(&own),
            false => *address.domain() == own,
        };
        let (raw, session, id) =
            if letter.is_bare { self.dressed(letter, &is_own) } else { self.as_it_came(letter, &is_own) };
        if let Some(archive) = &mut self.archive {
            archive.add("ordinary", letter.is_bare.then_some(&session), &raw, letter.at)?;
        }
        let envelope = session.envelope;
        let judged = self.judge(&raw, &envelope, letter.at, letter.is_bare);
        self.filter.learn_stored(&judged);
        self.relations.learn(letter, &envelope.recipients, &id, &is_own);
        let people = envelope.recipients.iter().chain(&letter.from.address).map(Address::key).collect();
        self.habits.keep(&letter.subject, &id, people);
        Ok(measured(&judged, stage))
    }

    /// A letter with all traces of its way. What our own people wrote left by a login of ours, whatever way it took to the
    /// archive; what others wrote reaches those of ours who wrote to a list last, since an archive names no subscribers.
    fn as_it_came(&mut self, letter: &Letter, is_own: &dyn Fn(&Address) -> bool) -> (Vec<u8>, Session, String) {
        let raw = [letter.header.as_slice(), &letter.body].concat();
        if let Some(author) = letter.from.address.as_ref().filter(|author| is_own(author)) {
            self.subscribers.retain(|known| known != author);
            self.subscribers.insert(0, author.clone());
            self.subscribers.truncate(SUBSCRIBERS);
            let envelope = self.world.own(author, letter.to.clone()).envelope;
            return (raw, Session { envelope, fields: String::new() }, letter.message_id.clone());
        }
        let head = message::parse(&letter.header, &message::Settings::default());
        let organisation = kith::mail::Organisation { domains: vec![self.own.clone()], ..Default::default() };
        let mut envelope = Origin { received_client: true, ..Origin::default() }.envelope(&head, &organisation);
        envelope.recipients.extend(self.subscribers.iter().cloned());
        (raw, Session { envelope, fields: String::new() }, letter.message_id.clone())
    }

    /// A letter of which the archive kept the words alone, with infrastructure and habits.
    fn dressed(&mut self, letter: &Letter, is_own: &dyn Fn(&Address) -> bool) -> (Vec<u8>, Session, String) {
        let author = letter.from.address.clone().unwrap_or_else(|| letter.to[0].clone());
        let session = self.session(letter, &author, is_own);
        let id = format!("{:x}.{}@{}", letter.at.0, letter.body.len() % 9_973, author.domain());
        let zone = self.habits.zone(author.domain().registrable().as_str());
        let mut head = session.fields.clone();
        head += &format!("Message-ID: <{id}>\r\nDate: {}\r\n", date(letter.at, zone));
        head += &format!("From: {}\r\n", mailbox(&letter.from.display_name, &author));
        if let Some(answered) = self.habits.answers(&letter.subject, &author.key()) {
            head += &format!("In-Reply-To: <{answered}>\r\nReferences: <{answered}>\r\n");
        }
        let program = self.habits.program(&author.key(), letter.at);
        if !program.is_empty() {
            head += &format!("X-Mailer: {program}\r\n");
        }
        if let Some(reply) = self.honest_reply_to(&author, is_own) {
            head += &format!("Reply-To: {reply}\r\n");
        }
        ([head.as_bytes(), &letter.header, b"\r\n", &letter.body].concat(), session, id)
    }

    fn session(&mut self, letter: &Letter, author: &Address, is_own: &dyn Fn(&Address) -> bool) -> Session {
        if is_own(author) {
            return if self.draw.chance(0.003) {
                let inside = letter.to.iter().filter(|to| is_own(to)).cloned().collect();
                self.world.own_from_outside(author, inside)
            } else {
                self.world.own(author, letter.to.clone())
            };
        }
        // The border sees only the recipients inside; where the header names none, the mailbox it lay in.
        let mut inside: Vec<Address> = letter.to.iter().filter(|to| is_own(to)).cloned().collect();
        let owner = self.owners.entry(letter.owner.clone()).or_default();
        for to in &inside {
            owner.entry(to.key()).or_insert_with(|| (0, to.clone())).0 += 1;
        }
        if inside.is_empty() {
            let likely = owner.iter().max_by_key(|(key, (count, _))| (*count, (*key).clone()));
            inside.extend(likely.map(|(_, (_, address))| address.clone()));
        }
        self.world.ordinary(author, inside, letter.at)
    }

    /// Some people want their answers elsewhere, most of them always.
    fn honest_reply_to(&mut self, author: &Address, is_own: &dyn Fn(&Address) -> bool) -> Option<String> {
        if is_own(author) {
            return None;
        }
        let mut own = Draw::new(self.options.seed, &author.key());
        let always = own.chance(0.04);
        let elsewhere =
            own.word(&["yahoo.com", "hotmail.com", "aol.com", "reply.bulkmail1.com", "assistants.example.com"]);
        (always || self.draw.chance(0.004)).then(|| format!("{}@{elsewhere}", author.local()))
    }
}

fn measured(judged: &Judged, stage: Stage) -> Measured {
    Measured {
        kind: None,
        text: 0,
        stage,
        at: judged.received_at,
        points: judged.score.as_ref().map_or(0.0, |score| score.points),
        signals: judged.signals.clone(),
    }
}

/// An attack as it was sent, and what was measured.
fn show(attack: &Attack, measured: &Measured) {
    println!("---- {} #{} {:.2}", attack.kind.name(), attack.text, measured.points);
    println!("{}", String::from_utf8_lossy(&attack.raw));
    for (signal, value) in measured.signals.iter().filter(|(_, value)| value.is_some_and(|value| value != 0.0)) {
        print!("{}={:.2} ", signal.name, value.unwrap_or_default());
    }
    println!();
}

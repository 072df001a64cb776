//! Reading what is usual, as of the moment a message came: one pass, a bounded number of reads, never a failure.

use super::baselines::Baselines;
use super::key::{Key, Kind};
use super::memory::Rows;
use super::name::NameRecord;
use super::observation::Subject;
use super::query::Query;
use super::record::{Place, Record};
use super::snapshot::{Baseline, Infrastructure, Profile, RecipientView};
use crate::mail::{Domain, Gap, Missing};

/// Where the answer to each question stands among the rows; `None` where the message gave nothing to ask.
#[derive(Default)]
struct Asked {
    keys: Vec<Key>,
    sender: Option<usize>,
    domain: Option<usize>,
    reply_domain: Option<usize>,
    network: Option<usize>,
    name: Option<usize>,
    recipients: Vec<[Option<usize>; 3]>,
}

impl Asked {
    fn push(&mut self, key: Key) -> Option<usize> {
        self.keys.push(key);
        Some(self.keys.len() - 1)
    }
}

impl Baselines {
    /// What is usual for this message: at most 5 reads and 3 for each recipient. What cannot be read is a gap.
    pub fn recall(&self, query: &Query) -> Baseline {
        let asked = self.ask(query);
        let mut answer = Answer { baselines: self, query, rows: self.learner.memory.read(&asked.keys) };
        let tally = &self.learner.tally;
        let mut baseline = Baseline {
            watched_since: tally.since(),
            learned: tally.learned.load(std::sync::atomic::Ordering::Acquire),
            sender: answer.profile(asked.sender),
            reply_domain: answer.profile(asked.reply_domain),
            network: answer.profile(asked.network),
            name: answer.name(asked.name),
            ..Baseline::unknown(query.direction, None)
        };
        if let Some(record) = answer.record(asked.domain) {
            baseline.infrastructure = answer.infrastructure(&record);
            baseline.sender_domain = Some(answer.shown(&record));
        }
        for (address, [alone, pair, domain_pair]) in query.recipients.iter().zip(asked.recipients) {
            baseline.recipients.push(RecipientView {
                address: address.clone(),
                profile: answer.profile(alone),
                pair: answer.profile(pair),
                domain_pair: answer.profile(domain_pair),
            });
        }
        let why = answer.rows.1;
        baseline.gaps.extend(why.map(|why| Gap::new(Missing::Baseline, format!("baselines could not be read: {why}"))));
        baseline
    }

    /// The profile of a subject as of now; `None` when it was never seen.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn show(&self, subject: &Subject, at: crate::mail::Moment) -> Result<Option<Profile>, String> {
        let learner = &self.learner;
        let (rows, trouble) = learner.memory.read(&[subject.key(&learner.keyring)]);
        if let Some(why) = trouble {
            return Err(why);
        }
        let record = rows.into_iter().flatten().next().and_then(|bytes| Record::decode(&bytes));
        Ok(record.map(|record| record.profile(at, learner.decay, learner.bounds)))
    }

    fn ask(&self, query: &Query) -> Asked {
        let keyring = &self.learner.keyring;
        let recipients_max = self.learner.settings.recipients_max;
        let mut asked = Asked { keys: Vec::with_capacity(5 + 3 * recipients_max), ..Asked::default() };
        let author = query.author_key();
        let domain = query.domain.as_ref().map(Domain::as_str);
        if let Some(domain) = domain {
            asked.sender = asked.push(keyring.key(Kind::Sender, &[&author]));
            asked.domain = asked.push(keyring.key(Kind::Domain, &[domain]));
        }
        if let Some(reply) = &query.reply_domain {
            asked.reply_domain = asked.push(keyring.key(Kind::Domain, &[reply.as_str()]));
        }
        if let Some(network) = query.network {
            asked.network = asked.push(keyring.key(Kind::Network, &[&network.to_string()]));
        }
        if !query.name.is_empty() {
            asked.name = asked.push(keyring.key(Kind::Name, &[&query.name]));
        }
        for recipient in query.recipients.iter().take(recipients_max) {
            let recipient = recipient.key();
            let alone = asked.push(keyring.key(Kind::Recipient, &[&recipient]));
            let [mut pair, mut domain_pair] = [None; 2];
            if let Some(domain) = domain {
                pair = asked.push(keyring.key(Kind::Pair, &[&author, &recipient]));
                domain_pair = asked.push(keyring.key(Kind::DomainPair, &[domain, &recipient]));
            }
            asked.recipients.push([alone, pair, domain_pair]);
        }
        asked
    }
}

/// The rows that were read, and the question they answer.
struct Answer<'a> {
    baselines: &'a Baselines,
    query: &'a Query,
    rows: Rows,
}

impl Answer<'_> {
    fn record(&mut self, row: Option<usize>) -> Option<Record> {
        let bytes = self.rows.0.get(row?)?.as_ref()?;
        let record = Record::decode(bytes);
        self.doubt(record.is_none());
        record
    }

    /// A record that cannot be read is not an absent one.
    fn doubt(&mut self, unreadable: bool) {
        if unreadable {
            self.rows.1.get_or_insert_with(|| "a record is damaged".to_owned());
        }
    }

    fn shown(&self, record: &Record) -> Profile {
        record.profile(self.query.at, self.baselines.learner.decay, self.baselines.learner.bounds)
    }

    fn profile(&mut self, row: Option<usize>) -> Option<Profile> {
        self.record(row).map(|record| self.shown(&record))
    }

    fn name(&mut self, row: Option<usize>) -> Option<super::snapshot::NameUse> {
        let row = row?;
        let Some(bytes) = self.rows.0.get(row)?.as_ref() else { return Some(Default::default()) };
        let record = NameRecord::decode(bytes);
        self.doubt(record.is_none());
        Some(record.map(|r| r.name_use(self.query.at, self.baselines.learner.decay)).unwrap_or_default())
    }

    fn infrastructure(&self, record: &Record) -> Infrastructure {
        let learner = &self.baselines.learner;
        let weight = |place: Place, fact: &str| {
            record.weight_of(place, learner.keyring.mark(fact), self.query.at, learner.decay)
        };
        let of = |place: Place, domain: &Option<Domain>| domain.as_ref().map(|d| weight(place, d.as_str()));
        Infrastructure {
            dkim_domain: of(Place::Dkim, &self.query.dkim_domain),
            spf_domain: of(Place::Spf, &self.query.spf_domain),
            network: self.query.network.map(|n| weight(Place::Network, &n.to_string())),
            helo_domain: of(Place::Helo, &self.query.helo_domain),
        }
    }
}

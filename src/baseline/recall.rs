//! Reading what is usual, as of the moment a message came: one pass, a bounded number of reads, never a failure.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::baselines::Baselines;
use super::decay::Decay;
use super::fact::{MARKS_MAX, short, stored};
use super::key::{Key, Kind};
use super::memory::Rows;
use super::name::NameRecord;
use super::observation::Subject;
use super::overlay::Progress;
use super::query::Query;
use super::record::Record;
use super::snapshot::{Baseline, NameUse, Profile, Reached, RecipientView};
use crate::mail::{Address, Domain, Gap, Missing, Moment};
use crate::traits::{ACCOUNT, ATTACHMENT_KIND, Keeper, LOCAL_PART, TRAITS};

/// Reads for a message besides those for its recipients: author, domain, reply domain, network, name, local part, thread,
/// list, three link domains, two files, two accounts, four keys of a campaign, two groups; of the organisation the kinds
/// of files, where it brings one.
pub(super) const READS_MAX: usize = 22;

/// How often it is read where learning changed something meanwhile, which lasts a tenth of a millisecond a few times a
/// second, but on a busy machine may be put off.
const TRIES: u32 = 6;
/// How long is waited before it is read again; then twice as long each time, 6 ms in all.
const WAIT: Duration = Duration::from_micros(200);

/// Where the answer to each question stands among the rows; `None` where the message gave nothing to ask.
#[derive(Default)]
struct Asked {
    keys: Vec<Key>,
    sender: Option<usize>,
    domain: Option<usize>,
    reply_domain: Option<usize>,
    network: Option<usize>,
    name: Option<usize>,
    local_part: Option<usize>,
    thread: Option<usize>,
    list: Option<usize>,
    link_domains: Vec<Option<usize>>,
    attachments: Vec<Option<usize>>,
    accounts: Vec<Option<usize>>,
    organisation: Option<usize>,
    campaign: Vec<Option<usize>>,
    groups: Vec<Option<usize>>,
    recipients: Vec<[Option<usize>; 3]>,
}

impl Asked {
    fn push(&mut self, key: Key) -> Option<usize> {
        self.keys.push(key);
        Some(self.keys.len() - 1)
    }
}

impl Baselines {
    /// What is usual for this message: at most 22 reads and 3 for each recipient. What cannot be read is a gap. What
    /// other hosts know is left out; see [`Baselines::recall_shared`].
    pub fn recall(&self, query: &Query) -> Baseline {
        let asked = self.ask(query);
        let mut tries = 0;
        loop {
            tries += 1;
            let (rows, progress) = self.learner.memory.read_at(&asked.keys);
            let mut baseline = self.answer(query, &asked, rows, progress);
            let protected = self.learner.protected.load(Ordering::Acquire);
            let is_whole = progress.is_some_and(|progress| progress.protected == protected);
            if is_whole && baseline.gaps.is_empty() {
                let facts = progress.filter(|_| self.learner.settings.facts_days > 0).map(|progress| progress.facts);
                baseline.reached = facts.map(|facts| Reached { store: self.learner.store_number(), facts });
            }
            if is_whole || tries == TRIES {
                return baseline;
            }
            std::thread::sleep(WAIT * 2_u32.pow(tries - 1));
        }
    }

    /// As [`Baselines::recall`], with what the other hosts know where the baselines are shared: one round trip more, for
    /// which a message waits `recall_milliseconds_max` at most. What they know and do not say in time is a gap.
    pub async fn recall_shared(&self, query: &Query) -> Baseline {
        let Some(shared) = self.learner.shared.get() else { return self.recall(query) };
        let asked = self.ask(query);
        let others = shared.others(&asked.keys).await;
        let (mut rows, mut trouble) = self.learner.memory.read(&asked.keys);
        trouble = trouble.or(self.learner.join(&asked.keys, &mut rows, others));
        self.answer(query, &asked, (rows, trouble), None)
    }

    fn answer(&self, query: &Query, asked: &Asked, rows: Rows, progress: Option<Progress>) -> Baseline {
        let mut answer = Answer::new(self, query, rows);
        let tally = &self.learner.tally;
        let hosts = self.learner.shared.get().map(|shared| shared.hosts());
        let own = progress.map_or_else(|| tally.watch.seen(), |progress| progress.watch);
        let watch = own.join(hosts.as_ref().map(|hosts| hosts.watch).unwrap_or_default());
        let settings = &self.learner.settings;
        let learned = progress.map_or_else(|| tally.learned.load(Ordering::Acquire), |progress| progress.learned);
        let mut baseline = Baseline {
            watched_since: watch.since,
            settled: watch.is_settled(query.at, settings.settled_days),
            sees_own: watch.sees_own(query.at, settings.settled_days, settings.own_silent_days),
            learned: hosts.map_or(learned, |hosts| learned.saturating_add(hosts.learned)),
            sender: answer.profile(asked.sender, Some(Keeper::Sender)),
            sender_domain: answer.profile(asked.domain, Some(Keeper::Domain)),
            reply_domain: answer.profile(asked.reply_domain, None),
            network: answer.profile(asked.network, None),
            name: answer.name(asked.name),
            local_part: answer.name(asked.local_part),
            organisation: answer.profile(asked.organisation, Some(Keeper::Organisation)),
            thread: answer.profile(asked.thread, Some(Keeper::Thread)),
            list: answer.profile(asked.list, None),
            link_domains: answer.profiles(&asked.link_domains),
            attachments: answer.profiles(&asked.attachments),
            accounts: answer.profiles(&asked.accounts),
            campaign: answer.campaign(&asked.campaign),
            groups: answer.profiles(&asked.groups),
            ..Baseline::unknown(query.direction, None)
        };
        for (address, [alone, pair, domain_pair]) in query.recipients.iter().zip(&asked.recipients) {
            baseline.recipients.push(RecipientView {
                address: address.clone(),
                profile: answer.profile(*alone, None),
                pair: answer.profile(*pair, Some(Keeper::Pair)),
                domain_pair: answer.profile(*domain_pair, None),
            });
        }
        baseline.likenesses = self.likenesses(query, &baseline);
        let why = answer.rows.1;
        baseline.gaps.extend(why.map(|why| Gap::new(Missing::Baseline, format!("baselines could not be read: {why}"))));
        baseline
    }

    /// The profile of a subject as of now; `None` when it was never seen.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn show(&self, subject: &Subject, at: Moment) -> Result<Option<Profile>, String> {
        let learner = &self.learner;
        let (rows, trouble) = learner.memory.read(&[subject.key(&learner.keyring, &learner.settings)]);
        if let Some(why) = trouble {
            return Err(why);
        }
        let record = rows.into_iter().flatten().next().and_then(|bytes| Record::decode(&bytes));
        Ok(record.map(|record| record.profile(at, learner.decay, learner.bounds)))
    }

    fn ask(&self, query: &Query) -> Asked {
        let keyring = &self.learner.keyring;
        let recipients_max = self.learner.settings.recipients_max;
        let mut asked = Asked { keys: Vec::with_capacity(READS_MAX + 3 * recipients_max), ..Asked::default() };
        let author = query.author.as_ref().map(|author| self.stored(author)).unwrap_or_default();
        let domain = query.domain.as_ref().map(Domain::as_str);
        if let Some(domain) = domain {
            asked.sender = asked.push(keyring.key(Kind::Sender, &[&author]));
            asked.domain = asked.push(keyring.key(Kind::Domain, &[domain]));
            let groups = query.groups.iter().map(|group| keyring.key(Kind::DomainGroup, &[domain, group]));
            asked.groups = groups.map(|key| asked.push(key)).collect();
        }
        if let Some(reply) = &query.reply_domain {
            asked.reply_domain = asked.push(keyring.key(Kind::Domain, &[reply.as_str()]));
        }
        if let Some(network) = query.network {
            asked.network = asked.push(keyring.key(Kind::Network, &[&network.to_string()]));
        }
        if !query.name.is_empty() {
            let name = stored(&query.name, keyring, &self.learner.settings);
            asked.name = asked.push(keyring.key(Kind::Name, &[&name]));
        }
        if query.answers {
            asked.thread = asked.push(keyring.key(Kind::Thread, &[&keyring.mark(&query.thread).to_string()]));
        }
        if let Some(list) = &query.list {
            asked.list = asked.push(keyring.key(Kind::List, &[list]));
        }
        let links = query.link_domains.iter().map(|domain| keyring.key(Kind::LinkDomain, &[domain.as_str()]));
        asked.link_domains = links.map(|key| asked.push(key)).collect();
        let files = query.attachments.iter().map(|file| keyring.key(Kind::Attachment, &[&short(file).to_string()]));
        asked.attachments = files.map(|key| asked.push(key)).collect();
        for (number, _, values) in &query.traits.entries {
            let marks = || values.iter().take(MARKS_MAX).map(|value| keyring.correspondent(value).to_string());
            if *number == ACCOUNT {
                let keys = marks().map(|mark| keyring.key(Kind::Account, &[&mark]));
                asked.accounts = keys.map(|key| asked.push(key)).collect();
            } else if *number == LOCAL_PART {
                asked.local_part = marks().next().and_then(|mark| asked.push(keyring.key(Kind::Local, &[&mark])));
            } else if *number == ATTACHMENT_KIND {
                asked.organisation = asked.push(keyring.key(Kind::Organisation, &[]));
            }
        }
        let bands = query.campaign.iter().map(|band| keyring.key(Kind::Campaign, &[&band.to_string()]));
        asked.campaign = bands.map(|key| asked.push(key)).collect();
        for recipient in query.recipients.iter().take(recipients_max) {
            let recipient = self.stored(recipient);
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

    fn stored(&self, address: &Address) -> String {
        stored(&address.key(), &self.learner.keyring, &self.learner.settings)
    }
}

/// The rows that were read, and the question they answer.
struct Answer<'a> {
    baselines: &'a Baselines,
    query: &'a Query,
    rows: Rows,
    /// Marks of the values asked for, by number of the trait; whether one usual value makes the message usual; who
    /// keeps it.
    asked: Vec<(u8, Vec<u32>, bool, &'static [Keeper])>,
}

impl<'a> Answer<'a> {
    fn new(baselines: &'a Baselines, query: &'a Query, rows: Rows) -> Self {
        let keyring = &baselines.learner.keyring;
        let asked = query.traits.entries.iter().filter_map(|(number, _, asks)| {
            let own = TRAITS.iter().find(|own| own.number == *number).filter(|_| !asks.is_empty())?;
            let marks = asks.iter().map(|value| keyring.correspondent(value)).collect();
            Some((*number, marks, own.asks.is_some(), own.kept_by))
        });
        Self { baselines, query, rows, asked: asked.collect() }
    }

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

    fn profile(&mut self, row: Option<usize>, keeper: Option<Keeper>) -> Option<Profile> {
        let record = self.record(row)?;
        Some(self.shown(&record, keeper, self.baselines.learner.decay))
    }

    /// A record as of the message, with what is usual of the traits that its kind keeps.
    fn shown(&self, record: &Record, keeper: Option<Keeper>, decay: Decay) -> Profile {
        let mut profile = record.profile(self.query.at, decay, self.baselines.learner.bounds);
        if let Some(keeper) = keeper {
            let (habits, factor) = record.habits(self.query.at, decay);
            let asked = self.asked.iter().filter(|(.., kept_by)| kept_by.contains(&keeper));
            profile.habits = asked.map(|(n, marks, any, _)| (*n, habits.usual(*n, marks, *any, factor))).collect();
        }
        profile
    }

    fn profiles(&mut self, rows: &[Option<usize>]) -> Vec<Option<Profile>> {
        rows.iter().map(|row| self.profile(*row, None)).collect()
    }

    /// The fullest of the campaigns that share a key with the message.
    fn campaign(&mut self, rows: &[Option<usize>]) -> Option<Profile> {
        let decay = self.baselines.learner.campaign_decay;
        let records = rows.iter().filter_map(|row| self.record(*row)).collect::<Vec<_>>();
        let shown = records.iter().map(|record| self.shown(record, Some(Keeper::Campaign), decay));
        shown.max_by(|a, b| a.counts.messages.total_cmp(&b.counts.messages))
    }

    fn name(&mut self, row: Option<usize>) -> Option<NameUse> {
        let row = row?;
        let Some(bytes) = self.rows.0.get(row)?.as_ref() else { return Some(NameUse::default()) };
        let record = NameRecord::decode(bytes);
        self.doubt(record.is_none());
        let learner = &self.baselines.learner;
        let mark = |address: &str| learner.keyring.correspondent(address);
        let asked = [&self.query.author, &self.query.reply]
            .map(|address| address.as_ref().map(|address| mark(&self.baselines.stored(address))));
        let mut used = record
            .map(|record| record.name_use(self.query.at, learner.decay, learner.bounds, mark, asked))
            .unwrap_or_default();
        // An address that is stored as a hash is known again where it is the author's.
        if let Some(author) = &self.query.author {
            let own = self.baselines.stored(author);
            used.addresses.iter_mut().filter(|(address, _)| *address == own).for_each(|(a, _)| *a = author.key());
        }
        Some(used)
    }
}

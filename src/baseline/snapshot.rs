//! What is usual, as one message sees it: a snapshot by value.

use serde::{Deserialize, Serialize};

use super::likeness::Likenesses;
use super::query::Query;
use crate::mail::{Address, Direction, Gap, Moment};

/// Exponentially decayed counts, as of the snapshot's moment: what was seen lately weighs 1, one half-life ago 0.5.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Messages seen, whatever became of them.
    pub messages: f32,
    /// Messages that were authenticated and delivered: those that build trust.
    pub trusted: f32,
    /// Messages that were held or rejected.
    pub refused: f32,
    /// Messages that the organisation's own people wrote to this key.
    pub written_to: f32,
    /// Those of `written_to` that answered a message.
    pub answered: f32,
    /// Those of `trusted` that answered a message of the organisation's own people.
    pub solicited: f32,
    /// Messages that were labelled as attacks afterwards.
    pub attacks: f32,
}

impl Counts {
    /// All of them, in the order in which they are stored.
    pub(super) fn weights(&self) -> [f32; 7] {
        [self.messages, self.trusted, self.refused, self.written_to, self.answered, self.solicited, self.attacks]
    }

    fn each(self, other: Self, join: impl Fn(f32, f32) -> f32) -> Self {
        Self {
            messages: join(self.messages, other.messages),
            trusted: join(self.trusted, other.trusted),
            refused: join(self.refused, other.refused),
            written_to: join(self.written_to, other.written_to),
            answered: join(self.answered, other.answered),
            solicited: join(self.solicited, other.solicited),
            attacks: join(self.attacks, other.attacks),
        }
    }

    /// Each times a factor.
    pub(super) fn times(self, factor: f32) -> Self {
        self.each(self, |a, _| a * factor)
    }

    /// Each with the other's.
    pub(super) fn plus(self, other: Self) -> Self {
        self.each(other, |a, b| a + b)
    }
}

/// How usual is what this message shows of a trait, for one profile; decayed counts of trusted messages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usual {
    /// Messages that showed the same: of several values of this message the least usual one counts.
    pub weight: f32,
    /// Messages that showed the trait at all.
    pub all: f32,
    /// Different values that are remembered.
    pub values: u8,
}

/// Weight of messages from which a habit can be told: fewer may be chance.
const HABIT_WEIGHT_MIN: f32 = 2.5;
/// Weight below which a value counts as never shown: what is left of one message after five half-lives.
const SHOWN_WEIGHT_MIN: f32 = 0.03;

impl Usual {
    /// Share of the messages with this trait that showed the same, from 0 to 1; `None` where there is no habit to
    /// depart from.
    pub fn share(&self) -> Option<f32> {
        (self.all >= HABIT_WEIGHT_MIN).then(|| (self.weight / self.all).clamp(0.0, 1.0))
    }

    /// Whether the value was never shown before although the trait was; `None` where there is no habit.
    pub fn is_new(&self) -> Option<bool> {
        self.share().map(|_| self.weight < SHOWN_WEIGHT_MIN)
    }

    /// Whether none of the messages that showed the trait showed this value, few as they may be; `None` where none
    /// showed it. For what a single message settles, such as who takes part in a thread.
    pub fn is_absent(&self) -> Option<bool> {
        (self.all >= SHOWN_WEIGHT_MIN).then_some(self.weight < SHOWN_WEIGHT_MIN)
    }
}

/// What is known of one key: an address, a domain, a name, or a pair of sender and recipient.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// First message that was delivered and authenticated; where none was, the first seen at all, so that unproved mail
    /// ages no key that later proves itself. For a key that only was written to (`seen` is 0), the last time of that.
    pub first_seen: Moment,
    /// Last message seen before this one.
    pub last_seen: Moment,
    /// Messages ever seen, not decayed; 0 for a key that was written to and never wrote itself.
    pub seen: u32,
    /// Decayed counts.
    pub counts: Counts,
    /// Distinct correspondents of delivered messages, estimated from at most a bounded number of remembered ones.
    pub correspondents: u32,
    /// Messages one of our own people ever wrote to this key, not decayed: such a correspondent is *solicited*.
    pub written_to: u32,
    /// Messages within about the last day, trusted or not.
    pub pace: f32,
    /// Of a recipient: first messages of new correspondents within about the last day.
    pub newcomers: f32,
    /// Of a domain: its talk of money; `None` where it never spoke of any.
    pub trade: Option<Trade>,
    /// Whether it is known so briefly that it still counts as new, and none of our own wrote there.
    pub young: bool,
    /// How usual is what this message shows, by number of the trait; only for traits that this kind of profile keeps
    /// and this message shows.
    pub habits: Vec<(u8, Usual)>,
}

impl Profile {
    /// Whether it is the profile of a domain that is a supplier.
    pub fn is_supplier(&self) -> bool {
        self.trade.is_some_and(|trade| trade.supplier)
    }

    /// Whether one of our own ever wrote there.
    pub fn is_solicited(&self) -> bool {
        self.written_to > 0
    }

    /// How usual is what the message shows of the trait of this name; `None` where it shows nothing of it, or this
    /// kind of profile does not keep it.
    pub fn usual(&self, name: &str) -> Option<Usual> {
        let number = crate::traits::find(name)?.number;
        self.habits.iter().find(|(known, _)| *known == number).map(|(_, usual)| *usual)
    }
}

/// Whether what this profile is about counts as new: never seen, or young.
pub fn is_new(profile: Option<&Profile>) -> bool {
    profile.is_none_or(|profile| profile.young)
}

/// The pair of the sender and one recipient.
#[derive(Clone, Debug, PartialEq)]
pub struct RecipientView {
    /// The recipient.
    pub address: Address,
    /// The recipient alone: how much mail, from how many; `None` when never seen.
    pub profile: Option<Profile>,
    /// The author's address towards this recipient; `None` when neither ever wrote to the other (where only the
    /// recipient wrote, `seen` is 0 and `written_to` is not).
    pub pair: Option<Profile>,
    /// The author's registrable domain towards this recipient; `None` when nobody of that domain ever wrote to him.
    pub domain_pair: Option<Profile>,
}

/// How a display name was used before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NameUse {
    /// Addresses that bore this name in trusted messages, most used first, with decayed counts; bounded. Empty when
    /// none was trusted.
    pub addresses: Vec<(String, f32)>,
    /// Messages ever seen under this name.
    pub seen: u32,
    /// Whether an address of the organisation's own bears this name (proved by login, network or authentication).
    pub own: bool,
    /// Who is meant by the name, as far as addresses are proved to be one person's.
    pub person: Person,
    /// How the organisation's own people regard who bears it.
    pub esteem: Esteem,
}

/// One person behind several addresses of one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Proved addresses as far as they bore the name, most used first: with which one of our own logs in; for people
    /// outside, to which our own people write under the name; and those to which a proved one writes under it.
    pub addresses: Vec<String>,
    /// Whether the author's address is a proved one; `None` where none is proved.
    pub author: Option<bool>,
    /// The same of the address to which replies go; `None` also where they go to the author.
    pub reply: Option<bool>,
}

/// How many distinct own people regard someone; each counts for some months after a letter that shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Esteem {
    /// Wrote a letter that names the person among its readers.
    pub written_by: u32,
    /// Put the person in Cc.
    pub copied_by: u32,
    /// Greeted the person by a title.
    pub deferred_by: u32,
    /// Whether it is one of our own, and so many did so that the name is worth protecting.
    pub important: bool,
}

/// An outside domain's talk of invoices, orders and payments, in trusted mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trade {
    /// The first such message.
    pub since: Moment,
    /// Such messages ever, not decayed.
    pub letters: u32,
    /// Whether it is a supplier: it did so for long, and more of its mail is trusted than refused.
    pub supplier: bool,
}

/// How far the baselines were when something was asked of them: who replays that later brings them as far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Which store it was: another one is another number.
    pub store: u32,
    /// How many facts it had ever learned.
    pub facts: u64,
}

/// What is usual, as of the moment a message came. A `None` profile means *never seen*; what could not be read is a gap,
/// and then [`Baseline::is_known`] is false, so that *never seen* and *not known* differ.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Which way the message goes.
    pub direction: Direction,
    /// First message this baseline ever learned; `None` when it is empty.
    pub watched_since: Option<Moment>,
    /// Messages this baseline ever learned.
    pub learned: u64,
    /// The author's address (From; the reverse-path where there is none).
    pub sender: Option<Profile>,
    /// The author's registrable domain.
    pub sender_domain: Option<Profile>,
    /// The registrable domain of Reply-To, where it differs from the author's.
    pub reply_domain: Option<Profile>,
    /// The network of the client, over all senders.
    pub network: Option<Profile>,
    /// The author's display name; `None` when it is empty.
    pub name: Option<NameUse>,
    /// The thread that the message says it belongs to; `None` where it names none, or that never passed here.
    pub thread: Option<Profile>,
    /// The mailing list that the message came through.
    pub list: Option<Profile>,
    /// The domains to which the message links, other than the author's and the organisation's own; each with its
    /// profile over all senders. Bounded.
    pub link_domains: Vec<Option<Profile>>,
    /// The attached files by their content, over all senders. Bounded.
    pub attachments: Vec<Option<Profile>>,
    /// The campaign of near-duplicates that the message belongs to; `None` where there was none in the window.
    pub campaign: Option<Profile>,
    /// Which addresses bore the local part of the author's address in trusted messages; `None` where it is too short to
    /// tell a person.
    pub local_part: Option<NameUse>,
    /// The accounts for money that the message names, over all senders. Bounded.
    pub accounts: Vec<Option<Profile>>,
    /// The kinds of files that ever came to the organisation; `None` where none did, or the message brings none.
    pub organisation: Option<Profile>,
    /// Known domains for which those of the message would pass.
    pub likenesses: Likenesses,
    /// The author's domain towards the groups of the recipients, one for each group named in the settings.
    pub groups: Vec<Option<Profile>>,
    /// One view for each recipient of the envelope, bounded; in envelope order.
    pub recipients: Vec<RecipientView>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
    /// How far the baselines were; `None` where that is not one moment of one store.
    pub reached: Option<Reached>,
    /// Whether the baseline has watched long enough that *never seen* means new.
    pub settled: bool,
    /// Whether our own people's letters pass, so that it is known to whom none of them ever wrote.
    pub sees_own: bool,
}

impl Baseline {
    /// A baseline of which nothing is known, for the reason given (or none, when baselines are off).
    pub fn unknown(direction: Direction, gap: Option<Gap>) -> Self {
        Self {
            direction,
            watched_since: None,
            learned: 0,
            sender: None,
            sender_domain: None,
            reply_domain: None,
            network: None,
            name: None,
            thread: None,
            list: None,
            link_domains: Vec::new(),
            attachments: Vec::new(),
            campaign: None,
            local_part: None,
            accounts: Vec::new(),
            organisation: None,
            likenesses: Likenesses::default(),
            groups: Vec::new(),
            recipients: Vec::new(),
            gaps: gap.into_iter().collect(),
            reached: None,
            settled: false,
            sees_own: false,
        }
    }

    /// For each recipient that was looked up, whether neither he nor the author ever wrote to the other; empty where that
    /// cannot be known.
    pub fn first_contacts(&self) -> Vec<(Address, bool)> {
        if !self.gaps.is_empty() {
            return Vec::new();
        }
        self.recipients.iter().map(|recipient| (recipient.address.clone(), recipient.pair.is_none())).collect()
    }

    /// Whether the message answers one of a thread in which our own people wrote, and was not only made to look so: the
    /// message that it names passed here.
    pub fn answers_own(&self, query: &Query) -> bool {
        let passed = |thread: &Profile| thread.usual("parent").is_some_and(|usual| usual.weight > 0.0);
        query.answers && self.thread.as_ref().is_some_and(|thread| thread.written_to > 0 && passed(thread))
    }

    /// For which known domains those of the message would pass; `None` where no domain is protected, or the baseline
    /// knows nothing.
    pub fn likenesses(&self) -> Option<&Likenesses> {
        Some(&self.likenesses).filter(|likenesses| self.is_known() && likenesses.protected > 0)
    }

    /// Whether one of our own people ever wrote there; `None` of who is known otherwise where their letters do not pass.
    pub fn solicited(&self, profile: Option<&Profile>) -> Option<bool> {
        let solicited = profile.is_some_and(Profile::is_solicited);
        (solicited || self.sees_own || is_new(profile)).then_some(solicited)
    }

    /// Whether absence means anything: the baseline has watched long enough, and everything asked for could be read.
    pub fn is_known(&self) -> bool {
        self.learned > 0 && self.settled && self.gaps.is_empty()
    }
}

//! What is usual, as one message sees it: a snapshot by value.

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
}

impl Profile {
    /// Whether one of our own ever wrote there.
    pub fn is_solicited(&self) -> bool {
        self.written_to > 0
    }
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
}

/// Whether the infrastructure of this message was used by trusted messages of its author's registrable domain before.
/// `None` where the message shows no such fact, or the domain was never seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Infrastructure {
    /// Messages of this domain that bore the same passing DKIM domain (decayed count).
    pub dkim_domain: Option<f32>,
    /// Messages of this domain with the same SPF domain.
    pub spf_domain: Option<f32>,
    /// Messages of this domain from the same client network (/24, /48).
    pub network: Option<f32>,
    /// Messages of this domain with the same registrable HELO domain.
    pub helo_domain: Option<f32>,
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
    /// The infrastructure of the author's domain.
    pub infrastructure: Infrastructure,
    /// One view for each recipient of the envelope, bounded; in envelope order.
    pub recipients: Vec<RecipientView>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
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
            infrastructure: Infrastructure::default(),
            recipients: Vec::new(),
            gaps: gap.into_iter().collect(),
        }
    }

    /// Whether absence means anything: something was learned, and everything asked for could be read.
    pub fn is_known(&self) -> bool {
        self.learned > 0 && self.gaps.is_empty()
    }
}

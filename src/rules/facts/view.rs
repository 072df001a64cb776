//! What of the evidence the data model speaks of.

use std::sync::LazyLock;

use crate::auth::AuthResults;
use crate::baseline::{Baseline, Profile};
use crate::evidence::Evidence;
use crate::files::Signatures;
use crate::mail::{Address, Direction, Envelope, Moment};
use crate::message::Message;
use crate::rules::evaluate::Value;

/// A message with what is known of it; references only.
#[derive(Clone, Copy)]
pub struct View<'m> {
    /// The message.
    pub message: &'m Message,
    /// What the SMTP session said.
    pub envelope: &'m Envelope,
    /// What was proved; `None` for a message that only came as a file.
    pub auth: Option<&'m AuthResults>,
    /// What is usual; `None` for a message that only came as a file.
    pub baseline: Option<&'m Baseline>,
    /// YARA rules to look over its files with; `None` where none are at hand.
    pub signatures: Option<&'m Signatures>,
    /// Which way it goes.
    pub direction: Direction,
    /// When it came.
    pub at: Moment,
    /// Whether only what was proved is to be seen: what anyone can write is not to be known.
    pub proved_only: bool,
}

impl<'m> View<'m> {
    /// The message of some evidence.
    pub fn of(evidence: &Evidence<'m>) -> Self {
        Self {
            message: evidence.message,
            envelope: evidence.envelope,
            auth: Some(evidence.auth),
            baseline: Some(evidence.baseline),
            signatures: None,
            direction: evidence.direction(),
            at: evidence.received_at,
            proved_only: false,
        }
    }

    /// The same, with YARA rules to look over its files with.
    pub fn with_signatures(self, signatures: &'m Signatures) -> Self {
        Self { signatures: Some(signatures), ..self }
    }

    /// The same message as far as the sender proved it or this host saw it itself.
    pub fn of_what_is_proved(&self) -> Self {
        Self { proved_only: true, ..*self }
    }

    /// Whether the author's domain was proved, or the message is the organisation's own.
    pub(super) fn is_author_proved(&self) -> bool {
        let author = self.message.author().filter(|_| self.message.from.len() == 1);
        self.direction != Direction::Inbound
            || author.zip(self.auth).is_some_and(|(author, auth)| auth.prove(author.domain()))
    }

    /// A message that came as a file within this one: nobody checked it, and it came from nowhere.
    pub fn within(&self, message: &'m Message) -> Self {
        static NOWHERE: LazyLock<Envelope> = LazyLock::new(Envelope::default);
        Self { message, envelope: &NOWHERE, auth: None, baseline: None, ..*self }
    }

    /// The author's address: From, or the reverse-path where From has none.
    pub fn author(&self) -> Option<&'m Address> {
        self.message.author().or(self.envelope.sender.as_ref())
    }

    /// Whether the organisation ever wrote to an address or domain, or ever heard from it, by the list that asks. The
    /// baselines are recalled for the author and for where replies go; of others they tell nothing.
    pub fn met(&self, list: &str, who: &str) -> Value<'m> {
        let Some(baseline) = self.baseline.filter(|baseline| baseline.is_known()) else {
            return Value::lacking("the baselines know nothing yet");
        };
        let author = self.author();
        let reply = self.message.reply_to.iter().find_map(|mailbox| mailbox.address.as_ref());
        let is_domain = |address: Option<&Address>| {
            address.is_some_and(|address| {
                who == address.domain().as_str() || who == address.domain().registrable().as_str()
            })
        };
        let profile = if author.is_some_and(|author| author.key() == who) {
            baseline.sender.as_ref()
        } else if is_domain(author) {
            baseline.sender_domain.as_ref()
        } else if is_domain(reply) {
            baseline.reply_domain.as_ref()
        } else {
            return Value::lacking("the baselines are asked only for the author and where replies go");
        };
        let wrote = list.starts_with("sender_");
        if wrote { Value::Boolean(profile.is_some_and(|known| known.seen > 0)) } else { self.solicited(profile) }
    }

    /// Whether one of our own people ever wrote there.
    pub fn solicited(&self, profile: Option<&Profile>) -> Value<'m> {
        match self.baseline.and_then(|baseline| baseline.solicited(profile)) {
            Some(solicited) => Value::Boolean(solicited),
            None => {
                Value::lacking("our own people's letters do not pass here, so that it is not known whom they wrote to")
            }
        }
    }

    /// Whole days from a moment to the coming of this message, never negative.
    pub fn days_since(&self, earlier: Moment) -> i64 {
        self.at.days_since(earlier).max(0.0) as i64
    }
}

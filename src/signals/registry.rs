//! What a signal is, and the values of all of them for one message.

use crate::evidence::Evidence;
use crate::mail::Category;

/// Of what a signal speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The message itself.
    Message,
    /// Its author.
    Sender,
    /// Its recipients.
    Recipient,
    /// What is usual between them.
    Relationship,
    /// The author's domain and its infrastructure.
    Domain,
    /// The links in it.
    Link,
    /// The files that came with it.
    Attachment,
    /// The organisation that receives it.
    Organisation,
}

impl Level {
    /// The stable name, which is the folder's too.
    pub fn name(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Relationship => "relationship",
            Self::Domain => "domain",
            Self::Link => "link",
            Self::Attachment => "attachment",
            Self::Organisation => "organisation",
        }
    }
}

/// How the risk may change as the value rises. A model may learn how much a signal tells, but not turn its meaning
/// round: otherwise an accident of the training mail becomes a reason that nobody can defend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Risk {
    /// A higher value never lowers the score.
    Rises,
    /// A higher value never raises the score.
    Falls,
    /// Either way.
    Either,
}

/// A measurable fact about a message.
pub struct Signal {
    /// Its name: what stands after "held because"; also journal column and model input. Never reused.
    pub name: &'static str,
    /// Of what it speaks.
    pub level: Level,
    /// The fact in words, for a reason: `the reply goes to another domain than the author's`.
    pub because: &'static str,
    /// What it is for: the attack it helps to see, the unit and range of its value, and when it is unknown.
    pub meaning: &'static str,
    /// How risk may change with it.
    pub risk: Risk,
    /// The category it speaks for, where it speaks for one.
    pub category: Option<Category>,
    /// Measures it: `None` where the fact cannot be known for this message. A yes-or-no fact is 1 or 0.
    pub measure: fn(&Evidence<'_>) -> Option<f32>,
}

/// The values of all registered signals for one message, in registry order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals(pub Vec<Option<f32>>);

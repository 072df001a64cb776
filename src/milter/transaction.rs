//! What the milter hands over when a message is complete, and what it takes back.

use std::future::Future;
use std::time::Instant;

use crate::mail::{Envelope, Moment};

/// A complete message as the MTA handed it over.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// What the SMTP session said.
    pub envelope: Envelope,
    /// The message: header fields byte for byte with CRLF line ends, an empty line, and the body.
    pub raw: Vec<u8>,
    /// When the message was complete.
    pub received_at: Moment,
    /// When the answer must have been given; later the MTA is told what the policy says for a missing one.
    pub deadline: Instant,
}

/// A change to the message (Sendmail's milter API, `smfi_*`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Append a header field.
    AddHeader {
        /// Field name.
        name: String,
        /// Value, without the leading space; folded lines are separated by LF and begin with white space.
        value: String,
    },
    /// Insert a header field at a position; 0 is above everything, the MTA's own Received included.
    InsertHeader {
        /// Position.
        index: u32,
        /// Field name.
        name: String,
        /// Value, as with `AddHeader`.
        value: String,
    },
    /// Replace the n-th field of a name, counted from 1; an empty value deletes it.
    ChangeHeader {
        /// Field name.
        name: String,
        /// Which one of that name, counted from 1 at the top.
        nth: u32,
        /// New value; empty deletes the field.
        value: String,
    },
    /// Replace the reverse-path.
    ChangeSender {
        /// The new reverse-path in angle brackets.
        address: String,
        /// ESMTP arguments; empty for none.
        arguments: String,
    },
    /// Add a recipient.
    AddRecipient {
        /// The forward-path in angle brackets.
        address: String,
        /// ESMTP arguments; empty for none.
        arguments: String,
    },
    /// Remove a recipient.
    DeleteRecipient {
        /// The forward-path in angle brackets, as it was given.
        address: String,
    },
    /// Replace the body.
    ReplaceBody(Vec<u8>),
    /// Keep the message back in the MTA's own quarantine (Postfix: hold queue).
    Quarantine {
        /// Why, for the administrator.
        reason: String,
    },
}

/// The final word on a message or a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Go on; at the end of the message: deliver.
    Continue,
    /// Deliver without further questions.
    Accept,
    /// Accept from the sender and drop.
    Discard,
    /// 550 5.7.1.
    Reject,
    /// 451 4.7.1.
    Tempfail,
    /// A reply of our own.
    Custom {
        /// Three digits, 4xx or 5xx.
        code: u16,
        /// Enhanced status code (RFC 3463): `5.7.1`; its first digit agrees with the code's.
        enhanced: String,
        /// Lines of text, at least one.
        lines: Vec<String>,
    },
}

/// The answer to a transaction: changes, then the final word; they travel in one write.
pub struct Answer {
    /// Changes, in the order in which they are to be made.
    pub edits: Vec<Edit>,
    /// The final word.
    pub reply: Reply,
    /// Called once, after the answer was written (`true`) or could not be (`false`): learning begins here.
    pub sent: Option<Box<dyn FnOnce(bool) + Send>>,
}

impl Answer {
    /// An answer without changes.
    pub fn plain(reply: Reply) -> Self {
        Self { edits: Vec::new(), reply, sent: None }
    }
}

/// Why a transaction has no answer of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// The deadline passed.
    Overdue,
    /// Too many messages are being answered already.
    Overload,
    /// The filter panicked.
    Panic,
    /// The message lies beyond a limit.
    Limit,
}

/// Whoever answers transactions.
pub trait Filter: Send + Sync + 'static {
    /// Answers one transaction. The server gives up waiting at the deadline, drops the future and answers
    /// [`Filter::lapse`]; a panic ends this message alone, with the same answer.
    fn answer(&self, transaction: Transaction) -> impl Future<Output = Answer> + Send;

    /// The answer when none came: at the deadline, after a panic, at a limit, or under overload. `why` is for the log.
    fn lapse(&self, lapse: Lapse, queue_id: Option<&str>, why: &str) -> Answer;
}

//! The message, what was proved and what is usual, as one read-only value.

use std::cell::OnceCell;

use crate::auth::AuthResults;
use crate::baseline::Baseline;
use crate::mail::{Address, Direction, Domain, Envelope, Moment, Organisation};
use crate::message::Message;

mod wording;

pub use wording::normalise;

/// Everything a signal may look at. What costs more than a field access is computed once, when first asked for.
pub struct Evidence<'a> {
    /// What the SMTP session said.
    pub envelope: &'a Envelope,
    /// The parsed message.
    pub message: &'a Message,
    /// What the sender proved.
    pub auth: &'a AuthResults,
    /// What is usual.
    pub baseline: &'a Baseline,
    /// Whose mail this is.
    pub organisation: &'a Organisation,
    /// When the message came.
    pub received_at: Moment,
    wording: OnceCell<String>,
}

impl<'a> Evidence<'a> {
    /// Binds the parts together.
    pub fn new(
        envelope: &'a Envelope,
        message: &'a Message,
        auth: &'a AuthResults,
        baseline: &'a Baseline,
        organisation: &'a Organisation,
        received_at: Moment,
    ) -> Self {
        Self { envelope, message, auth, baseline, organisation, received_at, wording: OnceCell::new() }
    }

    /// Which way the message goes.
    pub fn direction(&self) -> Direction {
        self.baseline.direction
    }

    /// The author's address: From, or the reverse-path where From has none.
    pub fn author(&self) -> Option<&'a Address> {
        self.message.author().or(self.envelope.sender.as_ref())
    }

    /// The author's domain.
    pub fn author_domain(&self) -> Option<&'a Domain> {
        self.author().map(Address::domain)
    }

    /// Whether the author's domain is proved; `None` when nothing was checked or there is no author.
    pub fn author_is_proved(&self) -> Option<bool> {
        let domain = self.author_domain()?;
        self.auth.are_known().then(|| self.auth.prove(domain))
    }

    /// Subject and shown text in the form in which phrases are looked for (see [`normalise`]).
    pub fn wording(&self) -> &str {
        self.wording.get_or_init(|| {
            let mut text = normalise(&self.message.subject);
            text.push('\n');
            text.push_str(&normalise(self.message.texts.shown()));
            text
        })
    }
}

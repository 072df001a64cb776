//! The message, what was proved and what is usual, as one read-only value.

use std::cell::OnceCell;

use crate::auth::AuthResults;
use crate::baseline::{Baseline, is_new};
use crate::mail::{Address, Direction, Domain, Envelope, Moment, Organisation};
use crate::message::{Link, LinkPlace, Message};

mod amounts;
#[cfg(test)]
pub mod fixture;
mod lettering;
mod link_host;

pub use crate::message::normalise;
pub use amounts::{Amounts, amounts};
pub use lettering::Lettering;
pub use link_host::LinkHost;

/// Bytes of text in which letters are counted and phrases are sought. What an attack wants stands in the first few
/// thousand; the text of a hostile message must not cost more than that of the longest honest letter.
pub const TEXT_BYTES_MAX: usize = 65_536;

/// Recipients of the header that are looked at where the envelope names none: as many as the largest honest circle.
const HEADER_RECIPIENTS_MAX: usize = 100;

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
    lettering: OnceCell<Lettering>,
    subject_lettering: OnceCell<Lettering>,
    name_lettering: OnceCell<Lettering>,
    author_registrable: OnceCell<Option<Domain>>,
    amounts: OnceCell<Amounts>,
    link_hosts: OnceCell<Vec<LinkHost<'a>>>,
    phrase_counts: OnceCell<Vec<u8>>,
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
        Self {
            envelope,
            message,
            auth,
            baseline,
            organisation,
            received_at,
            wording: OnceCell::new(),
            lettering: OnceCell::new(),
            subject_lettering: OnceCell::new(),
            name_lettering: OnceCell::new(),
            author_registrable: OnceCell::new(),
            amounts: OnceCell::new(),
            link_hosts: OnceCell::new(),
            phrase_counts: OnceCell::new(),
        }
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

    /// The author's registrable domain.
    pub fn author_registrable(&self) -> Option<&Domain> {
        self.author_registrable.get_or_init(|| self.author_domain().map(Domain::registrable)).as_ref()
    }

    /// Whether the author's domain is proved; `None` when nothing was checked or there is no author.
    pub fn author_is_proved(&self) -> Option<bool> {
        let domain = self.author_domain()?;
        self.auth.are_known().then(|| self.auth.prove(domain))
    }

    /// Whether the author's address is new: never seen before or only since hours, and none of our own ever wrote to
    /// it; `None` when the baseline knows nothing, or there is no author.
    pub fn author_is_new(&self) -> Option<bool> {
        self.author()?;
        self.baseline.is_known().then(|| is_new(self.baseline.sender.as_ref()))
    }

    /// To whom the message goes: the forward-paths, or To and Cc where the envelope is not known.
    pub fn recipients(&self) -> impl Iterator<Item = &'a Address> {
        let message = self.message;
        let header = if self.envelope.recipients.is_empty() { HEADER_RECIPIENTS_MAX } else { 0 };
        let named = message.to.iter().chain(&message.cc).filter_map(|m| m.address.as_ref()).take(header);
        self.envelope.recipients.iter().chain(named)
    }

    /// Days from a moment to the coming of this message, never negative.
    pub fn days_since(&self, earlier: Moment) -> f32 {
        self.received_at.days_since(earlier).max(0.0) as f32
    }

    /// Subject and shown text in the form in which phrases are looked for (see [`normalise`]), of at most
    /// [`TEXT_BYTES_MAX`] bytes of text.
    pub fn wording(&self) -> &str {
        self.wording.get_or_init(|| {
            let mut text = normalise(head(&self.message.subject, TEXT_BYTES_MAX));
            text.push('\n');
            text.push_str(&normalise(self.shown()));
            text
        })
    }

    /// The beginning of the shown text, as it was written: at most [`TEXT_BYTES_MAX`] bytes.
    pub fn shown(&self) -> &'a str {
        head(self.message.texts.shown(), TEXT_BYTES_MAX)
    }

    /// What the shown text is made of.
    pub fn lettering(&self) -> &Lettering {
        self.lettering.get_or_init(|| Lettering::of(self.shown()))
    }

    /// What the subject is made of.
    pub fn subject_lettering(&self) -> &Lettering {
        self.subject_lettering.get_or_init(|| Lettering::of(head(&self.message.subject, TEXT_BYTES_MAX)))
    }

    /// What the author's display name is made of.
    pub fn name_lettering(&self) -> &Lettering {
        self.name_lettering.get_or_init(|| Lettering::of(head(self.message.author_name(), TEXT_BYTES_MAX)))
    }

    /// The sums of money in subject and text.
    pub fn amounts(&self) -> &Amounts {
        self.amounts.get_or_init(|| amounts(self.wording()))
    }

    /// How many telephone numbers stand in subject and text.
    pub fn telephones(&self) -> usize {
        self.message.telephones().count
    }

    /// Links to the web that a reader may follow; what is only loaded as an image is not among them.
    pub fn web_links(&self) -> impl Iterator<Item = &'a Link> {
        self.message
            .links
            .iter()
            .filter(|link| link.place != LinkPlace::Image && matches!(link.scheme.as_str(), "http" | "https"))
    }

    /// The distinct hosts to which links lead, in the order of their first link; bounded.
    pub fn link_hosts(&self) -> &[LinkHost<'a>] {
        self.link_hosts.get_or_init(|| link_host::collect(self.web_links()))
    }

    /// How often phrases of each kind stand in the wording: `count` is asked once, by whoever knows the phrases.
    pub fn phrase_counts(&self, count: impl FnOnce(&str) -> Vec<u8>) -> &[u8] {
        self.phrase_counts.get_or_init(|| count(self.wording()))
    }
}

/// The longest beginning of `text` with at most `bytes` bytes that ends between characters.
fn head(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

#[cfg(test)]
mod tests {
    use super::fixture::mail;
    use super::*;

    #[test]
    fn a_head_ends_between_characters() {
        assert_eq!(head("aü", 2), "a");
        assert_eq!(head("aü", 3), "aü");
        assert_eq!(head("", 2), "");
    }

    #[test]
    fn text_beyond_the_limit_is_not_read() {
        let long = mail().text(&format!("{}!", "a".repeat(TEXT_BYTES_MAX - 1)));
        assert_eq!(long.evidence().lettering().exclamations, 1);
        let longer = mail().text(&format!("{}!", "a".repeat(TEXT_BYTES_MAX)));
        assert_eq!(longer.evidence().lettering().exclamations, 0);
    }

    #[test]
    fn recipients_come_from_the_header_where_the_envelope_is_silent() {
        let known = mail().recipient("carol@harbour.example");
        assert_eq!(known.evidence().recipients().count(), 2);
        let silent = mail().with(|m| m.envelope.recipients.clear());
        assert_eq!(silent.evidence().recipients().map(Address::local).collect::<Vec<_>>(), ["bob"]);
    }

    #[test]
    fn never_seen_and_not_known_differ() {
        assert_eq!(mail().evidence().author_is_new(), Some(false));
        assert_eq!(mail().stranger().evidence().author_is_new(), Some(true));
        assert_eq!(mail().unknown().evidence().author_is_new(), None);
        assert_eq!(mail().evidence().author_is_proved(), Some(true));
        assert_eq!(mail().unchecked().evidence().author_is_proved(), None);
    }

    #[test]
    fn only_links_to_the_web_are_followed() {
        let message = mail().link("mailto:a@b.example", "").link("https://b.example/", "here");
        assert_eq!(message.evidence().web_links().count(), 1);
        assert_eq!(message.evidence().link_hosts()[0].host.as_str(), "b.example");
    }
}

//! What a trait is, and the values of all of them for one message.

use super::TRAITS;
use crate::auth::AuthResults;
use crate::mail::{Address, Domain, Envelope, Moment};
use crate::message::Message;

/// Values of one trait that are taken from one message: a message with more shows no habit by them.
const VALUES_MAX: usize = 8;

/// What a trait is read from.
pub struct Shown<'a> {
    /// What the SMTP session said.
    pub envelope: &'a Envelope,
    /// The parsed message.
    pub message: &'a Message,
    /// What the sender proved.
    pub auth: &'a AuthResults,
    /// When the message came.
    pub at: Moment,
}

impl<'a> Shown<'a> {
    /// The author: From, else the reverse-path.
    pub fn author(&self) -> Option<&'a Address> {
        self.message.author().or(self.envelope.sender.as_ref())
    }

    /// The registrable domain of the author.
    pub fn author_domain(&self) -> Option<Domain> {
        self.author().map(|author| author.domain().registrable())
    }

    /// The text that a reader sees first: what stands above any quoted message, bounded.
    pub fn own_text(&self) -> &'a str {
        self.message.texts.own(TEXT_BYTES_MAX)
    }
}

/// Bytes of text in which habits are looked for: a letter, not a book.
const TEXT_BYTES_MAX: usize = 16_384;

/// Which profiles keep a trait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The author's address.
    Sender,
    /// The author's registrable domain.
    Domain,
    /// The author's address towards a recipient.
    Pair,
    /// The thread that a message belongs to.
    Thread,
    /// The campaign of near-duplicates that a message belongs to; learned of mail that nobody trusts as well.
    Campaign,
    /// The organisation, of what comes from outside.
    Organisation,
}

/// A habit that can be read from a message.
#[derive(Clone, Copy, Debug)]
pub struct Trait {
    /// Its name, which is its file's.
    pub name: &'static str,
    /// Its number on disk, never reused.
    pub number: u8,
    /// What it is, in words that complete "another … than usual".
    pub noun: &'static str,
    /// Which profiles keep it.
    pub kept_by: &'static [Keeper],
    /// Values remembered of each profile; the lightest go beyond it.
    pub values_max: usize,
    /// The values that a message shows, which are learned. Empty where it shows none.
    pub shows: fn(&Shown<'_>) -> Vec<String>,
    /// The values that count as usual for this message where they were shown before; `None`: those that it shows.
    pub asks: Option<fn(&Shown<'_>) -> Vec<String>>,
}

impl Trait {
    pub(super) const fn new(
        number: u8,
        noun: &'static str,
        kept_by: &'static [Keeper],
        values_max: usize,
        shows: fn(&Shown<'_>) -> Vec<String>,
    ) -> Self {
        Self { name: "", number, noun, kept_by, values_max, shows, asks: None }
    }

    /// The same, asking for other values than it shows.
    pub(super) const fn asking(mut self, asks: fn(&Shown<'_>) -> Vec<String>) -> Self {
        self.asks = Some(asks);
        self
    }

    pub(super) const fn named(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }
}

/// The trait of this name; `None` when there is none.
pub fn find(name: &str) -> Option<&'static Trait> {
    TRAITS.iter().find(|own| own.name == name)
}

/// The values that one message shows, trait by trait, as texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraitValues {
    /// Number of the trait, values shown, values asked.
    pub entries: Vec<(u8, Vec<String>, Vec<String>)>,
}

impl TraitValues {
    /// Reads all traits of a message. Pure; bounded by `VALUES_MAX` values of each.
    pub fn of(shown: &Shown<'_>) -> Self {
        let entry = |own: &Trait| {
            let mut shows = (own.shows)(shown);
            let mut asks = own.asks.map_or_else(|| shows.clone(), |asks| asks(shown));
            shows.truncate(VALUES_MAX);
            asks.truncate(VALUES_MAX);
            (!shows.is_empty() || !asks.is_empty()).then_some((own.number, shows, asks))
        };
        Self { entries: TRAITS.iter().filter_map(entry).collect() }
    }
}

/// A value that may be missing, as a list.
pub(super) fn one(value: Option<impl Into<String>>) -> Vec<String> {
    value.into_iter().map(Into::into).filter(|value| !value.is_empty()).collect()
}

/// Values without repetition, in order.
pub(super) fn distinct(values: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        if kept.len() == VALUES_MAX {
            break;
        }
        if !value.is_empty() && !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use crate::auth::{DkimSignature, Outcome, SpfCheck};
    use crate::message::{self, Settings};

    /// The values that a raw message (LF line ends, made CRLF) shows of the trait of the module that asks.
    #[track_caller]
    pub fn check(module: &str, raw: &str, expected: &[&str]) {
        let own = find(module.rsplit("::").nth(1).expect("tests lie in the trait's file")).expect("a trait");
        let raw = raw.replace('\n', "\r\n");
        let message = message::parse(raw.as_bytes(), &Settings::default());
        let shown = Shown {
            envelope: &Envelope::default(),
            message: &message,
            auth: &AuthResults::default(),
            at: Moment::from_secs(1_768_000_000),
        };
        assert_eq!((own.shows)(&shown), expected);
    }

    /// A message from a@a.example, to be given an envelope and proofs.
    #[derive(Default)]
    pub struct Proved {
        pub envelope: Envelope,
        auth: AuthResults,
    }

    impl Proved {
        pub fn signed(&mut self, domain: &str, selector: &str, passes: bool) {
            let outcome = if passes { Outcome::Pass } else { Outcome::Fail };
            let signature = DkimSignature { outcome, domain: Domain::parse(domain), selector: selector.to_owned() };
            self.auth.dkim.push(signature);
        }

        pub fn spf(&mut self, domain: &str, passes: bool) {
            let outcome = if passes { Outcome::Pass } else { Outcome::SoftFail };
            self.auth.spf = SpfCheck { outcome, domain: Domain::parse(domain) };
        }
    }

    /// The values that envelope and proofs show of the trait of the module that asks.
    #[track_caller]
    pub fn proved(module: &str, change: impl FnOnce(&mut Proved), expected: &[&str]) {
        let own = find(module.rsplit("::").nth(1).expect("tests lie in the trait's file")).expect("a trait");
        let mut made = Proved::default();
        change(&mut made);
        let message = message::parse(b"From: a@a.example\r\n\r\nx", &Settings::default());
        let shown = Shown { envelope: &made.envelope, message: &message, auth: &made.auth, at: Moment(0) };
        assert_eq!((own.shows)(&shown), expected);
    }

    #[test]
    fn names_and_numbers_are_unique_and_files_are_there() {
        let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/traits");
        let mut numbers = HashSet::new();
        for own in TRAITS {
            assert!(numbers.insert(own.number), "{} has the number of another", own.name);
            assert!(room.join(format!("{}.rs", own.name)).is_file());
            assert!((1..=64).contains(&own.values_max) && !own.kept_by.is_empty(), "{}", own.name);
        }
    }

    #[test]
    fn an_empty_message_shows_little_and_never_fails() {
        let (message, envelope, auth) = (Message::default(), Envelope::default(), AuthResults::default());
        let shown = Shown { envelope: &envelope, message: &message, auth: &auth, at: Moment(0) };
        let values = TraitValues::of(&shown);
        assert!(values.entries.len() < 8, "{values:?}");
    }

    #[test]
    fn values_are_bounded() {
        assert_eq!(distinct((0..100).map(|n| n.to_string())).len(), VALUES_MAX);
        assert_eq!(distinct(["a".to_owned(), "a".to_owned(), String::new()]), ["a"]);
    }
}

//! What a signal is, and the values of all of them for one message.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::attack::Attack;
use super::{
    attachment, campaign, domain, link, message, organisation, phrases, recipient, relationship, sender, thread,
};
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
    /// The thread that it answers.
    Thread,
    /// The campaign of near-duplicates that it belongs to.
    Campaign,
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
            Self::Thread => "thread",
            Self::Campaign => "campaign",
            Self::Organisation => "organisation",
        }
    }

    /// Whether the author's own hand decides it. Nothing that an attacker can write may excuse him much.
    pub fn is_written(self) -> bool {
        matches!(self, Self::Message | Self::Link | Self::Attachment | Self::Domain | Self::Organisation)
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
#[derive(Clone, Copy, Debug)]
pub struct Signal {
    /// Its name, which is its file's: what stands after "held because"; also journal column and model input. Never reused.
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
    /// What a value of 1 or more is thought to add to the score before any labelled mail is seen, in log-odds: what a
    /// trained model starts from, and keeps where labelled mail hardly shows the fact. 0 where nothing is thought.
    pub prior: f32,
    /// The attacks it helps to see beside those of its category.
    pub against: &'static [Attack],
    /// The phrases it looks for, in the form of [`crate::evidence::normalise`]; its value is how many distinct ones of
    /// them the wording holds. A final `*` lets the last word go on. Empty for a signal that measures otherwise.
    pub phrases: &'static [&'static str],
    /// Measures it: `None` where the fact cannot be known for this message. A yes-or-no fact is 1 or 0.
    pub measure: fn(&Evidence<'_>) -> Option<f32>,
}

/// What the phrases of an attack are thought to add: four facts of this weight, which is how attacks come, are a strong
/// suspicion, one is none.
const PHRASES_PRIOR: f32 = 1.0;

type Measure = fn(&Evidence<'_>) -> Option<f32>;

impl Signal {
    const fn new(because: &'static str, meaning: &'static str, risk: Risk, measure: Measure) -> Self {
        Self {
            name: "",
            level: Level::Message,
            because,
            meaning,
            risk,
            category: None,
            prior: 0.0,
            against: &[],
            phrases: &[],
            measure,
        }
    }

    /// A signal with which the risk may only rise.
    pub(super) const fn rises(because: &'static str, meaning: &'static str, measure: Measure) -> Self {
        Self::new(because, meaning, Risk::Rises, measure)
    }

    /// A signal with which the risk may only fall.
    pub(super) const fn falls(because: &'static str, meaning: &'static str, measure: Measure) -> Self {
        Self::new(because, meaning, Risk::Falls, measure)
    }

    /// A signal that may speak either way.
    pub(super) const fn either(because: &'static str, meaning: &'static str, measure: Measure) -> Self {
        Self::new(because, meaning, Risk::Either, measure)
    }

    /// A signal that counts phrases, of which more never lower the score.
    pub(super) const fn of_phrases(
        because: &'static str,
        meaning: &'static str,
        phrases: &'static [&'static str],
    ) -> Self {
        let mut signal = Self::new(because, meaning, Risk::Rises, phrases::unmeasured);
        signal.phrases = phrases;
        signal.prior = PHRASES_PRIOR;
        signal
    }

    /// The same, speaking for a category.
    pub(super) const fn of(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }

    /// The same, thought to add so much before any labelled mail is seen.
    pub(super) const fn prior(mut self, points: f32) -> Self {
        self.prior = points;
        self
    }

    /// The same, of which more never raise the score.
    pub(super) const fn reassuring(mut self) -> Self {
        self.risk = Risk::Falls;
        self.prior = 0.0;
        self
    }

    /// The fact in words for a message in which it has this value: whether it holds, does not, or is unknown. What tells
    /// of an amount tells of it in any case.
    pub fn words(&self, value: Option<f32>) -> Cow<'static, str> {
        let is_amount = self.because.starts_with("of ");
        let holds = match (value, self.risk) {
            (Some(value), Risk::Falls) => value < 1.0,
            (Some(value), _) => value > 0.0,
            (None, _) => false,
        };
        match value {
            _ if is_amount || holds => self.because.into(),
            Some(_) => format!("it is not so that {}", self.because).into(),
            None => format!("it is unknown whether {}", self.because).into(),
        }
    }

    /// The same with the name of its file and the level of its folder.
    pub(super) const fn named(mut self, name: &'static str, level: Level) -> Self {
        self.name = name;
        self.level = level;
        self
    }
}

/// A yes-or-no fact as a value.
pub(super) fn fact(holds: bool) -> Option<f32> {
    Some(f32::from(u8::from(holds)))
}

/// A number of things as a value.
pub(super) fn count(things: usize) -> Option<f32> {
    Some(things as f32)
}

/// The natural logarithm of one more than an amount: what spans many sizes becomes comparable, and none stays 0.
pub(super) fn log(amount: f32) -> Option<f32> {
    Some(amount.max(0.0).ln_1p())
}

/// All signals, level by level in the order of the lists, and where each name stands.
struct Registry {
    signals: Vec<Signal>,
    index: HashMap<&'static str, usize>,
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let levels = [
        message::SIGNALS,
        sender::SIGNALS,
        recipient::SIGNALS,
        relationship::SIGNALS,
        domain::SIGNALS,
        link::SIGNALS,
        attachment::SIGNALS,
        thread::SIGNALS,
        campaign::SIGNALS,
        organisation::SIGNALS,
    ];
    let signals = levels.concat();
    let index = signals.iter().enumerate().map(|(i, signal)| (signal.name, i)).collect();
    Registry { signals, index }
});

/// All signals, in the order of their values in [`Signals`].
pub fn registry() -> &'static [Signal] {
    &REGISTRY.signals
}

/// Where the signal of this name stands in [`registry`]; `None` when there is no such signal.
pub fn index_of(name: &str) -> Option<usize> {
    REGISTRY.index.get(name).copied()
}

/// The signal of this name; `None` when there is none.
pub fn find(name: &str) -> Option<&'static Signal> {
    registry().get(index_of(name)?)
}

/// Measures all signals of one message. Pure: the same evidence gives the same values.
pub fn measure(evidence: &Evidence<'_>) -> Signals {
    let value = |signal: &Signal| {
        let value = if signal.phrases.is_empty() {
            (signal.measure)(evidence)
        } else {
            Some(phrases::count(evidence, signal.name))
        };
        // A value that is no number is no knowledge.
        value.filter(|v| v.is_finite())
    };
    Signals(registry().iter().map(value).collect())
}

/// SHA-256, in hexadecimal, over what the signals are and mean: two journals with the same one measured the same things.
pub fn digest() -> String {
    let mut sha = Sha256::new();
    for signal in registry() {
        for text in [signal.level.name(), signal.name, signal.meaning].iter().chain(signal.phrases) {
            sha.update(text.as_bytes());
            sha.update([0]);
        }
        sha.update([1]);
    }
    sha.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The values of all registered signals for one message, in registry order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signals(pub Vec<Option<f32>>);

impl Signals {
    /// Each signal with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Signal, Option<f32>)> {
        registry().iter().zip(self.0.iter().copied())
    }

    /// The value of the signal of this name; `None` when it is unknown, or there is no such signal.
    pub fn value(&self, name: &str) -> Option<f32> {
        self.0.get(index_of(name)?).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::Path;

    use super::*;
    use crate::evidence::fixture::mail;
    use crate::evidence::normalise;

    #[test]
    fn names_are_unique_words_in_snake_case() {
        let mut names = HashSet::new();
        for signal in registry() {
            assert!(names.insert(signal.name), "{} stands twice", signal.name);
            let sound = |b: u8| b.is_ascii_lowercase() || b == b'_';
            assert!(signal.name.bytes().all(sound) && signal.name.contains('_'), "{} is no sentence", signal.name);
        }
    }

    #[test]
    fn a_signal_is_named_as_its_file_and_levelled_as_its_folder() {
        let room = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/signals");
        for signal in registry() {
            let file = room.join(signal.level.name()).join(format!("{}.rs", signal.name));
            assert!(file.is_file(), "{} is missing", file.display());
        }
    }

    #[test]
    fn each_signal_says_what_it_is() {
        for signal in registry() {
            assert!(!signal.because.is_empty() && !signal.because.ends_with('.'), "{}", signal.name);
            assert!(signal.meaning.len() > 20 && signal.meaning.ends_with('.'), "{}", signal.name);
        }
    }

    #[test]
    fn words_say_whether_the_fact_holds() {
        let check = |signal: Signal, value: Option<f32>, expected: &str| assert_eq!(signal.words(value), expected);
        let rises = || Signal::rises("it rains", "", |_| None);
        check(rises(), Some(1.0), "it rains");
        check(rises(), Some(0.0), "it is not so that it rains");
        check(rises(), None, "it is unknown whether it rains");
        let falls = || Signal::falls("nobody wrote", "", |_| None);
        check(falls(), Some(0.0), "nobody wrote");
        check(falls(), Some(1.0), "it is not so that nobody wrote");
        check(Signal::falls("of how few wrote", "", |_| None), None, "of how few wrote");
    }

    #[test]
    fn a_prior_never_runs_against_the_meaning() {
        for signal in registry() {
            let is_sound = match signal.risk {
                Risk::Rises => signal.prior >= 0.0,
                Risk::Falls => signal.prior <= 0.0,
                Risk::Either => signal.prior == 0.0,
            };
            assert!(is_sound && signal.prior.abs() <= 3.0, "{}: {}", signal.name, signal.prior);
        }
    }

    #[test]
    fn there_are_many_on_every_level() {
        assert!(registry().len() >= 250, "{}", registry().len());
        let levels: HashSet<_> = registry().iter().map(|signal| signal.level).collect();
        assert_eq!(levels.len(), 10);
    }

    #[test]
    fn phrases_are_written_as_they_are_sought() {
        for signal in registry() {
            let mut seen = HashSet::new();
            for phrase in signal.phrases {
                let text = phrase.trim_end_matches('*');
                assert_eq!(normalise(text), text, "{}: {phrase:?} can never be found", signal.name);
                assert!(seen.insert(phrase), "{}: {phrase:?} stands twice", signal.name);
            }
        }
    }

    #[test]
    fn values_stand_in_the_order_of_the_registry() {
        let message = mail();
        let evidence = message.evidence();
        let signals = measure(&evidence);
        assert_eq!(signals.0.len(), registry().len());
        assert_eq!(signals, measure(&evidence));
        for (i, (signal, value)) in signals.iter().enumerate() {
            assert_eq!(index_of(signal.name), Some(i));
            assert_eq!(signals.value(signal.name), value);
            if signal.phrases.is_empty() {
                assert_eq!((signal.measure)(&evidence), value, "{}", signal.name);
            }
        }
        assert_eq!(index_of("no_such_signal"), None);
        assert_eq!(signals.value("no_such_signal"), None);
    }

    #[test]
    fn an_empty_message_can_be_measured() {
        let empty = mail().unknown().unchecked().with(|m| {
            m.message = crate::message::Message::default();
            m.envelope = crate::mail::Envelope::default();
        });
        assert_eq!(measure(&empty.evidence()).0.len(), registry().len());
    }

    #[test]
    fn the_digest_is_a_sha_256() {
        assert_eq!(digest().len(), 64);
        assert_eq!(digest(), digest());
    }
}

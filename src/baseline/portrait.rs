//! All that is known of one subject, for people's eyes: counts, what is usual of each trait, who bears a name.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::baselines::Baselines;
use super::fact::{Fact, stored};
use super::key::{Key, Keyring, Kind};
use super::learner::Learner;
use super::name::{NameRecord, alike};
use super::observation::Subject;
use super::record::Record;
use super::snapshot::{NameUse, Profile};
use crate::mail::Moment;
use crate::traits::TRAITS;

/// Words remembered of the facts about one subject, to read marks by; a person's mail has some hundreds.
const WORDS_MAX: usize = 100_000;

/// Values that many people's mail shows, to read marks by: languages (ISO 639-3), endings of files, talk of money.
const COMMON: &str = "eng deu fra spa ita nld por pol ces slk slv rus ukr bul srp hrv tur ell swe nob dan fin hun ron \
                      est lav lit cmn jpn kor ara heb hin vie ind money pdf doc docx docm xls xlsx xlsm ppt pptx odt ods \
                      zip rar 7z gz tar iso png jpg jpeg gif svg webp tif tiff bmp txt rtf csv ics vcf htm html shtml \
                      eml msg xml json p7s p7m asc sig mp3 mp4 wav exe js vbs lnk one";
/// Offsets from UTC that are in use lie between these, in quarters of an hour.
const ZONES: std::ops::RangeInclusive<i32> = -48..=56;

/// What is known of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Portrait {
    /// What kind of subject: `sender`, `domain`, `recipient`, `pair`, `domain_pair`, `group`, `name`, `network`,
    /// `thread`, `list`, `link_domain`, `attachment` or `campaign`.
    pub kind: &'static str,
    /// The key under which it is stored, in hexadecimal digits.
    pub key: String,
    /// Who or what it is, in the order author, recipient; empty where no fact names it any more.
    pub about: Vec<String>,
    /// Its counts; of a name those of its use alone.
    pub shape: Shape,
}

/// The two shapes in which something is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A profile, and what is usual of each trait that it keeps.
    Profile(Box<Profile>, Vec<Custom>),
    /// The use of a display name.
    Name(NameUse),
}

/// What is usual of one trait.
#[derive(Clone, Debug, PartialEq)]
pub struct Custom {
    /// The trait's name; empty for one that this version does not know.
    pub name: &'static str,
    /// What it is, in words.
    pub noun: &'static str,
    /// Trusted messages that showed it, decayed.
    pub messages: f32,
    /// Its values with the share of those messages that showed them, most usual first. A value stands as its mark
    /// (`#` and eight hexadecimal digits) where no word is known for it: the store keeps marks alone.
    pub values: Vec<(String, f32)>,
}

impl Kind {
    /// Its name for people, and in exports; `None` for the store's own records.
    pub fn word(self) -> Option<&'static str> {
        Some(match self {
            Self::Import | Self::Remembered | Self::Fact | Self::Standing | Self::Generation => return None,
            Self::Organisation => "organisation",
            Self::Sender => "sender",
            Self::Domain => "domain",
            Self::Recipient => "recipient",
            Self::Pair => "pair",
            Self::DomainPair => "domain_pair",
            Self::Name => "name",
            Self::Network => "network",
            Self::Thread => "thread",
            Self::List => "list",
            Self::LinkDomain => "link_domain",
            Self::Attachment => "attachment",
            Self::Campaign => "campaign",
            Self::DomainGroup => "group",
            Self::Local => "local_part",
            Self::Account => "account",
        })
    }
}

impl Baselines {
    /// All that is known of a subject as of a moment; `None` when it was never seen. Reads all facts, for the words
    /// behind what is usual.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn portray(&self, subject: &Subject, at: Moment) -> Result<Option<Portrait>, String> {
        self.portray_within(subject, at, Duration::MAX)
    }

    /// As [`Baselines::portray`], reading facts for so long only: a value whose word was not found by then stands as its
    /// mark.
    ///
    /// # Errors
    /// Why the store could not be read.
    pub fn portray_within(
        &self,
        subject: &Subject,
        at: Moment,
        patience: Duration,
    ) -> Result<Option<Portrait>, String> {
        let begun = Instant::now();
        let learner = &self.learner;
        let key = subject.key(&learner.keyring, &learner.settings);
        let Some(bytes) = learner.read_one(&key)? else { return Ok(None) };
        let mut words = Words::common(&learner.keyring);
        let about = subject.about();
        let meant: Vec<String> = about.iter().map(|part| stored(part, &learner.keyring, &learner.settings)).collect();
        let mut is_over = false;
        let read = learner.each_fact(&mut |_, fact| {
            words.of_fact(&fact, &about, &meant, &learner.keyring);
            is_over = begun.elapsed() >= patience;
            if is_over { Err("the time is over".to_owned()) } else { Ok(()) }
        });
        if !is_over {
            read?;
        }
        let portrait = learner.portrait(subject.kind(), &key, &bytes, about, at, &words);
        portrait.map(Some).ok_or_else(|| "its record is damaged".to_owned())
    }

    /// First message ever learned; `None` when there was none.
    pub fn watched_since(&self) -> Option<Moment> {
        self.learner.tally.watch.seen().since
    }
}

impl Learner {
    /// The portrait behind the bytes of a record; `None` where they cannot be read, or are none for people.
    pub fn portrait(
        &self,
        kind: Kind,
        key: &Key,
        bytes: &[u8],
        about: Vec<String>,
        at: Moment,
        words: &Words,
    ) -> Option<Portrait> {
        let decay = self.decay_of(key);
        let shape = if kind == Kind::Name {
            let mark = |address: &str| self.keyring.correspondent(address);
            Shape::Name(NameRecord::decode(bytes)?.name_use(at, decay, self.bounds, mark, [None; 2]))
        } else {
            let record = Record::decode(bytes)?;
            let profile = record.profile(at, decay, self.bounds);
            let (habits, factor) = record.habits(at, decay);
            let customs = habits.each().map(|(number, all, values)| words.custom(number, all, values, factor));
            Shape::Profile(Box::new(profile), customs.collect())
        };
        let key = key.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(Portrait { kind: kind.word()?, key, about, shape })
    }
}

/// Words by their marks: what a record keeps as a mark can be read where the word is known.
pub(super) struct Words(HashMap<u32, String>);

impl Words {
    /// Words that are common in everybody's mail.
    pub fn common(keyring: &Keyring) -> Self {
        let mut words = Self(HashMap::new());
        let hours = (0..24).map(|hour| hour.to_string());
        let zones = ZONES.map(|quarters| {
            let (hours, minutes) = (quarters.abs() / 4, quarters.abs() % 4 * 15);
            format!("{}{hours:02}{minutes:02}", if quarters < 0 { '-' } else { '+' })
        });
        hours
            .chain(zones)
            .chain(COMMON.split_whitespace().map(str::to_owned))
            .for_each(|word| words.add(word, keyring));
        words
    }

    fn add(&mut self, word: String, keyring: &Keyring) {
        if !word.is_empty() && self.0.len() < WORDS_MAX {
            self.0.insert(keyring.correspondent(&word), word);
        }
    }

    /// The words of a fact, where it is about the subject meant, by its own words or as it is stored.
    fn of_fact(&mut self, fact: &Fact, about: &[String], meant: &[String], keyring: &Keyring) {
        let is_meant = |text: &String| about.contains(text) || meant.contains(text);
        if !is_meant(&fact.author) && !is_meant(&fact.domain) {
            return;
        }
        let Fact { author, domain, name, network, recipients, aliases, list, links, .. } = fact;
        let backwards = name.split(' ').rev().collect::<Vec<_>>().join(" ");
        let to = recipients.iter().flat_map(|(recipient, domain)| [recipient, domain]);
        let named = aliases.iter().map(|(_, address)| address);
        let all = [author, domain, name, network, list, &backwards].into_iter().chain(to).chain(named).chain(links);
        all.for_each(|word| self.add(word.clone(), keyring));
    }

    fn custom(&self, number: u8, all: f32, values: &[(u32, f32)], factor: f32) -> Custom {
        let known = TRAITS.iter().find(|own| own.number == number);
        let name = known.map_or("", |own| own.name);
        let value = |(mark, weight): &(u32, f32)| {
            let word = self.0.get(mark).cloned().unwrap_or_else(|| format!("#{mark:08x}"));
            (if name == "weekday" { weekday(word) } else { word }, if all > 0.0 { weight / all } else { 0.0 })
        };
        let mut values: Vec<(String, f32)> = values.iter().map(value).collect();
        values.sort_by(|(va, a), (vb, b)| b.total_cmp(a).then_with(|| va.cmp(vb)));
        Custom {
            name,
            noun: known.map_or("a trait of a later version", |own| own.noun),
            messages: all * factor,
            values,
        }
    }
}

/// The name of a day that is stored by its number, 0 being Monday.
fn weekday(number: String) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let day = number.parse().ok().and_then(|day: usize| DAYS.get(day));
    day.map_or(number, |day| (*day).to_owned())
}

impl Subject {
    fn kind(&self) -> Kind {
        match self {
            Self::Sender(_) => Kind::Sender,
            Self::Domain(_) => Kind::Domain,
            Self::Recipient(_) => Kind::Recipient,
            Self::Pair(..) => Kind::Pair,
            Self::Name(_) => Kind::Name,
        }
    }

    fn about(&self) -> Vec<String> {
        match self {
            Self::Sender(address) | Self::Recipient(address) => vec![address.key()],
            Self::Domain(domain) => vec![domain.registrable().as_str().to_owned()],
            Self::Pair(from, to) => vec![from.key(), to.key()],
            Self::Name(name) => vec![alike(name, None)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_where_its_word_is_known() {
        let keyring = Keyring::new([3; 16]);
        let words = Words::common(&keyring);
        let custom = |number, word: &str| words.custom(number, 2.0, &[(keyring.correspondent(word), 1.0)], 0.5);
        assert_eq!(custom(8, "+0530").values, [("+0530".to_owned(), 0.5)]);
        assert_eq!(custom(8, "-1200").values[0].0, "-1200");
        assert_eq!(custom(9, "23").values[0].0, "23");
        assert_eq!((custom(10, "6").values[0].0.as_str(), custom(10, "6").messages), ("Sunday", 1.0));
        let unknown = custom(9, "an odd word");
        assert!(unknown.values[0].0.starts_with('#') && unknown.values[0].0.len() == 9, "{unknown:?}");
        assert_eq!(custom(0, "1").noun, "a trait of a later version");
    }
}

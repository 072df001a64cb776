//! Display names: how they are made alike, and which addresses bear them.

use super::codec::{Reader, put_moment};
use super::decay::Decay;
use super::esteem::Regard;
use super::person::Bonds;
use super::ranking::Ranking;
use super::settings::Bounds;
use super::snapshot::{NameUse, Person};
use crate::mail::{Address, Moment};

/// Version of a record of which nobody vouches for an address, and which none of our own people wrote to.
const BARE: u8 = 1;
/// Version of a record with all that is known of the person.
const WHOLE: u8 = 2;
/// Longest name that is told apart, in characters; people's names are shorter than half of it.
const NAME_CHARS_MAX: usize = 128;
/// Longest address remembered in text; longer ones are made by machines.
pub(super) const ADDRESS_BYTES_MAX: usize = 128;

/// A display name as it is counted: letters and digits only, lower case, its words in alphabetical order, so that
/// `"Muster, Anna"`, `Anna MUSTER` and `A\u{200b}nna Muster` are one. Empty for a name without letters, and for one
/// that only repeats the address.
pub(super) fn alike(display_name: &str, address: Option<&Address>) -> String {
    if address.is_some_and(|a| display_name.trim().trim_matches(['"', '\'']).eq_ignore_ascii_case(&a.key())) {
        return String::new();
    }
    let mut plain = String::with_capacity(display_name.len());
    for c in display_name.chars().filter(|c| !is_invisible(*c)).take(NAME_CHARS_MAX) {
        if c.is_alphanumeric() {
            plain.extend(c.to_lowercase());
        } else if c != '\'' && c != '’' {
            plain.push(' ');
        }
    }
    let mut words: Vec<&str> = plain.split_ascii_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

/// Characters that a reader does not see, put inside a name to make it another (soft hyphen, zero-width characters,
/// directional marks, variation selectors).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}')
}

/// The stored use of one display name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NameRecord {
    as_of: Moment,
    seen: u32,
    own: bool,
    addresses: Ranking<String>,
    bonds: Bonds,
    regard: Regard,
}

impl NameRecord {
    /// The record of a single message; `trusted` is the author's address where the message builds trust.
    pub fn of(at: Moment, message: bool, own: bool, trusted: Option<&str>) -> Self {
        let kept = trusted.filter(|address| address.len() <= ADDRESS_BYTES_MAX);
        let addresses = kept.map(|address| (address.to_owned(), 1.0)).into_iter().collect();
        let addresses = Ranking::from_entries(addresses);
        Self { as_of: at, seen: u32::from(message), own, addresses, bonds: Bonds::default(), regard: Regard::default() }
    }

    /// The same, with who vouches for an address.
    pub fn with_bonds(mut self, bonds: &Bonds) -> Self {
        self.bonds.merge(bonds, 1.0, 1.0, usize::MAX);
        self
    }

    /// The same, with how one of our own people regards who bears the name.
    pub fn with_regard(mut self, regard: Regard) -> Self {
        self.regard = regard;
        self
    }

    /// Adds what the other knows; see [`super::record::Record::merge`].
    pub fn merge(&mut self, other: &Self, decay: Decay, bounds: Bounds) {
        let as_of = self.as_of.max(other.as_of);
        let (mine, theirs) = (decay.factor(self.as_of, as_of), decay.factor(other.as_of, as_of));
        self.addresses.scale(mine);
        self.addresses.merge(&other.addresses, theirs, bounds.addresses);
        // One for the address itself, and one for who vouches for it.
        self.bonds.merge(&other.bonds, mine, theirs, 2 * bounds.addresses);
        self.regard.merge(&other.regard, mine, theirs);
        self.as_of = as_of;
        self.seen = self.seen.saturating_add(other.seen);
        self.own |= other.own;
    }

    /// The use as of a moment. `mark` gives the mark of an address as it is stored; `asked` are those of the author and of
    /// where replies go.
    pub fn name_use(
        self,
        at: Moment,
        decay: Decay,
        bounds: Bounds,
        mark: impl Fn(&str) -> u32,
        asked: [Option<u32>; 2],
    ) -> NameUse {
        let factor = decay.factor(self.as_of, at);
        let mut addresses = self.addresses;
        addresses.scale(factor);
        let addresses = addresses.into_sorted();
        let proved = self.bonds.proved(factor);
        let is_proved = |mark: u32| (!proved.is_empty()).then(|| proved.contains(&mark));
        let own = |(address, _): &&(String, f32)| is_proved(mark(address)) == Some(true);
        let [author, reply] = asked.map(|mark| mark.and_then(is_proved));
        let person =
            Person { addresses: addresses.iter().filter(own).map(|(a, _)| a.clone()).collect(), author, reply };
        let esteem = self.regard.esteem(factor, self.own, bounds.people_min);
        NameUse { addresses, seen: self.seen, own: self.own, person, esteem }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(96);
        let whole = !self.bonds.is_empty() || !self.regard.is_empty();
        bytes.push(if whole { WHOLE } else { BARE });
        put_moment(&mut bytes, self.as_of);
        bytes.extend_from_slice(&self.seen.to_le_bytes());
        bytes.push(u8::from(self.own));
        let kept = &self.addresses.entries()[..self.addresses.entries().len().min(255)];
        bytes.push(kept.len() as u8);
        for (address, weight) in kept {
            bytes.push(address.len() as u8);
            bytes.extend_from_slice(address.as_bytes());
            bytes.extend_from_slice(&weight.to_le_bytes());
        }
        if whole {
            self.bonds.encode(&mut bytes);
            self.regard.encode(&mut bytes);
        }
        bytes
    }

    /// `None` for bytes that are no record of a known version.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let whole = bytes.first() == Some(&WHOLE);
        let mut reader = Reader::of_version(bytes, if whole { WHOLE } else { BARE })?;
        let (as_of, seen, own, kept) = (reader.moment()?, reader.u32()?, reader.u8()? != 0, reader.u8()?);
        let mut entries = Vec::with_capacity(usize::from(kept));
        for _ in 0..kept {
            let length = usize::from(reader.u8()?);
            let address = std::str::from_utf8(reader.bytes(length)?).ok()?;
            entries.push((address.to_owned(), reader.weight()?));
        }
        let bonds = if whole { Bonds::decode(&mut reader)? } else { Bonds::default() };
        let regard = if whole { Regard::decode(&mut reader)? } else { Regard::default() };
        let addresses = Ranking::from_entries(entries);
        reader.is_at_end().then_some(Self { as_of, seen, own, addresses, bonds, regard })
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::Settings;
    use super::*;

    fn check(display_name: &str, expected: &str) {
        assert_eq!(alike(display_name, Address::parse("anna@example.org").as_ref()), expected);
    }

    #[test]
    fn names_are_alike_in_any_spelling() {
        check("Anna Muster", "anna muster");
        check("\"MUSTER,  Anna\"", "anna muster");
        check("A\u{200b}nna\u{ad} Muster\u{202c}", "anna muster");
        check("Anna (Sales) O'Neill", "anna oneill sales");
        check("Ünal Öz", "öz ünal");
    }

    #[test]
    fn what_says_nothing_is_no_name() {
        check("", "");
        check(" -- ", "");
        check("Anna@example.org", "");
        check("'anna@example.org'", "");
        check("otto@example.org", "example org otto");
    }

    #[test]
    fn names_have_a_limit() {
        check(&"a".repeat(128), &"a".repeat(128));
        check(&"a".repeat(129), &"a".repeat(128));
    }

    fn decay() -> Decay {
        Decay::new(1.0)
    }

    #[test]
    fn the_most_used_address_comes_first() {
        let bounds = Settings::default().bounds();
        let at = Moment::from_secs;
        let mut record = NameRecord::of(at(0), true, false, Some("b@example.org"));
        record.merge(&NameRecord::of(at(0), true, false, Some("a@example.org")), decay(), bounds);
        record.merge(&NameRecord::of(at(0), true, true, None), decay(), bounds);
        record.merge(&NameRecord::of(at(86_400), true, false, Some("a@example.org")), decay(), bounds);
        assert_eq!(NameRecord::decode(&record.encode()), Some(record.clone()));
        let name_use = record.name_use(at(86_400), decay(), bounds, |_| 7, [Some(7), None]);
        assert_eq!(name_use.addresses, [("a@example.org".to_owned(), 1.5), ("b@example.org".to_owned(), 0.5)]);
        assert_eq!((name_use.seen, name_use.own), (4, true));
        assert_eq!(name_use.person, Person::default());
    }

    #[test]
    fn the_proved_addresses_of_a_name_are_a_person() {
        let bounds = Settings::default().bounds();
        let mark = |address: &str| address.len() as u32;
        let mut record = NameRecord::of(Moment(0), true, true, Some("desk@own")).with_bonds(&Bonds::of_login(8));
        record.merge(&NameRecord::of(Moment(0), true, false, Some("imitator@x")), decay(), bounds);
        let letter =
            NameRecord::of(Moment(0), false, false, None).with_regard(Regard::of(3, super::super::esteem::COPIED));
        record.merge(&letter.with_bonds(&Bonds::of_author(8, [4])), decay(), bounds);
        let bytes = record.encode();
        assert_eq!(NameRecord::decode(&bytes), Some(record.clone()));
        (0..bytes.len()).for_each(|end| assert_eq!(NameRecord::decode(&bytes[..end]), None, "{end}"));
        let used = record.name_use(Moment(0), decay(), bounds, mark, [Some(10), Some(4)]);
        let person = Person { addresses: vec!["desk@own".to_owned()], author: Some(false), reply: Some(true) };
        assert_eq!((used.person, used.esteem.copied_by, used.esteem.written_by), (person, 1, 1));
    }

    #[test]
    fn bytes_have_a_bound() {
        let bounds = Settings::default().bounds();
        let mut record = NameRecord::of(Moment(0), true, false, None);
        for n in 0..1_000 {
            let address = format!("{n:0>128}");
            record.merge(&NameRecord::of(Moment(0), true, false, Some(&address)), decay(), bounds);
        }
        let bytes = record.encode();
        assert_eq!(bytes.len(), 15 + bounds.addresses * (1 + ADDRESS_BYTES_MAX + 4));
        assert_eq!(NameRecord::decode(&bytes), Some(record));
        let too_long = NameRecord::of(Moment(0), true, false, Some(&"a".repeat(129)));
        assert!(too_long.addresses.entries().is_empty());
    }

    #[test]
    fn broken_bytes_are_no_record() {
        let bytes = NameRecord::of(Moment(0), true, true, Some("ä@example.org")).encode();
        for end in 0..bytes.len() {
            assert_eq!(NameRecord::decode(&bytes[..end]), None, "{end}");
        }
        let mut broken = bytes;
        broken[16] = 0xff;
        assert_eq!(NameRecord::decode(&broken), None);
    }
}

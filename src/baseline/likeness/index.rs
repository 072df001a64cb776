//! The index: domains worth protecting, in bounded memory, and the search for one that a host passes for.

use super::keys::{Keys, Tag};
use super::table::Table;
use super::words::{cores, swapped};
use super::{Likeness, LikenessKind};
use crate::mail::Domain;
use crate::mail::resemblance::{LABEL_LETTERS_MIN, SHAPE_LETTERS_MIN, Shape, label, shape};

/// Names that are compared letter by letter in one search: what bounds its time where many are alike.
const COMPARED_MAX: usize = 128;
/// Letters that two edits put in and take out at most: names that differ by more are not compared, nor read.
const LETTERS_DIFFER_MAX: u32 = 4;
/// Labels of a host that are looked at for a name inside it.
const LABELS_MAX: usize = 8;

/// Domains worth protecting, and the search for the one that a host passes for: an index in memory.
pub struct Lookalikes {
    keys: Keys,
    table: Table,
    names: Vec<Name>,
    /// Domains and shapes of all names, one after another.
    text: String,
    living: usize,
    max: usize,
}

/// Where a name stands in the text: its domain, and behind it the shape of its label.
#[derive(Clone, Copy)]
struct Name {
    at: u32,
    /// Which letters the shape has, see [`mask`].
    mask: u32,
    domain_bytes: u8,
    shape_bytes: u8,
    supplier: bool,
}

impl Lookalikes {
    /// An empty index for at most `max` domains.
    pub fn new(max: usize) -> Self {
        let (keys, table) = (Keys::default(), Table::default());
        Self { keys, table, names: Vec::new(), text: String::new(), living: 0, max }
    }

    /// Domains that are protected.
    pub fn count(&self) -> usize {
        self.living
    }

    /// Bytes of memory that it takes.
    pub fn bytes(&self) -> usize {
        self.table.bytes() + self.names.capacity() * size_of::<Name>() + self.text.capacity()
    }

    /// Protects a registrable domain; `false` where there is no more room.
    pub fn add(&mut self, domain: &str) -> bool {
        if self.contains(domain) {
            return true;
        }
        let known = label_of(domain);
        let shape = shape(known);
        let lengths = (u8::try_from(domain.len()), u8::try_from(shape.len()));
        let (Ok(number), Ok(at)) = (u32::try_from(self.names.len()), u32::try_from(self.text.len())) else {
            return false;
        };
        // Names that were taken out leave their place empty until the next start, so all are counted.
        let ((Ok(domain_bytes), Ok(shape_bytes)), true) = (lengths, self.names.len() < self.max) else { return false };
        self.names.push(Name { at, mask: mask(&shape), domain_bytes, shape_bytes, supplier: false });
        self.text.push_str(domain);
        self.text.push_str(&shape);
        self.living += 1;
        let mut filed = vec![self.keys.of(Tag::Domain, domain), self.keys.of(Tag::Shape, &shape)];
        filed.extend(swapped(known).map(|swapped| self.keys.of(Tag::Swapped, &swapped)));
        filed.extend(cores(known).iter().map(|core| self.keys.of(Tag::Core, core)));
        filed.extend(self.keys.filed(Shape::of_letters(&shape).letters()));
        for hash in filed {
            self.table.add(hash, number);
        }
        true
    }

    /// Protects a domain no more.
    pub fn remove(&mut self, domain: &str) {
        if let Some(number) = self.number(domain) {
            self.names[number as usize].domain_bytes = 0;
            self.living -= 1;
        }
    }

    /// Says of a protected domain whether it is a supplier's.
    pub fn set_supplier(&mut self, domain: &str, supplier: bool) {
        if let Some(number) = self.number(domain) {
            self.names[number as usize].supplier = supplier;
        }
    }

    /// Whether a registrable domain is protected, and a supplier's.
    pub fn is_supplier(&self, domain: &str) -> bool {
        self.number(domain).is_some_and(|number| self.names[number as usize].supplier)
    }

    /// Whether a registrable domain is protected.
    pub fn contains(&self, domain: &str) -> bool {
        self.number(domain).is_some()
    }

    fn number(&self, domain: &str) -> Option<u32> {
        self.table.numbers(self.keys.of(Tag::Domain, domain)).find(|number| self.domain(*number) == Some(domain))
    }

    /// The domain of a name; `None` where it is protected no more.
    fn domain(&self, number: u32) -> Option<&str> {
        let name = self.names.get(number as usize).filter(|name| name.domain_bytes > 0)?;
        let at = name.at as usize;
        self.text.get(at..at + usize::from(name.domain_bytes))
    }

    fn shape(&self, number: u32) -> &str {
        let shown = self.names.get(number as usize).and_then(|name| {
            let at = name.at as usize + usize::from(name.domain_bytes);
            self.text.get(at..at + usize::from(name.shape_bytes))
        });
        shown.unwrap_or_default()
    }

    /// The protected domain that a host passes for; `None` where there is none, or the host is one's own.
    pub fn find(&self, host: &Domain) -> Option<Likeness> {
        if self.living == 0 {
            return None;
        }
        let registrable = host.registrable();
        let own = label(&registrable);
        let search = Search { index: self, domain: registrable.as_str(), label: own, shape: shape(own) };
        search
            .same_shape()
            .or_else(|| search.within(host.as_str()))
            .or_else(|| search.words())
            .or_else(|| search.edits())
    }
}

/// One search, of the label of a registrable domain.
struct Search<'a> {
    index: &'a Lookalikes,
    domain: &'a str,
    label: &'a str,
    shape: String,
}

impl Search<'_> {
    /// The first foreign name filed under a key that `is_one`.
    fn first(&self, tag: Tag, text: &str, kind: LikenessKind, is_one: impl Fn(u32, &str) -> bool) -> Option<Likeness> {
        let numbers = self.index.table.numbers(self.index.keys.of(tag, text));
        let mut found = numbers.filter_map(|number| {
            let domain = self.index.domain(number).filter(|domain| *domain != self.domain)?;
            is_one(number, domain).then_some(domain)
        });
        likeness(found.next()?, kind)
    }

    /// The same letters to the eye, under whatever suffix.
    fn same_shape(&self) -> Option<Likeness> {
        let found = self.first(Tag::Shape, &self.shape, LikenessKind::Letters, |number, domain| {
            let least = if label_of(domain) == self.label { LABEL_LETTERS_MIN } else { SHAPE_LETTERS_MIN };
            self.index.shape(number) == self.shape && self.shape.len() >= least
        })?;
        let suffix = label(&found.domain) == self.label;
        Some(Likeness { kind: if suffix { LikenessKind::Suffix } else { found.kind }, ..found })
    }

    fn words(&self) -> Option<Likeness> {
        let kind = LikenessKind::Words;
        let shape_is = |shape: &str| {
            self.first(Tag::Shape, shape, kind, |number, domain| {
                self.index.shape(number) == shape && label_of(domain).len() >= LABEL_LETTERS_MIN
            })
        };
        let own = cores(self.label);
        let core_is =
            |core: &String| self.first(Tag::Core, core, kind, |_, domain| cores(label_of(domain)).contains(core));
        let swapped_is = |_: u32, domain: &str| swapped(label_of(domain)).as_deref() == Some(self.shape.as_str());
        own.iter()
            .find_map(|core| shape_is(core).or_else(|| core_is(core)))
            .or_else(|| shape_is(&swapped(self.label)?))
            .or_else(|| self.first(Tag::Swapped, &self.shape, kind, swapped_is))
    }

    fn edits(&self) -> Option<Likeness> {
        let (own, own_mask) = (Shape::of_letters(&self.shape), mask(&self.shape));
        let keys = self.index.keys.sought(own.letters());
        self.index.table.touch(&keys);
        let mut compared: Vec<u32> = Vec::with_capacity(COMPARED_MAX);
        for number in keys.iter().flat_map(|key| self.index.table.numbers(*key)) {
            if compared.len() == COMPARED_MAX {
                return None;
            }
            if compared.contains(&number) {
                continue;
            }
            compared.push(number);
            let name = self.index.names.get(number as usize)?;
            let may_be = (name.mask ^ own_mask).count_ones() <= LETTERS_DIFFER_MAX;
            if may_be && own.resembles(&Shape::of_letters(self.index.shape(number))) {
                let domain = self.index.domain(number).filter(|domain| *domain != self.domain);
                if let Some(domain) = domain {
                    return likeness(domain, LikenessKind::Edits);
                }
            }
        }
        None
    }

    /// A whole known name to the left of another, or with hyphens for its dots.
    fn within(&self, host: &str) -> Option<Likeness> {
        let known = |name: &str| {
            let name = Domain::parse(name)?.registrable();
            let foreign = name.as_str().contains('.') && name.as_str() != self.domain;
            (foreign && self.index.contains(name.as_str())).then_some(name)
        };
        let left = host.strip_suffix(self.domain).unwrap_or_default().trim_end_matches('.');
        let labels: Vec<&str> = left.split('.').filter(|label| !label.is_empty()).take(LABELS_MAX).collect();
        let ends = (2..=labels.len()).rev().find_map(|end| known(&labels[..end].join(".")));
        let hyphened = || {
            let all =
                labels.iter().chain([&self.label]).filter(|label| label.contains('-') && !label.starts_with("xn--"));
            all.into_iter().find_map(|label| known(&label.replace('-', ".")))
        };
        Some(Likeness { domain: ends.or_else(hyphened)?, kind: LikenessKind::Within })
    }
}

/// One bit for each letter that occurs, some sharing one.
fn mask(shape: &str) -> u32 {
    shape.chars().fold(0, |mask, c| mask | 1 << (u32::from(c) & 31))
}

fn likeness(domain: &str, kind: LikenessKind) -> Option<Likeness> {
    Domain::parse(domain).map(|domain| Likeness { domain, kind })
}

fn label_of(domain: &str) -> &str {
    domain.split('.').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(domains: &[&str]) -> Lookalikes {
        let mut index = Lookalikes::new(100);
        domains.iter().for_each(|domain| assert!(index.add(domain)));
        index
    }

    #[track_caller]
    fn check(known: &str, host: &str, expected: Option<LikenessKind>) {
        let found = index(&["other.example", known]).find(&Domain::parse(host).expect("a host"));
        let expected = expected.map(|kind| Likeness { domain: Domain::parse(known).expect("a domain"), kind });
        assert_eq!(found, expected, "{host} for {known}");
    }

    #[test]
    fn each_way_of_passing_for_a_domain_is_found() {
        use LikenessKind::{Edits, Letters, Suffix, Within, Words};
        check("harbour.com", "harbour.net", Some(Suffix));
        check("harbour.com", "mail.harbour.co.uk", Some(Suffix));
        check("harbour.com", "harb0ur.com", Some(Letters));
        check("modern.com", "rnodern.com", Some(Letters));
        check("harbour.com", "h\u{430}rbour.com", Some(Letters));
        check("harbour.com", "har-bour.net", Some(Letters));
        check("harbour.com", "harbuor.com", Some(Edits));
        check("harbour.com", "harbours.net", Some(Edits));
        check("international-shipping.com", "internationai-shippinq.com", Some(Edits));
        check("international-shipping.com", "intrnational-shiping.com", Some(Edits));
        check("harbour.com", "harbour-billing.net", Some(Words));
        check("harbour.com", "secureharbour.com", Some(Words));
        check("harbour.com", "harb0ur-pay.com", Some(Words));
        check("harbour-group.com", "harbour-invoices.com", Some(Words));
        check("harbour-tools.com", "toolsharbour.com", Some(Words));
        check("harbourtools.com", "tools-harbour.com", Some(Words));
        check("harbour.com", "harbour.com.evil.net", Some(Within));
        check("harbour.co.uk", "mail.harbour.co.uk.login.evil.net", Some(Within));
        check("harbour.com", "harbour-com.net", Some(Within));
    }

    #[test]
    fn others_are_not() {
        for host in ["harbour.com", "mail.harbour.com", "garden.com", "harbinger.com", "harbour.evil.net", "com", "x.y"]
        {
            check("harbour.com", host, None);
        }
        check("abc.com", "abc.net", None);
        check("abc.com", "abc-pay.com", None);
        check("pack.com", "park.com", None);
        assert_eq!(Lookalikes::new(9).find(&Domain::parse("harbour.com").expect("a domain")), None);
    }

    #[test]
    fn the_index_is_bounded() {
        let mut index = Lookalikes::new(2);
        assert!(index.add("a-first.example") && index.add("b-second.example") && !index.add("c-third.example"));
        assert!(index.add("a-first.example"));
        assert_eq!(index.count(), 2);
        assert!(index.bytes() > 0);
    }

    #[test]
    fn what_was_taken_out_is_protected_no_more() {
        let mut index = index(&["harbour.com", "garden.com"]);
        let host = Domain::parse("harb0ur.com").expect("a domain");
        assert!(index.find(&host).is_some());
        index.remove("harbour.com");
        index.remove("never.there");
        assert!(index.find(&host).is_none() && !index.contains("harbour.com") && index.contains("garden.com"));
        assert_eq!(index.count(), 1);
        index.add("harbour.com");
        assert!(index.find(&host).is_some());
    }

    #[test]
    fn suppliers_are_told_among_the_protected() {
        let mut index = index(&["harbour.com", "garden.com"]);
        index.set_supplier("harbour.com", true);
        index.set_supplier("never.there", true);
        let suppliers = ["harbour.com", "garden.com", "never.there"].map(|domain| index.is_supplier(domain));
        assert_eq!(suppliers, [true, false, false]);
        index.set_supplier("harbour.com", false);
        assert!(!index.is_supplier("harbour.com"));
    }
}

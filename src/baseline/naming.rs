//! What a letter changes about names: for which addresses it vouches, and how our own people regard whom they name.

use super::esteem::Regard;
use super::fact::{Change, Changes, OWN};
use super::key::Kind;
use super::name::NameRecord;
use super::person::Bonds;

impl Changes<'_> {
    /// For which addresses of the author's own name a trusted message vouches.
    pub fn vouched_for(&self) -> Bonds {
        let (fact, mark) = (self.fact, |address: &str| self.keyring.correspondent(address));
        let named = fact.aliases.iter().filter(|(name, _)| *name == fact.name).map(|(_, address)| mark(address));
        let mut bonds = Bonds::of_author(mark(&fact.author), named);
        if fact.is(OWN) && fact.is_delivered() {
            bonds.merge(&Bonds::of_login(mark(&fact.author)), 1.0, 1.0, usize::MAX);
        }
        bonds
    }

    /// The names by which one of our own calls others: they are theirs. And how he regards them.
    pub fn of_aliases(&mut self) {
        let fact = self.fact;
        let author = self.keyring.correspondent(&fact.author);
        for (nth, (name, address)) in fact.aliases.iter().enumerate() {
            let used = NameRecord::of(fact.moment(), false, false, Some(address));
            let used = used.with_bonds(&Bonds::of_letter(self.keyring.correspondent(address)));
            let others = *address != fact.author && *name != fact.name;
            let bits = fact.regards.get(nth).filter(|_| others);
            let used = match bits {
                Some(bits) => used.with_regard(Regard::of(author, *bits)),
                None => used,
            };
            self.push_change(Kind::Name, &[name], Change::Name(used));
        }
    }
}

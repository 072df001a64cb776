//! One person behind several addresses: which of the addresses that bear a name are proved to be that person's.
//!
//! Bearing a name proves nothing, since anyone may. An address is a person's where one of our own logs in with it, or,
//! for people outside, where our own people write to it under that name; and where a proved address of the same name
//! writes to it or copies it under that name. A telephone in a signature proves nothing: it can be copied from any letter.

use super::codec::Reader;
use super::ranking::Ranking;

/// Vouches for the address with which one of our own logs in.
const LOGIN: u32 = 0;
/// Vouch for the address: our own people, who write to it under the name.
const LETTERS: u32 = 1;

/// Weight below which a bond is forgotten: what is left of one letter after five half-lives.
const WEIGHT_MIN: f32 = 0.03;

/// Who vouches for which address, by their marks, with decayed weights.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Bonds {
    ties: Ranking<(u32, u32)>,
}

impl Bonds {
    /// One of our own logged in with the address.
    pub fn of_login(address: u32) -> Self {
        Self::of([(LOGIN, address)])
    }

    /// One of our own wrote to the address under the name.
    pub fn of_letter(address: u32) -> Self {
        Self::of([(LETTERS, address)])
    }

    /// Whoever wrote from an address wrote to these, or copied them, under the same name.
    pub fn of_author(author: u32, named: impl IntoIterator<Item = u32>) -> Self {
        Self::of(named.into_iter().filter(|address| *address != author).map(|address| (author, address)))
    }

    fn of(ties: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut kept = Ranking::default();
        for tie in ties {
            kept.merge(&Ranking::from_entries(vec![(tie, 1.0)]), 1.0, usize::MAX);
        }
        Self { ties: kept }
    }

    pub fn is_empty(&self) -> bool {
        self.ties.entries().is_empty()
    }

    /// Adds the other's weights, each times `theirs`, after scaling the own ones by `mine`.
    pub fn merge(&mut self, other: &Self, mine: f32, theirs: f32, max: usize) {
        self.ties.scale(mine);
        self.ties.merge(&other.ties, theirs, max);
    }

    /// Marks of the addresses that are proved to be the person's; weights count times `factor`. Of one of our own only
    /// what begins at a login counts: a colleague who answers an imitator writes to him under the name, too.
    pub fn proved(&self, factor: f32) -> Vec<u32> {
        let living =
            || self.ties.entries().iter().filter(|(_, weight)| weight * factor >= WEIGHT_MIN).map(|(tie, _)| *tie);
        let vouched = |by: u32| living().filter(move |(who, _)| *who == by).map(|(_, address)| address);
        let mut proved: Vec<u32> = vouched(LOGIN).collect();
        if proved.is_empty() {
            proved = vouched(LETTERS).collect();
        }
        let mut next = 0;
        while let Some(address) = proved.get(next).copied() {
            for known in vouched(address) {
                if !proved.contains(&known) {
                    proved.push(known);
                }
            }
            next += 1;
        }
        proved
    }

    pub fn encode(&self, bytes: &mut Vec<u8>) {
        let kept = &self.ties.entries()[..self.ties.entries().len().min(255)];
        bytes.push(kept.len() as u8);
        for ((by, address), weight) in kept {
            bytes.extend_from_slice(&by.to_le_bytes());
            bytes.extend_from_slice(&address.to_le_bytes());
            bytes.extend_from_slice(&weight.to_le_bytes());
        }
    }

    /// `None` for bytes that are none of [`Bonds::encode`].
    pub fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let kept = reader.u8()?;
        let tie = |reader: &mut Reader<'_>| Some(((reader.u32()?, reader.u32()?), reader.weight()?));
        let entries = (0..kept).map(|_| tie(reader)).collect::<Option<_>>()?;
        Some(Self { ties: Ranking::from_entries(entries) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESK: u32 = 10;
    const HOME: u32 = 11;
    const THIRD: u32 = 12;
    const IMITATOR: u32 = 13;

    fn check(bonds: &[Bonds], factor: f32, expected: &[u32]) {
        let mut all = Bonds::default();
        bonds.iter().for_each(|bond| all.merge(bond, 1.0, 1.0, 16));
        let mut proved = all.proved(factor);
        proved.sort_unstable();
        assert_eq!(proved, expected);
        let mut bytes = Vec::new();
        all.encode(&mut bytes);
        assert_eq!(Bonds::decode(&mut Reader::new(&bytes)), Some(all));
        assert_eq!(Bonds::decode(&mut Reader::new(&bytes[..bytes.len() - 1])), None);
    }

    #[test]
    fn who_logs_in_vouches_for_a_private_address() {
        let home = Bonds::of_author(DESK, [HOME]);
        check(&[Bonds::of_login(DESK), home.clone()], 1.0, &[DESK, HOME]);
        check(&[Bonds::of_login(DESK), home.clone(), Bonds::of_author(HOME, [THIRD])], 1.0, &[DESK, HOME, THIRD]);
        check(&[home], 1.0, &[]);
    }

    #[test]
    fn an_imitator_cannot_vouch_for_himself() {
        let copies = Bonds::of_author(IMITATOR, [DESK, IMITATOR]);
        check(&[Bonds::of_login(DESK), copies.clone()], 1.0, &[DESK]);
        check(&[Bonds::of_login(DESK), copies, Bonds::of_letter(IMITATOR)], 1.0, &[DESK]);
    }

    #[test]
    fn people_outside_are_known_by_our_letters() {
        check(&[Bonds::of_letter(DESK), Bonds::of_author(DESK, [HOME])], 1.0, &[DESK, HOME]);
    }

    #[test]
    fn bonds_fade() {
        let bonds = [Bonds::of_login(DESK), Bonds::of_author(DESK, [HOME]), Bonds::of_author(DESK, [HOME])];
        check(&bonds, 0.03, &[DESK, HOME]);
        check(&bonds, 0.02, &[]);
    }
}

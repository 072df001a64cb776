//! How many different correspondents: exact while few, estimated beyond, in bounded bytes.

use super::codec::Reader;

/// The smallest hashes seen (*k minimum values*, Bar-Yossef et al. 2002): exact while fewer than `max`, then estimated
/// from how dense they lie. The union of two is the same in any order and grouping.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Distinct {
    /// Ascending, without repetition.
    least: Vec<u32>,
}

impl Distinct {
    pub fn of(hashes: impl IntoIterator<Item = u32>, max: usize) -> Self {
        let mut least: Vec<u32> = hashes.into_iter().collect();
        least.sort_unstable();
        least.dedup();
        least.truncate(max);
        Self { least }
    }

    pub fn merge(&mut self, other: &Self, max: usize) {
        for &hash in &other.least {
            if let Err(at) = self.least.binary_search(&hash)
                && at < max
            {
                self.least.insert(at, hash);
            }
        }
        self.least.truncate(max);
    }

    /// The number of different ones.
    pub fn estimate(&self, max: usize) -> u32 {
        let kept = self.least.len();
        match self.least.last() {
            Some(&greatest) if kept >= max && kept > 1 => {
                let density = (f64::from(greatest) + 1.0) / 4_294_967_296.0;
                ((kept - 1) as f64 / density).min(f64::from(u32::MAX)).max(kept as f64) as u32
            }
            _ => kept as u32,
        }
    }

    pub fn encode(&self, bytes: &mut Vec<u8>) {
        let kept = &self.least[..self.least.len().min(255)];
        bytes.push(kept.len() as u8);
        for hash in kept {
            bytes.extend_from_slice(&hash.to_le_bytes());
        }
    }

    pub fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let kept = reader.u8()?;
        let least: Vec<u32> = (0..kept).map(|_| reader.u32()).collect::<Option<_>>()?;
        // Later binary searches rest on the order.
        least.is_sorted().then_some(Self { least })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MAX: usize = 32;

    /// Well mixed hashes, as the keyed hash gives them.
    fn hash(n: u32) -> u32 {
        let mixed = (u64::from(n) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9).to_le_bytes()[4..]
            .iter()
            .fold(0, |h, b| h << 8 | u32::from(*b))
    }

    fn check(different: u32, low: u32, high: u32) {
        let mut distinct = Distinct::default();
        for n in 0..different {
            distinct.merge(&Distinct::of([hash(n)], MAX), MAX);
            distinct.merge(&Distinct::of([hash(n)], MAX), MAX);
        }
        let estimate = distinct.estimate(MAX);
        assert!((low..=high).contains(&estimate), "{different}: {estimate}");
    }

    #[test]
    fn few_are_counted_and_many_estimated() {
        check(0, 0, 0);
        check(1, 1, 1);
        check(31, 31, 31);
        check(1_000, 500, 1_800);
        check(50_000, 25_000, 90_000);
    }

    #[test]
    fn the_bound_holds() {
        let full = Distinct::of((0..100).map(hash), MAX);
        assert_eq!(full.least.len(), MAX);
        let mut bytes = Vec::new();
        full.encode(&mut bytes);
        assert_eq!(bytes.len(), 1 + 4 * MAX);
        assert_eq!(Distinct::decode(&mut Reader::new(&bytes)), Some(full));
        assert_eq!(Distinct::decode(&mut Reader::new(&bytes[..bytes.len() - 1])), None);
    }

    proptest! {
        #[test]
        fn union_has_no_order(a: Vec<u32>, b: Vec<u32>, c: Vec<u32>) {
            let max = 8;
            let [a, b, c] = [a, b, c].map(|hashes| Distinct::of(hashes, max));
            let union = |x: &Distinct, y: &Distinct| { let mut x = x.clone(); x.merge(y, max); x };
            prop_assert_eq!(union(&a, &b), union(&b, &a));
            prop_assert_eq!(union(&union(&a, &b), &c), union(&a, &union(&b, &c)));
            prop_assert_eq!(union(&a, &a), a);
        }
    }
}

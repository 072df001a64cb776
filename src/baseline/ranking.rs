//! What occurs most among many, with decayed weights, in bounded room.

/// The heaviest keys. Two are joined by adding weights; beyond the bound the lightest go, so that a rare key may be
/// forgotten and start anew, while the usual ones stay.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ranking<K> {
    entries: Vec<(K, f32)>,
}

impl<K> Default for Ranking<K> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K: Ord + Clone> Ranking<K> {
    pub fn from_entries(entries: Vec<(K, f32)>) -> Self {
        Self { entries }
    }

    pub fn entries(&self) -> &[(K, f32)] {
        &self.entries
    }

    pub fn weight_of(&self, key: &K) -> f32 {
        self.entries.iter().find(|(k, _)| k == key).map_or(0.0, |(_, weight)| *weight)
    }

    /// Multiplies all weights, which moves them to another landmark.
    pub fn scale(&mut self, factor: f32) {
        for (_, weight) in &mut self.entries {
            *weight *= factor;
        }
    }

    /// Adds the other's weights, each times `factor`. Equal weights are told apart by key, so that the order of
    /// merging does not show.
    pub fn merge(&mut self, other: &Self, factor: f32, max: usize) {
        for (key, weight) in &other.entries {
            match self.entries.iter_mut().find(|(k, _)| k == key) {
                Some((_, sum)) => *sum += weight * factor,
                None => self.entries.push((key.clone(), weight * factor)),
            }
        }
        self.trim(max);
    }

    /// Keeps at most so many, the heaviest.
    pub fn trim(&mut self, max: usize) {
        if self.entries.len() > max {
            self.entries.sort_by(|(ka, wa), (kb, wb)| wb.total_cmp(wa).then_with(|| ka.cmp(kb)));
            self.entries.truncate(max);
        }
    }

    /// The entries, heaviest first.
    pub fn into_sorted(mut self) -> Vec<(K, f32)> {
        self.entries.sort_by(|(ka, wa), (kb, wb)| wb.total_cmp(wa).then_with(|| ka.cmp(kb)));
        self.entries
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranking(keys: &[u8]) -> Ranking<u8> {
        let mut ranking = Ranking::default();
        for &key in keys {
            ranking.merge(&Ranking::from_entries(vec![(key, 1.0)]), 1.0, 8);
        }
        ranking
    }

    #[test]
    fn weights_add_up() {
        let mut r = ranking(&[1, 2, 1]);
        r.scale(0.5);
        assert_eq!((r.weight_of(&1), r.weight_of(&2), r.weight_of(&3)), (1.0, 0.5, 0.0));
    }

    #[test]
    fn the_lightest_go_beyond_the_bound() {
        let full = ranking(&[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8]);
        assert_eq!(full.entries().len(), 8);
        let mut over = full.clone();
        over.merge(&ranking(&[9]), 1.0, 8);
        assert_eq!(over.clone().into_sorted(), full.into_sorted());
        over.merge(&ranking(&[9, 9, 9]), 1.0, 8);
        assert_eq!(over.entries().len(), 8);
        assert_eq!((over.weight_of(&9), over.weight_of(&8)), (3.0, 0.0));
    }

    proptest! {
        #[test]
        fn joining_has_no_order_within_the_bound(a: Vec<u8>, b: Vec<u8>, c: Vec<u8>) {
            let few = |keys: Vec<u8>| ranking(&keys.into_iter().map(|k| k % 8).collect::<Vec<_>>());
            let [a, b, c] = [a, b, c].map(few);
            let join = |x: &Ranking<u8>, y: &Ranking<u8>| { let mut x = x.clone(); x.merge(y, 1.0, 8); x };
            prop_assert_eq!(join(&a, &b).into_sorted(), join(&b, &a).into_sorted());
            prop_assert_eq!(join(&join(&a, &b), &c).into_sorted(), join(&a, &join(&b, &c)).into_sorted());
        }

        #[test]
        fn two_full_rankings_join_the_same_either_way(a: Vec<u8>, b: Vec<u8>) {
            let (a, b) = (ranking(&a), ranking(&b));
            let join = |x: &Ranking<u8>, y: &Ranking<u8>| { let mut x = x.clone(); x.merge(y, 1.0, 8); x };
            prop_assert_eq!(join(&a, &b).into_sorted(), join(&b, &a).into_sorted());
        }
    }
}

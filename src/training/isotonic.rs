//! The nearest sequence that never falls (pool adjacent violators).

/// Replaces the values by the non-falling sequence nearest to them in weighted squares. Weights must be above 0.
pub(super) fn rise(values: &mut [f64], weights: &[f64]) {
    // Blocks of mean, weight and length; a block that falls below the one before is pooled with it.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(values.len());
    for (value, weight) in values.iter().zip(weights) {
        let mut block = (*value, *weight, 1);
        while let Some(before) = blocks.pop_if(|before| before.0 > block.0) {
            let weight = before.1 + block.1;
            block = ((before.0 * before.1 + block.0 * block.1) / weight, weight, before.2 + block.2);
        }
        blocks.push(block);
    }
    let pooled = blocks.into_iter().flat_map(|(mean, _, length)| std::iter::repeat_n(mean, length));
    values.iter_mut().zip(pooled).for_each(|(value, mean)| *value = mean);
}

/// Like [`rise`], for a sequence that never rises.
pub(super) fn fall(values: &mut [f64], weights: &[f64]) {
    values.iter_mut().for_each(|value| *value = -*value);
    rise(values, weights);
    values.iter_mut().for_each(|value| *value = -*value);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(values: &[f64], weights: &[f64], expected: &[f64]) {
        let mut got = values.to_vec();
        rise(&mut got, weights);
        assert_eq!(got, expected);
    }

    #[test]
    fn what_falls_is_pooled() {
        check(&[], &[], &[]);
        check(&[1.0, 2.0, 2.0], &[1.0; 3], &[1.0, 2.0, 2.0]);
        check(&[3.0, 1.0], &[1.0, 1.0], &[2.0, 2.0]);
        check(&[3.0, 0.0], &[1.0, 2.0], &[1.0, 1.0]);
        check(&[1.0, 4.0, 3.0, 2.0, 5.0], &[1.0; 5], &[1.0, 3.0, 3.0, 3.0, 5.0]);
        check(&[4.0, 3.0, 2.0, 1.0], &[1.0; 4], &[2.5; 4]);
    }

    #[test]
    fn what_rises_is_pooled_for_a_fall() {
        let mut values = [1.0, 3.0, 0.0];
        fall(&mut values, &[1.0; 3]);
        assert_eq!(values, [2.0, 2.0, 0.0]);
    }

    proptest! {
        #[test]
        fn the_mean_stays_and_nothing_falls(values in prop::collection::vec((-5.0..5.0, 0.1..4.0), 1..40)) {
            let (before, weights): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
            let mut after = before.clone();
            rise(&mut after, &weights);
            prop_assert!(after.is_sorted());
            let sum = |values: &[f64]| values.iter().zip(&weights).map(|(v, w)| v * w).sum::<f64>();
            prop_assert!((sum(&before) - sum(&after)).abs() < 1e-9);
        }
    }
}

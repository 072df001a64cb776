//! How well an order tells two kinds apart: the area under the ROC curve, by ranks.

/// Ranks from 1; equal values share the mean of their ranks. Not-a-number ranks below all.
pub(super) fn ranks(values: &[f32]) -> Vec<f64> {
    // Adding zero makes −0 equal to 0; a missing value has a place of its own.
    let key = |value: f32| if value.is_nan() { f32::NEG_INFINITY } else { value + 0.0 };
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| key(values[*a]).total_cmp(&key(values[*b])));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|a, b| key(values[*a]) == key(values[*b])) {
        let rank = start as f64 + (tied.len() as f64 + 1.0) / 2.0;
        tied.iter().for_each(|place| ranks[*place] = rank);
        start += tied.len();
    }
    ranks
}

/// The chance that one of the chosen ranks above one of the others (Mann and Whitney 1947), 0.5 when told by a coin;
/// `None` when there are only chosen or only others.
pub(super) fn area(ranks: &[f64], is_chosen: impl Fn(usize) -> bool) -> Option<f64> {
    let (mut sum, mut chosen) = (0.0, 0.0);
    for (_, rank) in ranks.iter().enumerate().filter(|(place, _)| is_chosen(*place)) {
        sum += rank;
        chosen += 1.0;
    }
    let others = ranks.len() as f64 - chosen;
    (chosen > 0.0 && others > 0.0).then(|| (sum - chosen * (chosen + 1.0) / 2.0) / (chosen * others))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f32], chosen: &[usize], expected: Option<f64>) {
        assert_eq!(area(&ranks(values), |place| chosen.contains(&place)), expected);
    }

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[5.0, 1.0, 5.0, f32::NAN, -0.0, 0.0]), [5.5, 4.0, 5.5, 1.0, 2.5, 2.5]);
        assert_eq!(ranks(&[]), [0.0; 0]);
    }

    #[test]
    fn the_area_is_the_chance_to_rank_above() {
        check(&[1.0, 2.0, 3.0, 4.0], &[2, 3], Some(1.0));
        check(&[1.0, 2.0, 3.0, 4.0], &[0, 1], Some(0.0));
        check(&[1.0, 2.0, 3.0, 4.0], &[0, 3], Some(0.5));
        check(&[7.0, 7.0, 7.0], &[1], Some(0.5));
        check(&[1.0, 1.0, 2.0], &[2], Some(1.0));
        check(&[1.0, 2.0], &[], None);
        check(&[1.0, 2.0], &[0, 1], None);
    }
}

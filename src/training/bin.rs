//! Parts the values of an input into bins: exactly where there are few, by quantiles where there are many.

/// One value that occurs, with how often and how weightily.
struct Step {
    value: f32,
    messages: usize,
    weight: f64,
}

/// The code of a missing value; bins count from 1.
pub(super) const MISSING: u8 = 0;

/// Edges that part these values into at most `bins_max` bins of at least `bin_messages_min` messages; no edge where the
/// values cannot be parted so. Missing values (not-a-number) do not count.
///
/// Quantiles are of weight, so that a label that is rare among the messages has bins of its own where it lies. An edge
/// lies midway between two values that occur, so that a value never seen falls to the nearer one.
pub(super) fn edges(values: &[f32], weights: &[f32], bins_max: usize, bin_messages_min: usize) -> Vec<f32> {
    let steps = steps(values, weights);
    let mut left: f64 = steps.iter().map(|step| step.weight).sum();
    let mut messages_left: usize = steps.iter().map(|step| step.messages).sum();
    let is_few = steps.len() <= bins_max;
    let mut edges = Vec::new();
    let (mut weight, mut messages) = (0.0, 0);
    for pair in steps.windows(2) {
        weight += pair[0].weight;
        messages += pair[0].messages;
        let target = left / (bins_max - edges.len()) as f64;
        // A value that fills a bin alone must not share it with lesser ones on its low side.
        let is_full = is_few || weight >= target || pair[1].weight >= target;
        let has_enough = messages >= bin_messages_min && messages_left - messages >= bin_messages_min;
        if is_full && has_enough && edges.len() + 1 < bins_max {
            edges.push(midway(pair[0].value, pair[1].value));
            left -= weight;
            messages_left -= messages;
            (weight, messages) = (0.0, 0);
        }
    }
    edges
}

/// The values that occur, ascending.
fn steps(values: &[f32], weights: &[f32]) -> Vec<Step> {
    let mut seen: Vec<(f32, f32)> =
        values.iter().zip(weights).filter(|(value, _)| !value.is_nan()).map(|(v, w)| (*v, *w)).collect();
    seen.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut steps: Vec<Step> = Vec::new();
    for (value, weight) in seen {
        match steps.last_mut() {
            // Equality, not order of bits: −0 is 0.
            Some(step) if step.value == value => {
                step.messages += 1;
                step.weight += f64::from(weight);
            }
            _ => steps.push(Step { value, messages: 1, weight: f64::from(weight) }),
        }
    }
    steps
}

/// A number above `low` and not above `high`, as near to the middle as there is one.
fn midway(low: f32, high: f32) -> f32 {
    let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
    if middle > low { middle } else { high }
}

/// The bin of a value: [`MISSING`], or one more than the edges it reaches.
pub(super) fn code(edges: &[f32], value: f32) -> u8 {
    if value.is_nan() { MISSING } else { 1 + edges.partition_point(|edge| *edge <= value) as u8 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f32], bins_max: usize, bin_messages_min: usize, expected: &[f32]) {
        assert_eq!(edges(values, &vec![1.0; values.len()], bins_max, bin_messages_min), expected);
    }

    #[test]
    fn few_values_have_exact_bins() {
        check(&[1.0, 0.0, 3.0, 1.0, 0.0], 8, 1, &[0.5, 2.0]);
        check(&[0.0, 1.0, f32::NAN], 8, 1, &[0.5]);
    }

    #[test]
    fn a_fact_that_never_varies_has_no_edge() {
        check(&[], 8, 1, &[]);
        check(&[2.0, 2.0], 8, 1, &[]);
        check(&[0.0, -0.0], 8, 1, &[]);
        check(&[f32::NAN; 4], 8, 1, &[]);
    }

    #[test]
    fn many_values_are_parted_by_quantiles() {
        let values: Vec<f32> = (0..1000).map(|k| k as f32).collect();
        check(&values, 4, 1, &[249.5, 499.5, 749.5]);
    }

    #[test]
    fn bins_have_a_limit() {
        let values: Vec<f32> = (0..1000).map(|k| (k as f32).powi(3)).collect();
        for bins_max in [1, 2, 31, 32, 255] {
            let edges = edges(&values, &[1.0; 1000], bins_max, 1);
            assert_eq!(edges.len() + 1, bins_max);
            assert!(edges.is_sorted_by(|a, b| a < b));
        }
    }

    #[test]
    fn a_value_that_fills_a_bin_has_it_alone() {
        let mut values = vec![5.0; 900];
        values.extend((0..100).map(|k| k as f32 / 10.0));
        let edges = edges(&values, &vec![1.0; 1000], 8, 1);
        assert!(edges.iter().any(|edge| (4.9..=5.0).contains(edge)), "{edges:?}");
        assert!(edges.iter().any(|edge| (5.0..=5.1).contains(edge)), "{edges:?}");
    }

    #[test]
    fn quantiles_are_of_weight() {
        let values: Vec<f32> = (0..1000).map(|k| k as f32).collect();
        let weights: Vec<f32> = (0..1000).map(|k| if k >= 990 { 99.0 } else { 1.0 }).collect();
        let edges = edges(&values, &weights, 4, 1);
        assert!(edges.iter().filter(|edge| **edge > 985.0).count() >= 2, "{edges:?}");
    }

    #[test]
    fn a_rare_value_joins_its_neighbour() {
        let mut values = vec![0.0; 50];
        values.extend([1.0; 4]);
        check(&values, 8, 5, &[]);
        values.push(1.0);
        check(&values, 8, 5, &[0.5]);
        values.push(2.0);
        check(&values, 8, 5, &[0.5]);
    }

    #[test]
    fn neighbouring_numbers_are_still_parted() {
        let low = 1.0_f32;
        let high = low.next_up();
        assert_eq!(midway(low, high), high);
        assert_eq!(midway(f32::MIN, f32::MAX), 0.0);
    }

    #[test]
    fn codes_count_the_edges_reached() {
        for (value, expected) in [(f32::NAN, MISSING), (-9.0, 1), (0.5, 2), (1.9, 2), (2.0, 3), (f32::MAX, 3)] {
            assert_eq!(code(&[0.5, 2.0], value), expected, "{value}");
        }
        let edges: Vec<f32> = (0..254).map(|k| k as f32).collect();
        assert_eq!(code(&edges, f32::MAX), 255);
    }
}

//! How much each message counts, so that no source, campaign or label drowns the others.

use std::collections::BTreeMap;

use super::examples::Examples;

/// How the say of sources and campaigns grows, see [`super::FitSettings`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Powers {
    /// Of a source with its messages.
    pub source: f64,
    /// Of a campaign with its messages.
    pub campaign: f64,
}

/// A weight for each of these rows. They sum to the number of rows, attacks having `attack_share` of it: a weight of 1
/// is one message.
pub(super) fn weigh(examples: &Examples, rows: &[u32], powers: Powers, attack_share: f64) -> Vec<f32> {
    let labels: Vec<_> = rows.iter().map(|row| &examples.labels()[*row as usize]).collect();
    let mut weights: Vec<f64> = labels.iter().map(|label| f64::from(label.weight)).collect();
    let campaign =
        |place: usize| (labels[place].campaign != 0).then_some((labels[place].attack, labels[place].campaign));
    temper(&mut weights, powers.campaign, campaign);
    temper(&mut weights, powers.source, |place| Some((labels[place].attack, labels[place].source)));
    for attack in [false, true] {
        let is_in = |place: &usize| labels[*place].attack == attack;
        let sum: f64 = (0..rows.len()).filter(is_in).map(|place| weights[place]).sum();
        let share = if attack { attack_share } else { 1.0 - attack_share };
        if sum > 0.0 {
            (0..rows.len()).filter(is_in).for_each(|place| weights[place] *= share * rows.len() as f64 / sum);
        }
    }
    weights.into_iter().map(|weight| weight as f32).collect()
}

/// Gives each group the say of its sum to this power. A row without a group is one of its own and keeps its weight.
fn temper<G: Ord>(weights: &mut [f64], power: f64, group: impl Fn(usize) -> Option<G>) {
    let mut sums: BTreeMap<G, f64> = BTreeMap::new();
    for (place, weight) in weights.iter().enumerate() {
        if let Some(group) = group(place) {
            *sums.entry(group).or_default() += weight;
        }
    }
    for (place, weight) in weights.iter_mut().enumerate() {
        if let Some(sum) = group(place).and_then(|group| sums.get(&group)).filter(|sum| **sum > 0.0) {
            *weight *= sum.powf(power - 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::examples::Label;
    use crate::training::examples::tests::label;

    #[track_caller]
    fn check(labels: &[Label], source: f64, campaign: f64, attack_share: f64, expected: &[f32]) {
        let mut examples = Examples::new([]);
        examples.source("a");
        examples.source("b");
        labels.iter().for_each(|label| examples.push(&[], *label).unwrap());
        let rows: Vec<u32> = (0..labels.len() as u32).collect();
        let got = weigh(&examples, &rows, Powers { source, campaign }, attack_share);
        assert!(got.iter().zip(expected).all(|(g, e)| (g - e).abs() < 1e-5), "{got:?}, expected {expected:?}");
    }

    #[test]
    fn attacks_have_their_share_however_few_they_are() {
        let labels = [label(true, 0), label(false, 0), label(false, 0), label(false, 0)];
        check(&labels, 1.0, 1.0, 0.5, &[2.0, 2.0 / 3.0, 2.0 / 3.0, 2.0 / 3.0]);
        check(&labels, 1.0, 1.0, 0.25, &[1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_source_may_count_by_the_root_of_its_messages() {
        let large = [label(false, 0); 4];
        let small = [Label { source: 1, ..label(false, 0) }];
        let labels = [&large[..], &small[..]].concat();
        let (one, other) = (5.0 / 6.0 * 0.5, 5.0 / 3.0 * 0.5);
        check(&labels, 0.5, 1.0, 0.5, &[one, one, one, one, other]);
    }

    #[test]
    fn a_campaign_may_count_as_one_message() {
        let copy = Label { campaign: 3, ..label(false, 0) };
        let labels = [copy, copy, label(false, 0), label(false, 0), label(true, 0)];
        check(&labels, 1.0, 0.0, 0.4, &[0.5, 0.5, 1.0, 1.0, 2.0]);
    }

    #[test]
    fn a_doubtful_label_counts_less() {
        let labels = [Label { weight: 0.5, ..label(true, 0) }, label(true, 0), label(false, 0)];
        check(&labels, 1.0, 1.0, 0.5, &[0.5, 1.0, 1.5]);
    }

    #[test]
    fn labels_that_count_nothing_stay_nothing() {
        check(&[Label { weight: 0.0, ..label(true, 0) }, label(false, 0)], 0.5, 0.5, 0.5, &[0.0, 1.0]);
    }
}

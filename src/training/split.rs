//! Parts examples by time: what is learned from comes before what is tuned on, and that before what is judged on.

use std::collections::BTreeMap;

use super::examples::{Examples, Label};

/// Rows of the three slices, each in the order of the examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slices {
    /// The earliest: tables are fitted on them.
    pub fit: Vec<u32>,
    /// Later: fitting is stopped and calibrated on them.
    pub tune: Vec<u32>,
    /// The latest: seen by nothing but the figures.
    pub trial: Vec<u32>,
}

/// Rows that must stay together, and where they stand in time.
struct Campaign {
    rows: Vec<u32>,
    /// The first message's source and label.
    group: (u16, bool),
    /// The first message's time.
    began: i64,
}

/// Parts the rows of each source by time. Sources cover different years, so one cut for all would part sources instead
/// of times; each source, and each label within it, is cut at the same shares of its own messages.
///
/// A campaign goes as a whole to where its first message falls: no near-duplicate of what was learned is ever judged.
pub fn split(examples: &Examples, fit_share: f64, tune_share: f64) -> Slices {
    let mut groups: BTreeMap<(u16, bool), Vec<Campaign>> = BTreeMap::new();
    for campaign in campaigns(examples.labels()) {
        groups.entry(campaign.group).or_default().push(campaign);
    }
    let mut slices = Slices::default();
    for campaigns in groups.values_mut() {
        // Where the source gives no time, the first row stands for it: files are mostly kept in the order of arrival.
        campaigns.sort_by_key(|campaign| (campaign.began, campaign.rows[0]));
        let total = campaigns.iter().map(|campaign| campaign.rows.len()).sum::<usize>() as f64;
        let mut before = 0;
        for campaign in campaigns {
            let place = before as f64 / total;
            before += campaign.rows.len();
            let slice = match place {
                p if p < fit_share => &mut slices.fit,
                p if p < fit_share + tune_share => &mut slices.tune,
                _ => &mut slices.trial,
            };
            slice.extend_from_slice(&campaign.rows);
        }
    }
    for slice in [&mut slices.fit, &mut slices.tune, &mut slices.trial] {
        slice.sort_unstable();
    }
    slices
}

fn campaigns(labels: &[Label]) -> Vec<Campaign> {
    let mut known: BTreeMap<u64, usize> = BTreeMap::new();
    let mut campaigns: Vec<Campaign> = Vec::new();
    for (row, label) in labels.iter().enumerate() {
        let place = match known.get(&label.campaign) {
            Some(place) if label.campaign != 0 => *place,
            _ => {
                let group = (label.source, label.attack);
                campaigns.push(Campaign { rows: Vec::new(), group, began: label.at.0 });
                known.insert(label.campaign, campaigns.len() - 1);
                campaigns.len() - 1
            }
        };
        let campaign = &mut campaigns[place];
        if label.at.0 < campaign.began {
            (campaign.began, campaign.group) = (label.at.0, (label.source, label.attack));
        }
        campaign.rows.push(row as u32);
    }
    campaigns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::examples::tests::label;

    fn with(labels: impl IntoIterator<Item = Label>) -> Examples {
        let mut examples = Examples::new([]);
        for source in ["a", "b", "c"] {
            examples.source(source);
        }
        labels.into_iter().for_each(|label| examples.push(&[], label).unwrap());
        examples
    }

    #[track_caller]
    fn check(labels: impl IntoIterator<Item = Label>, fit: &[u32], tune: &[u32], trial: &[u32]) {
        let expected = Slices { fit: fit.to_vec(), tune: tune.to_vec(), trial: trial.to_vec() };
        assert_eq!(split(&with(labels), 0.6, 0.2), expected);
    }

    #[test]
    fn what_is_judged_came_last() {
        check([50, 10, 40, 20, 30].map(|at| label(false, at)), &[1, 3, 4], &[2], &[0]);
    }

    #[test]
    fn each_source_is_cut_by_its_own_time() {
        let early = (0..5).map(|k| label(false, k));
        let late = (100..105).map(|k| Label { source: 1, ..label(false, k) });
        check(early.chain(late), &[0, 1, 2, 5, 6, 7], &[3, 8], &[4, 9]);
    }

    #[test]
    fn each_label_of_a_source_is_cut_by_its_own_time() {
        let ham = (0..5).map(|k| label(false, k));
        check(ham.chain((100..105).map(|k| label(true, k))), &[0, 1, 2, 5, 6, 7], &[3, 8], &[4, 9]);
    }

    #[test]
    fn a_campaign_is_never_parted() {
        let mut labels: Vec<_> = (0..5).map(|k| label(true, k)).collect();
        // The last message is a copy of the first, and another copy came from another source.
        labels[4].campaign = 7;
        labels[0].campaign = 7;
        labels.push(Label { source: 2, campaign: 7, ..label(true, 9) });
        check(labels, &[0, 1, 4, 5], &[2], &[3]);
    }

    #[test]
    fn mail_without_time_is_taken_in_its_order() {
        check((0..5).map(|_| label(false, 0)), &[0, 1, 2], &[3], &[4]);
    }

    #[test]
    fn nothing_parts_into_nothing() {
        check([], &[], &[], &[]);
    }
}

//! How a model is fitted, with the reason of each number.

use serde::{Deserialize, Serialize};

/// How a model is fitted. The defaults are meant for tens of thousands of messages from a handful of sources.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FitSettings {
    /// The share of attacks among arriving mail that scores are calibrated for, above 0 and below 1.
    pub attack_share: f64,
    /// The share of each source's earliest messages that the tables are fitted on.
    pub fit_share: f64,
    /// The share of each source's next messages, on which fitting is stopped and calibrated. The rest, the latest, is
    /// never seen and gives the figures.
    pub tune_share: f64,
    /// The fewest messages of either label in each of the three slices.
    pub label_messages_min: usize,
    /// The most bins of an input, beside the bin for missing; at most 255.
    pub bins_max: usize,
    /// The fewest messages in a bin; bins with fewer are joined with a neighbour.
    pub bin_messages_min: usize,
    /// How many more witnesses a bin's points would need to be believed by half: the ridge, in campaigns.
    pub witnesses: f64,
    /// The part of a step towards the best points that is taken at a time, above 0, at most 1.
    pub learning_rate: f64,
    /// The most rounds over all inputs.
    pub rounds_max: usize,
    /// How many rounds without a gain on the later slice end the fitting.
    pub patience_rounds: usize,
    /// How the say of a source grows with its messages: 0 all sources alike, 1 all messages alike.
    pub source_power: f64,
    /// How the say of a campaign grows with its messages: 0 all campaigns alike, 1 all messages alike.
    pub campaign_power: f64,
    /// The share of a source's ordinary messages, those that a first fit finds most like attacks, that a second fit leaves
    /// out; from 0, below 0.1.
    pub doubtful_share: f64,
    /// How far below ordinary mail the points may lie of an input that the author's own hand decides, in log-odds.
    pub excuse_max: f64,
    /// Inputs that must not be used, by name: what tells sources apart rather than attacks from ordinary mail.
    pub leave_out: Vec<String>,
}

impl Default for FitSettings {
    fn default() -> Self {
        Self {
            // About what passes an MTA with block lists: of ten messages one is spam or worse. The odds only move the
            // base; an organisation that sees other odds sets another threshold, the order of messages stays.
            attack_share: 0.1,
            // Three parts of five to learn from; the rest must hold enough attacks for an error rate of 1 in 1,000.
            fit_share: 0.6,
            tune_share: 0.2,
            // With fewer than 20, one message moves a recall by more than 5 points: no figure would mean anything.
            label_messages_min: 20,
            // Beyond 32, more bins gave explainable boosting nothing but noise (Nori et al. 2019 use 256 on millions).
            bins_max: 32,
            // Five messages can be one person's afternoon; fewer certainly are.
            bin_messages_min: 5,
            // A fact seen in four campaigns counts half: enough to learn from, too little to condemn.
            witnesses: 4.0,
            // Small, so that inputs that tell the same thing share the say instead of the first one taking all.
            learning_rate: 0.1,
            // Fitting settles within 100 to 200 rounds at this rate; the limit only bounds the time.
            rounds_max: 400,
            // The later slice wavers by a few rounds around its best.
            patience_rounds: 12,
            // The root: 50,000 messages of one archive say 20 times as much as 131 of another, not 380 times.
            source_power: 0.5,
            // Likewise: a flood of 10,000 copies says 100 times as much as a single message.
            campaign_power: 0.5,
            // Archives of ordinary mail hold some spam, which would teach that spam is ordinary.
            doubtful_share: 0.003,
            // What is ordinary in these archives an attacker may imitate in yours: it may soothe, not clear.
            excuse_max: 0.5,
            leave_out: Vec::new(),
        }
    }
}

impl FitSettings {
    /// What cannot be, in words; `None` when all is well.
    pub fn fault(&self) -> Option<&'static str> {
        let is_share = |share: f64| share > 0.0 && share < 1.0;
        let is_power = |power: f64| (0.0..=1.0).contains(&power);
        let faults = [
            (!is_share(self.attack_share), "attack_share must lie between 0 and 1"),
            (!is_share(self.fit_share) || !is_share(self.tune_share), "fit_share and tune_share lie between 0 and 1"),
            (self.fit_share + self.tune_share >= 1.0, "fit_share and tune_share must leave later mail for the figures"),
            (!(1..=255).contains(&self.bins_max), "bins_max must lie between 1 and 255"),
            (!(self.witnesses >= 0.0 && self.witnesses.is_finite()), "witnesses must be a number from 0"),
            (!(self.learning_rate > 0.0 && self.learning_rate <= 1.0), "learning_rate lies above 0 and up to 1"),
            (!(0.0..0.1).contains(&self.doubtful_share), "doubtful_share must lie between 0 and 0.1"),
            (!(self.excuse_max >= 0.0 && self.excuse_max.is_finite()), "excuse_max must be a number from 0"),
            (!is_power(self.source_power) || !is_power(self.campaign_power), "powers must lie between 0 and 1"),
        ];
        faults.into_iter().find(|(is_fault, _)| *is_fault).map(|(_, words)| words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(change: impl FnOnce(&mut FitSettings), expected: Option<&str>) {
        let mut settings = FitSettings::default();
        change(&mut settings);
        assert_eq!(settings.fault().map(|words| words.split(' ').next().unwrap()), expected);
    }

    #[test]
    fn the_defaults_can_be() {
        check(|_| (), None);
    }

    #[test]
    fn every_limit_has_two_sides() {
        check(|s| s.attack_share = 0.999, None);
        check(|s| s.attack_share = 1.0, Some("attack_share"));
        check(|s| s.attack_share = f64::NAN, Some("attack_share"));
        check(|s| s.fit_share = 0.0, Some("fit_share"));
        check(|s| s.tune_share = 0.4, Some("fit_share"));
        check(|s| s.bins_max = 255, None);
        check(|s| s.bins_max = 256, Some("bins_max"));
        check(|s| s.bins_max = 0, Some("bins_max"));
        check(|s| s.witnesses = 0.0, None);
        check(|s| s.witnesses = -1.0, Some("witnesses"));
        check(|s| s.doubtful_share = 0.0, None);
        check(|s| s.doubtful_share = 0.1, Some("doubtful_share"));
        check(|s| s.excuse_max = 0.0, None);
        check(|s| s.excuse_max = -0.1, Some("excuse_max"));
        check(|s| s.learning_rate = 1.0, None);
        check(|s| s.learning_rate = 0.0, Some("learning_rate"));
        check(|s| s.source_power = 1.1, Some("powers"));
        check(|s| s.campaign_power = 0.0, None);
    }
}

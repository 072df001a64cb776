//! What verdicts that come out otherwise would cost and gain, as far as labels tell.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use serde::Serialize;

use super::draw::read;
use super::share::Share;

/// The chance that each decision of the audit samples had to be drawn, by its id.
///
/// # Errors
/// The samples cannot be read.
pub fn chances(state: &Path) -> io::Result<HashMap<String, f64>> {
    let mut missed: HashMap<String, f64> = HashMap::new();
    for drawing in read(state)? {
        // Drawn by several seeds, it had several chances.
        *missed.entry(drawing.id).or_insert(1.0) *= 1.0 - drawing.probability;
    }
    Ok(missed.into_iter().map(|(id, missed)| (id, 1.0 - missed)).collect())
}

/// Messages of which the same became otherwise, such as all that are held anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changed {
    /// How many.
    pub count: u64,
    /// Those that are labelled as attacks.
    pub attacks: u64,
    /// Those that are labelled as safe.
    pub safe: u64,
    /// Of those that were drawn by chance and are labelled: for how many each stands, and whether it is an attack.
    sample: Vec<(f64, bool)>,
}

/// What changed messages are, in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// How many there are.
    pub count: u64,
    /// Labelled as attacks.
    pub attacks: u64,
    /// Labelled as safe.
    pub safe: u64,
    /// Attacks there are at most: those that are not labelled might all be some.
    pub attacks_at_most: u64,
    /// Safe ones there are at most.
    pub safe_at_most: u64,
    /// The share of attacks, as the labelled ones of the audit samples say: what people chose to label says little of the
    /// rest.
    pub attacks_by_sample: Share,
}

impl Changed {
    /// Adds a message; `is_attack` where it is labelled, `chance` where it was drawn.
    pub fn add(&mut self, is_attack: Option<bool>, chance: Option<f64>) {
        self.count += 1;
        match is_attack {
            Some(true) => self.attacks += 1,
            Some(false) => self.safe += 1,
            None => {}
        }
        let stands_for = chance.filter(|chance| *chance > 0.0).map(|chance| 1.0 / chance);
        self.sample.extend(stands_for.zip(is_attack));
    }

    /// Those that are not labelled.
    pub fn unlabelled(&self) -> u64 {
        self.count - self.attacks - self.safe
    }

    /// What they are. The share is Horvitz and Thompson's, each drawn message standing for as many as its chance says, and
    /// its interval is of as many messages as these weights leave of the sample (Kish).
    pub fn cost(&self) -> Cost {
        let all: f64 = self.sample.iter().map(|(weight, _)| weight).sum();
        let squares: f64 = self.sample.iter().map(|(weight, _)| weight * weight).sum();
        let attacks: f64 = self.sample.iter().filter(|(_, is_attack)| *is_attack).map(|(weight, _)| weight).sum();
        Cost {
            count: self.count,
            attacks: self.attacks,
            safe: self.safe,
            attacks_at_most: self.attacks + self.unlabelled(),
            safe_at_most: self.safe + self.unlabelled(),
            attacks_by_sample: Share::weighted(attacks / all, all * all / squares, self.sample.len() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Interval;

    #[test]
    fn what_is_not_labelled_might_be_either() {
        let mut changed = Changed::default();
        [Some(true), Some(true), Some(false), None, None].into_iter().for_each(|label| changed.add(label, None));
        let cost = changed.cost();
        assert_eq!((cost.count, cost.attacks, cost.safe), (5, 2, 1));
        assert_eq!((cost.attacks_at_most, cost.safe_at_most), (4, 3));
        assert_eq!(cost.attacks_by_sample, Share::NotEnoughLabels(0));
    }

    #[test]
    fn a_drawn_message_stands_for_as_many_as_its_chance_says() {
        let mut changed = Changed::default();
        (0..10).for_each(|_| changed.add(Some(true), Some(1.0)));
        (0..10).for_each(|_| changed.add(Some(false), Some(0.1)));
        // What was labelled for another reason says nothing of the rest.
        (0..90).for_each(|_| changed.add(Some(true), None));
        let Share::Known { share, interval: Interval { low, high }, labels } = changed.cost().attacks_by_sample else {
            panic!("enough")
        };
        assert!((share - 10.0 / 110.0).abs() < 1e-9 && low < share && share < high, "{share} {low} {high}");
        assert_eq!(labels, 20);
        (0..20).for_each(|_| changed.add(None, Some(0.5)));
        assert_eq!(changed.cost().safe_at_most, 30);
    }

    #[test]
    fn chances_are_those_of_all_samples() {
        let state = tempfile::tempdir().expect("writable");
        assert!(chances(state.path()).expect("none").is_empty());
        let line = |id: &str, seed: &str, chance: f64| {
            format!(
                "{{\"id\":\"{id}\",\"date\":\"2026-11-25\",\"seed\":\"{seed}\",\"stratum\":\"near\",\"probability\":{chance},\"at\":\"\"}}\n"
            )
        };
        let text = line("a", "s", 0.5) + &line("a", "t", 0.5) + &line("b", "s", 0.25);
        std::fs::write(state.path().join("audit.jsonl"), text).expect("writable");
        let chances = chances(state.path()).expect("readable");
        assert_eq!((chances["a"], chances["b"]), (0.75, 0.25));
    }
}

//! The smallest set of facts that would have changed a verdict.

use std::cmp::Ordering;

/// What one input can give to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The input's name.
    pub name: String,
    /// What it gives at least, in log-odds, whatever its value.
    pub lowest: f32,
    /// What it gives at most.
    pub highest: f32,
    /// Whether it is a fact that speaks in one direction only, so that a reader can imagine it otherwise: the reply
    /// might have gone to the author. Of a measure that may speak either way, as a length, he cannot.
    pub is_fact: bool,
}

/// One fact that would have to be otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The input's name.
    pub name: String,
    /// What it gave, in log-odds.
    pub given: f32,
    /// What it would have given otherwise.
    pub otherwise: f32,
}

impl Change {
    fn gain(&self) -> f32 {
        (self.given - self.otherwise).abs()
    }
}

/// A set of facts, strongest first, that together carry `score` across `threshold`: below it where the score reached it,
/// up to it where it did not. `given` are the contributions of the decision, `reaches` the range of every input of the
/// model. No fact in it can be spared. `None` where they do not suffice, and never empty.
///
/// Only what pulled the score to its side of the threshold is asked: of a held message what spoke against it, of an
/// accepted one what spoke for it. That something else would have made up for it is true of much (a held message could
/// have answered one of ours), and blames nobody. A fact would have given the end of its range. Where facts do not
/// suffice to bring a score down, measures are added that might have told nothing.
///
/// The fewest facts there are, for an additive model, whose inputs move the score independently: the largest gains come
/// first. The threshold is taken as it was; a change that makes another category the strongest may bring that one's into
/// play.
pub fn smallest_change(score: f32, threshold: f32, given: &[(&str, f32)], reaches: &[Reach]) -> Option<Vec<Change>> {
    let falls = score >= threshold;
    let speaks = |points: f32| if falls { points > 0.0 } else { points < 0.0 };
    let spoke = given.iter().filter(|(_, points)| speaks(*points));
    let known = spoke.filter_map(|(name, points)| Some((*points, reaches.iter().find(|reach| reach.name == *name)?)));
    let (facts, measures): (Vec<_>, Vec<_>) = known.partition(|(_, reach)| reach.is_fact);
    let end = |reach: &Reach| if falls { reach.lowest } else { reach.highest };
    let mut changes = strongest_first(facts, end);
    if falls {
        changes.extend(strongest_first(measures, |reach| reach.lowest.max(0.0)));
    }
    let crosses = |score: f32| (score >= threshold) != falls;
    let mut carried = score;
    let crossed = changes.iter().position(|change| {
        carried += change.otherwise - change.given;
        crosses(carried)
    })?;
    changes.truncate(crossed + 1);
    spare(&mut changes, score, crosses);
    Some(changes)
}

/// What inputs would have given otherwise, those first that would have moved the score furthest.
fn strongest_first(inputs: Vec<(f32, &Reach)>, otherwise: impl Fn(&Reach) -> f32) -> Vec<Change> {
    let change =
        |(given, reach): (f32, &Reach)| Change { name: reach.name.clone(), given, otherwise: otherwise(reach) };
    let mut changes: Vec<Change> = inputs.into_iter().map(change).filter(|change| change.gain() > 0.0).collect();
    changes.sort_by(|a, b| strength(b, a));
    changes
}

fn strength(one: &Change, other: &Change) -> Ordering {
    one.gain().total_cmp(&other.gain()).then_with(|| other.name.cmp(&one.name))
}

/// Leaves out, weakest first, what the others can do without: a strong measure may make weak facts needless.
fn spare(changes: &mut Vec<Change>, score: f32, crosses: impl Fn(f32) -> bool) {
    changes.sort_by(|a, b| strength(b, a));
    let mut at = changes.len();
    while at > 0 {
        at -= 1;
        let without = changes.iter().enumerate().filter(|(place, _)| *place != at);
        if crosses(without.fold(score, |sum, (_, change)| sum + change.otherwise - change.given)) {
            changes.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reach(name: &str, lowest: f32, highest: f32, is_fact: bool) -> Reach {
        Reach { name: name.into(), lowest, highest, is_fact }
    }

    fn check(score: f32, threshold: f32, given: &[(&str, f32)], expected: Option<&[(&str, f32)]>) {
        let reaches = [
            reach("a", -1.0, 3.0, true),
            reach("b", 0.0, 2.0, true),
            reach("c", -4.0, 0.5, true),
            reach("d", 0.0, 0.0, true),
            reach("length", -2.0, 2.5, false),
        ];
        let found = smallest_change(score, threshold, given, &reaches);
        let found = found.map(|changes| changes.into_iter().map(|c| (c.name, c.otherwise)).collect::<Vec<_>>());
        let expected = expected.map(|all| all.iter().map(|(name, to)| ((*name).to_owned(), *to)).collect());
        assert_eq!(found, expected);
    }

    #[test]
    fn the_strongest_facts_against_a_message_come_first() {
        check(5.0, 4.0, &[("b", 2.0), ("a", 3.0)], Some(&[("a", -1.0)]));
        check(8.0, 4.0, &[("b", 2.0), ("a", 2.5)], Some(&[("a", -1.0), ("b", 0.0)]));
    }

    #[test]
    fn exactly_the_threshold_still_reaches_it() {
        check(8.0, 4.0, &[("a", 3.0), ("b", 1.0)], Some(&[("a", -1.0), ("b", 0.0)]));
        check(8.0, 4.5, &[("a", 3.0), ("b", 1.0)], Some(&[("a", -1.0)]));
    }

    #[test]
    fn what_did_not_speak_against_a_message_is_not_blamed() {
        // The third could have spoken for it most of all.
        check(4.5, 4.0, &[("b", 1.0), ("c", 0.0)], Some(&[("b", 0.0)]));
        check(4.5, 4.0, &[("b", 1.0), ("c", -1.0)], Some(&[("b", 0.0)]));
        check(4.5, 4.0, &[("c", -1.0)], None);
        check(4.5, 4.0, &[], None);
    }

    #[test]
    fn measures_are_a_last_resort_and_become_silent() {
        check(4.5, 4.0, &[("length", 2.5), ("b", 1.0)], Some(&[("b", 0.0)]));
        check(6.0, 4.0, &[("length", 2.5), ("b", 1.0)], Some(&[("length", 0.0)]));
        check(7.0, 4.0, &[("length", 2.5), ("b", 1.0)], Some(&[("length", 0.0), ("b", 0.0)]));
    }

    #[test]
    fn what_spoke_for_an_accepted_message_may_have_kept_it_below() {
        check(1.0, 4.0, &[("a", -1.0), ("b", 1.0)], Some(&[("a", 3.0)]));
        check(1.0, 6.0, &[("a", -1.0), ("c", -1.0)], Some(&[("a", 3.0), ("c", 0.5)]));
        check(1.0, 4.0, &[("b", 1.0)], None);
        check(3.0, 4.0, &[("length", -2.0)], None);
    }

    #[test]
    fn what_cannot_be_changed_is_said() {
        check(50.0, 4.0, &[("a", 3.0)], None);
        check(-50.0, 4.0, &[("a", -1.0)], None);
        check(0.0, f32::INFINITY, &[("a", -1.0)], None);
        check(5.0, 4.0, &[("unheard_of", 5.0)], None);
        assert_eq!(smallest_change(5.0, 4.0, &[("a", 5.0)], &[]), None);
    }

    proptest! {
        /// Against every subset of eight inputs: the fewest facts where facts suffice, else a set that can spare none.
        #[test]
        fn no_smaller_set_would_do(
            inputs in prop::collection::vec((-64i32..64, -64i32..1, 0i32..64, any::<bool>()), 1..8),
            base in -64i32..64, threshold in -64i32..64,
        ) {
            let names: Vec<String> = (0..inputs.len()).map(|n| format!("i{n}")).collect();
            let given: Vec<_> = names.iter().zip(&inputs).map(|(n, i)| (n.as_str(), i.0.clamp(i.1, i.2) as f32)).collect();
            let reaches: Vec<_> =
                names.iter().zip(&inputs).map(|(n, i)| reach(n, i.1 as f32, i.2 as f32, i.3)).collect();
            let score = base as f32 + given.iter().map(|(_, points)| points).sum::<f32>();
            let threshold = threshold as f32;
            let falls = score >= threshold;
            let otherwise = |n: usize| match (falls, reaches[n].is_fact) {
                (true, true) => reaches[n].lowest,
                (true, false) => 0.0,
                (false, _) => reaches[n].highest,
            };
            let crosses = |set: u32| {
                let moved: f32 =
                    (0..inputs.len()).filter(|n| set >> n & 1 == 1).map(|n| otherwise(n) - given[n].1).sum();
                (score + moved >= threshold) != falls
            };
            let spoke = |n: &usize| if falls { given[*n].1 > 0.0 } else { given[*n].1 < 0.0 };
            let mask = |set: Vec<usize>| set.iter().fold(0u32, |mask, n| mask | 1 << n);
            let facts = mask((0..inputs.len()).filter(|n| spoke(n) && reaches[*n].is_fact).collect());
            let usable = if falls { mask((0..inputs.len()).filter(spoke).collect()) } else { facts };
            let found = smallest_change(score, threshold, &given, &reaches).map(|changes| {
                mask(changes.iter().map(|c| names.iter().position(|name| *name == c.name).expect("one of them")).collect())
            });
            prop_assert_eq!(found.is_some(), crosses(usable));
            let Some(found) = found else { return Ok(()) };
            prop_assert!(crosses(found) && found & !usable == 0);
            if crosses(facts) {
                let fewest = (1..=facts).filter(|set| set & !facts == 0 && crosses(*set)).map(u32::count_ones).min();
                prop_assert_eq!((Some(found.count_ones()), found & !facts), (fewest, 0));
            }
            for n in (0..inputs.len()).filter(|n| found >> n & 1 == 1) {
                prop_assert!(!crosses(found & !(1 << n)), "{n} can be spared");
            }
        }
    }
}

//! The smallest set of facts that would have changed a verdict.

/// What one input can give to a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    /// The input's name.
    pub name: String,
    /// What it gives at least, in log-odds, whatever its value.
    pub lowest: f32,
    /// What it gives at most.
    pub highest: f32,
}

/// One fact that would have to be otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The input's name.
    pub name: String,
    /// What it gave, in log-odds.
    pub given: f32,
    /// What it would have to give at the most (or least): the end of its range.
    pub otherwise: f32,
}

impl Change {
    fn gain(&self) -> f32 {
        (self.given - self.otherwise).abs()
    }
}

/// The fewest inputs that together carry `score` across `threshold`: below it where the score reached it, up to it
/// where it did not. `given` are the contributions of the decision (an input that is not among them gave 0), `reaches`
/// the range of every input of the model. `None` where even all inputs together cannot; empty never.
///
/// Exact for an additive model, whose inputs move the score independently: the largest gains first are the fewest. The
/// threshold is taken as it was; a change that makes another category the strongest may bring that one's into play.
pub fn smallest_change(score: f32, threshold: f32, given: &[(&str, f32)], reaches: &[Reach]) -> Option<Vec<Change>> {
    let falls = score >= threshold;
    let of = |name: &str| given.iter().find(|(known, _)| *known == name).map_or(0.0, |(_, points)| *points);
    let mut changes: Vec<Change> = reaches
        .iter()
        .map(|reach| {
            let otherwise = if falls { reach.lowest } else { reach.highest };
            Change { name: reach.name.clone(), given: of(&reach.name), otherwise }
        })
        .filter(|change| if falls { change.otherwise < change.given } else { change.otherwise > change.given })
        .collect();
    changes.sort_by(|a, b| b.gain().total_cmp(&a.gain()).then_with(|| a.name.cmp(&b.name)));
    let mut carried = score;
    let crossed = changes.iter().position(|change| {
        carried += change.otherwise - change.given;
        if falls { carried < threshold } else { carried >= threshold }
    })?;
    changes.truncate(crossed + 1);
    Some(changes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reach(name: &str, lowest: f32, highest: f32) -> Reach {
        Reach { name: name.into(), lowest, highest }
    }

    fn check(score: f32, threshold: f32, given: &[(&str, f32)], expected: Option<&[&str]>) {
        let reaches = [reach("a", -1.0, 3.0), reach("b", -2.0, 2.0), reach("c", -4.0, 0.5), reach("d", 0.0, 0.0)];
        let found = smallest_change(score, threshold, given, &reaches);
        let names = found.as_ref().map(|changes| changes.iter().map(|c| c.name.as_str()).collect::<Vec<_>>());
        assert_eq!(names.as_deref(), expected);
    }

    #[test]
    fn the_fewest_facts_bring_a_score_below_its_threshold() {
        check(5.0, 4.0, &[("a", 3.0), ("b", 2.0)], Some(&["a"]));
        // Exactly the threshold still reaches it, so that a gain of 4 is not enough to lose 4.
        check(8.0, 4.0, &[("a", 3.0), ("b", 1.0)], Some(&["a", "c"]));
        check(8.0, 1.5, &[("a", 3.0), ("b", 2.0)], Some(&["a", "b"]));
    }

    #[test]
    fn an_input_that_gave_nothing_may_be_among_them() {
        check(5.0, 4.0, &[], Some(&["c"]));
    }

    #[test]
    fn a_score_below_may_rise_to_it() {
        check(1.0, 4.0, &[("a", 0.0)], Some(&["a"]));
        check(1.0, 4.5, &[("a", 0.0)], Some(&["a", "b"]));
    }

    #[test]
    fn what_cannot_be_changed_is_said() {
        check(50.0, 4.0, &[("a", 3.0)], None);
        check(-50.0, 4.0, &[], None);
        assert_eq!(smallest_change(5.0, 4.0, &[("a", 5.0)], &[]), None);
        check(-50.0, f32::INFINITY, &[], None);
    }

    proptest! {
        /// Against every subset of eight inputs.
        #[test]
        fn no_smaller_set_would_do(
            inputs in prop::collection::vec((-64i32..64, -64i32..1, 0i32..64), 1..8),
            base in -64i32..64, threshold in -64i32..64,
        ) {
            let names: Vec<String> = (0..inputs.len()).map(|n| format!("i{n}")).collect();
            let given: Vec<_> = names.iter().zip(&inputs).map(|(n, i)| (n.as_str(), i.0.clamp(i.1, i.2) as f32)).collect();
            let reaches: Vec<_> = names.iter().zip(&inputs).map(|(n, i)| reach(n, i.1 as f32, i.2 as f32)).collect();
            let score = base as f32 + given.iter().map(|(_, points)| points).sum::<f32>();
            let threshold = threshold as f32;
            let falls = score >= threshold;
            let crosses = |set: u32| {
                let moved: f32 = (0..inputs.len()).filter(|n| set >> n & 1 == 1).map(|n| {
                    if falls { reaches[n].lowest - given[n].1 } else { reaches[n].highest - given[n].1 }
                }).sum();
                (score + moved >= threshold) != falls
            };
            let fewest = (1..1u32 << inputs.len()).filter(|set| crosses(*set)).map(u32::count_ones).min();
            let found = smallest_change(score, threshold, &given, &reaches);
            prop_assert_eq!(found.map(|changes| changes.len() as u32), fewest);
        }
    }
}

//! What tells sources apart instead of attacks from ordinary mail: such an input looks brilliant and is worthless.

use serde::{Deserialize, Serialize};

use super::examples::{Examples, Input};
use super::rank::{area, ranks};

/// How well scores and inputs tell one source from the others *of the same label*. 0.5 is by a coin, 1 is always.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Leaks {
    /// For each source, how well the score tells it; the worst first.
    pub scores: Vec<SourceLeak>,
    /// For each input, how well it tells labels and the source that it tells best; what leaks most first.
    pub inputs: Vec<InputLeak>,
}

/// How well something tells a source from the other sources of its label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceLeak {
    /// Name of the source.
    pub source: String,
    /// Of its attacks, or of its ordinary mail.
    pub attack: bool,
    /// Area under the ROC curve, whichever way round is larger.
    pub area: f64,
}

/// What an input tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputLeak {
    /// Name of the input.
    pub input: String,
    /// How well it tells attacks from ordinary mail.
    pub label_area: f64,
    /// How well it tells the source that it tells best.
    pub worst: SourceLeak,
}

/// The fewest messages of a source, and of the others of its label: with fewer, chance alone tells them apart.
const SOURCE_MESSAGES_MIN: usize = 20;

/// A source with enough messages of a label, by places in the list of that label's messages.
struct Part {
    source: u16,
    attack: bool,
}

/// Measures the leaks of these rows and their scores. A missing value ranks below all others.
pub fn leaks(examples: &Examples, rows: &[u32], scores: &[f32]) -> Leaks {
    let labels = examples.labels();
    let is_attack = |place: usize| labels[rows[place] as usize].attack;
    let kinds = [false, true]
        .map(|attack| -> Vec<usize> { (0..rows.len()).filter(|place| is_attack(*place) == attack).collect() });
    let parts = parts(examples, rows, &kinds);
    let folded = |area: Option<f64>| area.map_or(0.5, |area| f64::max(area, 1.0 - area));
    // One sort a label serves all its sources.
    let told = |values: &[f32]| -> Vec<SourceLeak> {
        let by_kind = [false, true]
            .map(|attack| ranks(&kinds[usize::from(attack)].iter().map(|place| values[*place]).collect::<Vec<_>>()));
        let leak = |part: &Part| {
            let kind = &kinds[usize::from(part.attack)];
            let is_from = |place: usize| labels[rows[kind[place]] as usize].source == part.source;
            SourceLeak {
                source: examples.sources()[usize::from(part.source)].clone(),
                attack: part.attack,
                area: folded(area(&by_kind[usize::from(part.attack)], is_from)),
            }
        };
        let mut leaks: Vec<_> = parts.iter().map(leak).collect();
        leaks.sort_by(|a, b| b.area.total_cmp(&a.area));
        leaks
    };
    let input = |(place, input): (usize, &Input)| {
        let column = examples.column(place);
        let values: Vec<f32> = rows.iter().map(|row| column[*row as usize]).collect();
        let worst = told(&values).into_iter().next()?;
        Some(InputLeak { input: input.name.clone(), label_area: folded(area(&ranks(&values), is_attack)), worst })
    };
    let mut inputs: Vec<_> = examples.inputs().iter().enumerate().filter_map(input).collect();
    inputs.sort_by(|a, b| (b.worst.area - b.label_area).total_cmp(&(a.worst.area - a.label_area)));
    Leaks { scores: told(scores), inputs }
}

fn parts(examples: &Examples, rows: &[u32], kinds: &[Vec<usize>; 2]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (kind, attack) in kinds.iter().zip([false, true]) {
        let mut counts = vec![0; examples.sources().len()];
        kind.iter().for_each(|place| counts[usize::from(examples.labels()[rows[*place] as usize].source)] += 1);
        for (source, count) in (0..).zip(counts) {
            if count >= SOURCE_MESSAGES_MIN && kind.len() - count >= SOURCE_MESSAGES_MIN {
                parts.push(Part { source, attack });
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals::Risk;
    use crate::training::examples::Label;
    use crate::training::examples::tests::label;

    /// Ham of two sources and attacks of one, `count` each; the input `year` tells the sources of ham, `link` the label.
    fn sample(count: usize) -> Leaks {
        let mut examples = Examples::new(["year", "link"].map(|name| Input::new(name, Risk::Either)));
        let (mut rows, mut scores) = (vec![], vec![]);
        for source in ["old", "new", "bad"] {
            let source = examples.source(source);
            for k in 0..count {
                let attack = source == 2;
                let values = [Some(f32::from(source == 1)), Some(f32::from(attack)).filter(|_| k % 2 == 0)];
                examples.push(&values, Label { source, ..label(attack, 0) }).unwrap();
                rows.push(rows.len() as u32);
                scores.push(f32::from(attack));
            }
        }
        leaks(&examples, &rows, &scores)
    }

    #[test]
    fn an_input_that_tells_sources_stands_first() {
        let leaks = sample(SOURCE_MESSAGES_MIN);
        let year = &leaks.inputs[0];
        assert_eq!((year.input.as_str(), year.worst.area, year.label_area), ("year", 1.0, 0.75));
        let link = &leaks.inputs[1];
        assert_eq!((link.input.as_str(), link.worst.area), ("link", 0.5));
        assert!(link.label_area > 0.6);
    }

    #[test]
    fn a_score_that_tells_labels_only_does_not_leak() {
        let scores = sample(SOURCE_MESSAGES_MIN).scores;
        assert_eq!(scores.iter().map(|leak| leak.area).collect::<Vec<_>>(), [0.5, 0.5]);
        assert!(scores.iter().all(|leak| !leak.attack), "attacks have one source only: nothing to tell");
    }

    #[test]
    fn small_sources_are_not_judged() {
        assert_eq!(sample(SOURCE_MESSAGES_MIN - 1), Leaks::default());
    }
}

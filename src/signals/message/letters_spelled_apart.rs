//! A word is spelled with its letters apart.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a word is spelled with its letters apart",
    "V.i.a.g.r.a and F R E E hide words from a filter. Number of runs of five or more single letters, as ln(1 + \
     n).",
    measure,
)
.of(Category::Spam);

/// Fewer single letters are initials or a list.
const RUN_MIN: usize = 5;

/// Counts runs of single letters, each followed by one separator.
fn spelled_runs(text: &str) -> usize {
    let (mut runs, mut length, mut word, mut gap) = (0, 0, 0_usize, 0_usize);
    for byte in text.bytes().chain([b'\n', b'\n']) {
        if byte.is_ascii_alphabetic() {
            // A wider gap or a longer word ends the run.
            if gap > 1 || word >= 1 {
                runs += usize::from(length >= RUN_MIN);
                length = 0;
            }
            (word, gap) = (word + 1, 0);
        } else {
            length += usize::from(word == 1);
            (word, gap) = (0, gap + 1);
        }
    }
    runs + usize::from(length >= RUN_MIN)
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(spelled_runs(evidence.wording()) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn spelled_words_are_seen() {
        check(module_path!(), mail().text("get v-i-a-g-r-a and f r e e s here"), Some(1.0986));
        check(module_path!(), mail().text("a b c d"), Some(0.0));
        check(module_path!(), mail().text("J. R. R. T. of the U.S.A."), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

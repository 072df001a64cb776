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

/// Counts runs of single letters, each one separator away from the one before.
fn spelled_runs(text: &[u8]) -> usize {
    let letter = |i: usize| text.get(i).is_some_and(u8::is_ascii_alphabetic);
    let single = |i: usize| letter(i) && !letter(i + 1) && (i == 0 || !letter(i - 1));
    let (mut runs, mut at) = (0, 0);
    while at < text.len() {
        // Five letters with their separators span nine bytes, so one of any eight places in a row lies within them.
        let within = if single(at) { at } else { at + 1 };
        if !single(within) {
            at += 8;
            continue;
        }
        let (mut first, mut last) = (within, within);
        while first >= 2 && single(first - 2) {
            first -= 2;
        }
        while single(last + 2) {
            last += 2;
        }
        runs += usize::from(last - first >= 2 * (RUN_MIN - 1));
        at = (at + 8).max(last + 2);
    }
    runs
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(spelled_runs(evidence.wording().as_bytes()) as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn spelled_words_are_seen() {
        check(module_path!(), mail().text("get v-i-a-g-r-a or f r e e s here"), Some(1.0986));
        check(module_path!(), mail().text("free: f r e e s"), Some(0.693));
        check(module_path!(), mail().text("a b c d"), Some(0.0));
        check(module_path!(), mail().text("J. R. R. T. of the U.S.A."), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

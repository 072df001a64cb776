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

/// Counts runs of single letters, each one separator away from the one before.
fn spelled_runs(text: &[u8]) -> usize {
    // One bit for each of the last bytes, 1 for a letter: five single letters are every other bit.
    let (mut last, mut runs, mut quiet) = (0_u16, 0, 2_u8);
    for byte in text {
        last = last << 1 | u16::from(byte.is_ascii_alphabetic());
        // The next letter of the same run comes two bytes later.
        let found = last & 0b111_1111_1111 == 0b010_1010_1010;
        runs += usize::from(found && quiet >= 2);
        quiet = if found { 0 } else { quiet.saturating_add(1) };
    }
    // The end of the text ends a run as a separator does.
    runs + usize::from(quiet >= 1 && (last << 1) & 0b111_1111_1111 == 0b010_1010_1010)
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

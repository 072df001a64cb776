//! The mean length of words.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::either(
    "of how long the words are",
    "Random and encoded text has longer words than language. Letters per word; unknown with fewer than 10 \
     words.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.lettering();
    (counts.words >= 10).then(|| counts.letters as f32 / counts.words as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_length_is_a_mean() {
        check(module_path!(), mail().text(&"abc abcde ".repeat(10)), Some(4.0));
        check(module_path!(), mail().text("abc"), None);
    }
}

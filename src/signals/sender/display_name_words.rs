//! The number of words in the author's name.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, count};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many words the author's name has",
    "People have two or three; advertising writes a sentence there. Runs of letters.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    count(evidence.name_lettering().words)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn words_are_counted() {
        check(module_path!(), mail(), Some(2.0));
        check(module_path!(), mail().from("Your Jump Starter Is Ready", "a@other.example"), Some(5.0));
        check(module_path!(), mail().from("", "a@other.example"), Some(0.0));
    }
}

//! The share of digits in the text.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::either(
    "of how many digits the text has",
    "Price lists, codes and reports have many digits, letters few. 0 to 1; unknown with fewer than 40 \
     characters.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let counts = evidence.lettering();
    (counts.shown >= 40).then(|| counts.digits as f32 / counts.shown as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn digits_are_a_share() {
        check(module_path!(), mail().text(&"ab12".repeat(20)), Some(0.5));
        check(module_path!(), mail().text("12"), None);
    }
}

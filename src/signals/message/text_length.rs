//! The length of the shown text.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::either(
    "of how much text there is",
    "Probing and malware messages are very short, advance-fee letters long. Characters without white space, as \
     ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    log(evidence.lettering().shown as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn white_space_does_not_count() {
        check(module_path!(), mail().text("H i\n"), Some(1.0986));
        check(module_path!(), mail().text(""), Some(0.0));
    }
}

//! There is no text.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "there is no text",
    "For messages that consist of a file or a picture. 1 where nothing but white space is shown, else 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.lettering().shown == 0)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn blanks_are_no_text() {
        check(module_path!(), mail().text(" \n "), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}

//! The author has no display name.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::either(
    "the author has no name",
    "People's mail programs write one; scripts often do not. 1 or 0.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    fact(evidence.message.author_name().trim().is_empty())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn blanks_are_no_name() {
        check(module_path!(), mail().from(" ", "anna@partner.example"), Some(1.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
